/** An alarm: what was measured, which rule found it, who says so, and what was done about it. */
import { useTranslation } from "react-i18next";

import { useAlarm } from "../../api/queries";
import { needsAcknowledging } from "../../api/readers";
import type { AlarmDetail } from "../../api/types";
import { useLang } from "../../app/preferences";
import { SeriesChart } from "../../charts/SeriesChart";
import { ActButton } from "../../parts/ActButton";
import { Facts } from "../../parts/Facts";
import { isGrade, NUMERAL } from "../../parts/grades";
import { GradeTag } from "../../parts/GradeTag";
import { name, number } from "../../parts/names";
import { Loaded } from "../../parts/States";
import { StateTag } from "../../parts/StateTag";
import { dayTime } from "../../parts/time";
import { useWords } from "../../parts/useWords";
import { Marks, Why } from "../../parts/Why";
import type { ObjectProps } from "./ObjectDetail";

const SIGNS: Record<string, string> = { ">=": "≥", "<=": "≤" };

function AlarmView({ detail }: { detail: AlarmDetail }) {
  const { t } = useTranslation();
  const lang = useLang();
  const words = useWords();
  const { alarm, rule, why, history, series } = detail;
  const unit = words.unit(alarm.unit);
  const levels = rule?.grades.flatMap(({ grade, value }) => (isGrade(grade) && value !== null ? [`${NUMERAL[grade]} ${SIGNS[rule.op] ?? rule.op} ${value}`] : []));
  return (
    <article className="object">
      <header className="object-head">
        <GradeTag grade={alarm.grade} />
        <h2>{name(alarm.name, lang)}</h2>
        <StateTag noun="alarm" state={alarm.state} />
        <Marks synthetic={alarm.synthetic ?? null} />
      </header>
      <p className="big-value">
        {number(alarm.value, lang, 2)} <small>{unit}</small>
        <span>{words.quantity(alarm.quantity)}</span>
      </p>
      <SeriesChart series={series} levels={rule?.grades ?? []} />
      <div className="actions">
        {needsAcknowledging(alarm) && <ActButton kind="primary" verb="alarm.acknowledge" args={{ alarm: alarm.id }} ask={["note"]} />}
        {alarm.open && <ActButton verb="alarm.shelve" args={{ alarm: alarm.id }} ask={["note", "reason"]} />}
      </div>
      <Facts
        rows={[
          [t("fact.area"), words.area(alarm.area)],
          [t("fact.opened"), dayTime(alarm.opened_at, lang)],
          [t("fact.worst"), <GradeTag key="w" grade={alarm.worst} />],
          [t("fact.acknowledged"), alarm.acknowledged_by],
          [t("fact.sensor"), <code key="s">{alarm.subject}</code>],
        ]}
      />
      <Why
        rows={[
          [t("why.rule"), name(why, lang, alarm.rule)],
          [t("why.threshold"), alarm.threshold === null ? null : `${alarm.threshold} ${unit}`],
          [t("why.levels"), levels?.join(" · ")],
          [t("why.hold"), rule?.hold_s ? t("unit.minutes", { n: rule.hold_s / 60 }) : null],
        ]}
        source={rule?.source ?? null}
        confidence={rule?.confidence ?? null}
      />
      <section>
        <h4>{t("object.history")}</h4>
        <ol className="steps">
          {history.map((line) => (
            <li key={line.seq}>
              <time className="num">{dayTime(line.at, lang)}</time> {t(`state.alarm.${line.state}`, { defaultValue: line.state })}
              <small> {line.by} {line.note}</small>
            </li>
          ))}
        </ol>
      </section>
    </article>
  );
}

export function AlarmObject({ id }: ObjectProps) {
  const answer = useAlarm(id);
  return <Loaded of={answer}>{(detail) => <AlarmView detail={detail} />}</Loaded>;
}
