/** The alarms of one sensor, those of its health apart. */
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import type { Alarm } from "../../../api/types";
import { useLang } from "../../../app/preferences";
import { GradeTag } from "../../../parts/GradeTag";
import { number } from "../../../parts/names";
import { Panel } from "../../../parts/Panel";
import { Nothing } from "../../../parts/States";
import { StateTag } from "../../../parts/StateTag";
import { dayTime } from "../../../parts/time";
import { useWords } from "../../../parts/useWords";

function Row({ alarm }: { alarm: Alarm }) {
  const lang = useLang();
  const words = useWords();
  return (
    <li>
      <Link className="row" to={`/sense/alarms/${alarm.id}`}>
        <GradeTag grade={alarm.worst} short />
        <span className="row-main">
          {words.rule(alarm.rule)} <StateTag noun="alarm" state={alarm.state} />
          <small className="num why-small">
            {dayTime(alarm.opened_at, lang)}
            {alarm.returned_at && ` – ${dayTime(alarm.returned_at, lang)}`}
          </small>
        </span>
        <span className="row-side num">
          {number(alarm.value, lang, 2)} {words.unit(alarm.unit)}
        </span>
      </Link>
    </li>
  );
}

export function SensorAlarms({ title, alarms, nothing }: { title: string; alarms: Alarm[]; nothing: string }) {
  return (
    <Panel title={title} count={alarms.length} flush>
      {alarms.length === 0 ? (
        <Nothing>{nothing}</Nothing>
      ) : (
        <ul className="rows sensor-alarms">
          {alarms.map((alarm) => (
            <Row key={alarm.id} alarm={alarm} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

export function useAlarmWords() {
  const { t } = useTranslation();
  return { alarms: t("sense.alarms_here"), noAlarms: t("sense.no_alarms_here"), health: t("sense.health"), healthy: t("sense.healthy") };
}
