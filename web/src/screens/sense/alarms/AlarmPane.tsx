/** One alarm in full: what was measured, why it is an alarm, what it gathers, what was done and said. */
import { Dropdown } from "antd";
import { MoreOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { useAlarm } from "../../../api/queries";
import type { Alarm, AlarmDetail } from "../../../api/types";
import { useLang } from "../../../app/preferences";
import { ActButton } from "../../../parts/ActButton";
import { ActDialog } from "../../../parts/ActDialog";
import { GradeTag } from "../../../parts/GradeTag";
import { name, number } from "../../../parts/names";
import { Loaded } from "../../../parts/States";
import { StateTag } from "../../../parts/StateTag";
import { useMay } from "../../../parts/useMay";
import { useWords } from "../../../parts/useWords";
import type { Suggestions } from "../../../parts/VerbFields";
import { Marks } from "../../../parts/Why";
import { ALARM_ACTS } from "./acts";
import { AlarmAround, AlarmFacts, AlarmHistory, AlarmReason } from "./AlarmParts";
import { AlarmSeries } from "./AlarmSeries";

function Acts({ alarm, suggest }: { alarm: Alarm; suggest: Suggestions }) {
  const { t } = useTranslation();
  const lang = useLang();
  const may = useMay();
  const [rare, setRare] = useState<(typeof ALARM_ACTS)[number] | null>(null);
  const fitting = ALARM_ACTS.filter((act) => may(act.verb) && act.fits(alarm));
  const more = fitting.filter((act) => act.rare);
  const about = name(alarm.name, lang, alarm.subject);
  return (
    <div className="actions">
      {fitting.filter((act) => !act.rare).map(({ verb, ask }, i) => (
        <ActButton key={verb} kind={i === 0 ? "primary" : "default"} verb={verb} args={{ alarm: alarm.id }} ask={ask} about={about} suggest={suggest} />
      ))}
      {more.length > 0 && (
        <Dropdown trigger={["click"]} menu={{ items: more.map((act) => ({ key: act.verb, danger: act.danger ?? false, label: t(`verb.${act.verb}`), onClick: () => setRare(act) })) }}>
          <Button size="small" icon={<MoreOutlined />} aria-label={t("alarm.more_acts")} />
        </Dropdown>
      )}
      {rare && <ActDialog verb={rare.verb} args={{ alarm: alarm.id }} ask={rare.ask} about={about} close={() => setRare(null)} />}
    </div>
  );
}

function Detail({ detail, suggest, onOpen }: { detail: AlarmDetail; suggest: Suggestions; onOpen: (id: string) => void }) {
  const { t } = useTranslation();
  const lang = useLang();
  const words = useWords();
  const { alarm, rule } = detail;
  const called = name(alarm.name, lang, alarm.subject);
  return (
    <article className="object" data-alarm-detail={alarm.id}>
      <header className="object-head">
        <GradeTag grade={alarm.grade} />
        <h2>{alarm.sensor ? <Link to={`/sense/sensors/${encodeURIComponent(alarm.sensor)}`}>{called}</Link> : called}</h2>
        <StateTag noun="alarm" state={alarm.state} />
        {alarm.about === "instrument" && <span className="mark">{t("alarm.about.instrument")}</span>}
        <Marks synthetic={alarm.synthetic ?? null} />
      </header>
      <Acts alarm={alarm} suggest={suggest} />
      <p className="big-value">
        {number(alarm.value, lang, 2)} <small>{alarm.unit === "1" ? "" : words.unit(alarm.unit)}</small>
        <span>
          {words.quantity(alarm.quantity)} · {name(detail.why, lang, alarm.rule)}
        </span>
      </p>
      {alarm.sensor && <AlarmSeries alarm={alarm} series={detail.series} rule={rule} />}
      <AlarmFacts alarm={alarm} onOpen={onOpen} />
      <AlarmReason detail={detail} />
      <AlarmAround detail={detail} onOpen={onOpen} />
      <AlarmHistory history={detail.history} />
    </article>
  );
}

export function AlarmPane({ id, suggest, onOpen }: { id: string; suggest: Suggestions; onOpen: (id: string) => void }) {
  const answer = useAlarm(id);
  return <Loaded of={answer}>{(detail) => <Detail detail={detail} suggest={suggest} onOpen={onOpen} />}</Loaded>;
}
