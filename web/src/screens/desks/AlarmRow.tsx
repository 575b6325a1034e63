/** An open alarm at a desk, and the button that says it was seen. */
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";

import { needsAcknowledging } from "../../api/readers";
import type { Alarm } from "../../api/types";
import { useLang } from "../../app/preferences";
import { ActButton } from "../../parts/ActButton";
import { GradeTag } from "../../parts/GradeTag";
import { name, number } from "../../parts/names";
import { StateTag } from "../../parts/StateTag";
import { shortTime } from "../../parts/time";
import { useWords } from "../../parts/useWords";

export function AlarmRow({ alarm }: { alarm: Alarm }) {
  const { t } = useTranslation();
  const lang = useLang();
  const words = useWords();
  const go = useNavigate();
  return (
    <div className="todo" data-alarm={alarm.id}>
      <div className="todo-main">
        <div className="todo-title">
          <GradeTag grade={alarm.grade} short />
          <button type="button" className="link" onClick={() => void go(`/?kind=alarm&id=${alarm.id}`)}>
            {name(alarm.name, lang, alarm.subject)}
          </button>
          <b className="num">
            {number(alarm.value, lang, 2)} {words.unit(alarm.unit)}
          </b>
        </div>
        <div className="todo-sub">
          <StateTag noun="alarm" state={alarm.state} />
          <span>
            {words.quantity(alarm.quantity)} · {words.area(alarm.area)} · {t("alarm.since", { time: shortTime(alarm.opened_at, lang) })}
          </span>
        </div>
      </div>
      <div className="todo-acts">
        {needsAcknowledging(alarm) && <ActButton kind="primary" verb="alarm.acknowledge" args={{ alarm: alarm.id }} ask={["note"]} />}
      </div>
    </div>
  );
}
