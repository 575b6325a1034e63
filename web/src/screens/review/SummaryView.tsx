/** The night in numbers, as the review counted them from the journal. */
import { useTranslation } from "react-i18next";

import { amount, record, type Raw } from "../../api/raw";
import { useLang } from "../../app/preferences";
import { GRADES } from "../../parts/grades";
import { GradeTag } from "../../parts/GradeTag";
import { number } from "../../parts/names";
import { Panel } from "../../parts/Panel";
import { duration } from "../../parts/time";

const LEADS = ["observation_to_alarm", "alarm_to_draft", "draft_to_issue", "activation_to_first_task", "activation_to_first_acceptance"] as const;

/** Returns a duration given in seconds, or a dash. */
export const seconds = (value: unknown): string => {
  const s = amount(value);
  return s === null ? "–" : duration(s * 1000);
};

function Tile({ label, value, note, late = false }: { label: string; value: string; note?: React.ReactNode; late?: boolean }) {
  return (
    <div className={late ? "figure figure-late" : "figure"}>
      <span className="figure-label">{label}</span>
      <span className="figure-value">{value}</span>
      {note && <span className="figure-note">{note}</span>}
    </div>
  );
}

export function SummaryView({ summary }: { summary: Raw }) {
  const { t } = useTranslation();
  const lang = useLang();
  const n = (value: unknown): string => number(amount(value), lang);
  const alarms = record(summary.alarms);
  const tasks = record(summary.tasks);
  const people = record(summary.people);
  const needs = record(summary.needs);
  const reports = record(summary.reports);
  const leads = record(summary.lead_times);
  const issued = amount(record(summary.warnings).issued) ?? 0;
  const late = (amount(tasks.closed_late) ?? 0) + (amount(tasks.overdue) ?? 0);
  const byGrade = record(alarms.by_grade);
  return (
    <>
      <div className="figures figures-wide">
        <Tile label={t("review.alarms")} value={n(alarms.opened)} note={<span className="marks">{GRADES.filter((g) => amount(byGrade[g])).map((g) => <span key={g}><GradeTag grade={g} short /> {n(byGrade[g])}</span>)}</span>} />
        <Tile label={t("review.warnings")} value={n(Object.values(record(summary.warnings)).reduce<number>((sum, v) => sum + (amount(v) ?? 0), 0))} note={t("review.in_force", { count: issued })} />
        <Tile label={t("review.tasks")} value={n(tasks.opened)} note={t("review.on_time", { count: amount(tasks.closed_on_time) ?? 0 })} />
        <Tile label={t("review.tasks_late")} value={n(late)} late={late > 0} note={t("review.escalated", { count: amount(tasks.escalated) ?? 0 })} />
        <Tile label={t("review.people")} value={n(people.at_risk_best)} note={`${n(people.at_risk_low)}–${n(people.at_risk_high)}`} />
        <Tile label={t("review.sheltered")} value={n(people.sheltered)} />
        <Tile label={t("review.needs")} value={n(needs.open)} note={t("review.estimated", { count: amount(needs.estimated) ?? 0 })} late={(amount(needs.open) ?? 0) > 0} />
        <Tile label={t("review.reports")} value={n(reports.drafted)} note={t("review.on_time", { count: amount(reports.sent_on_time) ?? 0 })} />
      </div>
      <Panel title={t("review.leads")}>
        <table className="plain">
          <thead>
            <tr>
              <th scope="col">{t("review.step")}</th>
              <th scope="col">{t("review.count")}</th>
              <th scope="col">{t("review.p50")}</th>
              <th scope="col">{t("review.p90")}</th>
              <th scope="col">{t("review.max")}</th>
            </tr>
          </thead>
          <tbody>
            {LEADS.map((key) => {
              const lead = record(leads[key]);
              return (
                <tr key={key}>
                  <th scope="row">{t(`review.lead.${key}`)}</th>
                  <td className="num">{n(lead.count)}</td>
                  <td className="num">{seconds(lead.p50_s)}</td>
                  <td className="num">{seconds(lead.p90_s)}</td>
                  <td className="num">{seconds(lead.max_s)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </Panel>
    </>
  );
}
