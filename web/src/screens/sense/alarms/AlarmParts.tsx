/** The parts of an alarm's page: facts, reason, what is around it, history. */
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import type { Alarm, AlarmDetail, HistoryLine } from "../../../api/types";
import { useLang } from "../../../app/preferences";
import { By } from "../../../parts/By";
import { Facts } from "../../../parts/Facts";
import { GradeTag } from "../../../parts/GradeTag";
import { name, number } from "../../../parts/names";
import { StateTag } from "../../../parts/StateTag";
import { dayTime, shortTime } from "../../../parts/time";
import { useWords } from "../../../parts/useWords";
import { Why } from "../../../parts/Why";
import { levelTexts, levelUnit } from "../rules/levels";
import { distance } from "../sensor/Neighbours";
import { span } from "../words";

export function AlarmFacts({ alarm, onOpen }: { alarm: Alarm; onOpen: (id: string) => void }) {
  const { t } = useTranslation();
  const lang = useLang();
  const words = useWords();
  const { cause } = alarm;
  return (
    <Facts
      rows={[
        [t("fact.area"), words.area(alarm.area)],
        [t("fact.opened"), dayTime(alarm.opened_at, lang)],
        [t("alarm.returned"), alarm.returned_at && dayTime(alarm.returned_at, lang)],
        [t("fact.worst"), <GradeTag key="w" grade={alarm.worst} />],
        [t("fact.acknowledged"), alarm.acknowledged_by && <By actor={alarm.acknowledged_by} />],
        [t("alarm.assigned"), alarm.assigned_to && <By actor={alarm.assigned_to} />],
        [t("alarm.shelved_until"), alarm.shelved_until && dayTime(alarm.shelved_until, lang)],
        [t("alarm.incidents"), alarm.incidents.join(" ")],
        [t("alarm.cause"), cause && <button type="button" className="link" onClick={() => onOpen(cause)}>{cause}</button>],
        [t(`alarm.subjects.${alarm.subject_kind}`, { defaultValue: alarm.subject_kind }), <code key="s">{alarm.subject}</code>],
      ]}
    />
  );
}

export function AlarmReason({ detail: { alarm, rule, why } }: { detail: AlarmDetail }) {
  const { t } = useTranslation();
  const lang = useLang();
  const words = useWords();
  const unit = rule ? levelUnit(rule, words.unit, t) : "";
  return (
    <Why
      rows={[
        [t("why.rule"), rule ? <Link to={`/sense/rules/${rule.id}`}>{name(why, lang, alarm.rule)}</Link> : name(why, lang, alarm.rule)],
        [t("why.threshold"), alarm.threshold === null ? null : `${number(alarm.threshold, lang, 3)} ${unit}`],
        [t("why.levels"), rule && `${levelTexts(rule).join(" · ")} ${unit}`],
        [t("why.hold"), rule?.hold_s ? span(rule.hold_s, t) : null],
        [t("rule.terms"), rule && rule.terms.map((term) => words.rule(term.rule)).join(t(`rule.mode.${rule.mode}`))],
      ]}
      source={rule?.source ?? null}
      confidence={rule?.confidence ?? null}
    />
  );
}

/** The alarms that this one gathers, and what the sensors around say. */
export function AlarmAround({ detail, onOpen }: { detail: AlarmDetail; onOpen: (id: string) => void }) {
  const { t } = useTranslation();
  const lang = useLang();
  const words = useWords();
  const unit = words.unit(detail.alarm.unit);
  return (
    <>
      {detail.members.length > 0 && (
        <section>
          <h4>{t("alarm.members", { count: detail.members.length })}</h4>
          <ul className="rows boxed">
            {detail.members.map((member) => (
              <li key={member.id}>
                <button type="button" className="row" onClick={() => onOpen(member.id)}>
                  <GradeTag grade={member.grade} short />
                  <span className="row-main">{name(member.name, lang, member.subject)}</span>
                  <span className="row-side num">{number(member.value, lang, 2)}</span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
      {detail.neighbours.length > 0 && (
        <section>
          <h4>{t("sense.neighbours")}</h4>
          <ul className="rows boxed">
            {detail.neighbours.map((one) => (
              <li key={one.id}>
                <Link className="row" to={`/sense/sensors/${encodeURIComponent(one.id)}`}>
                  <span className="row-main">
                    {name(one.name, lang, one.id)} <small className="num">{distance(one.distance_m)}</small>
                  </span>
                  <span className="row-side num">
                    {number(one.value, lang, 2)} {unit} {one.at && <small>{shortTime(one.at, lang)}</small>}
                  </span>
                </Link>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

const GRADING = new Set(["open", "raise", "ease"]);
const STILL = new Set(["comment", "assign", "relate"]);

export function AlarmHistory({ history }: { history: HistoryLine[] }) {
  const { t } = useTranslation();
  const lang = useLang();
  return (
    <section>
      <h4>{t("object.history")}</h4>
      <ol className="steps">
        {history.map((line) => (
          <li key={`${line.seq}${line.event}`} className={line.event === "comment" ? "step-said" : ""}>
            <time className="num">{dayTime(line.at, lang)}</time> <b>{t(`alarm.events.${line.event}`, { defaultValue: line.event })}</b>{" "}
            {!STILL.has(line.event) && <StateTag noun="alarm" state={line.state} />} {GRADING.has(line.event) && <GradeTag grade={line.grade} short />}
            <small> <By actor={line.by} /></small>
            {line.note && <p>{line.note}</p>}
          </li>
        ))}
      </ol>
    </section>
  );
}
