/** The few numbers of the night, each with a way to what is behind it. */
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";

import { useAlarms, useShelters, useTaskCounts, useWarnings } from "../../api/queries";
import { isOnAir, isPending, needsAcknowledging } from "../../api/readers";
import type { Outlook, Range } from "../../api/types";
import { useLang } from "../../app/preferences";
import type { Picked } from "../../map/CityMap";
import { gravest, type Grade } from "../../parts/grades";
import { GradeTag } from "../../parts/GradeTag";
import { number } from "../../parts/names";
import { Marks } from "../../parts/Why";

interface FigureProps {
  label: string;
  value: string;
  note?: React.ReactNode;
  grade?: Grade | null;
  late?: boolean;
  onClick: () => void;
}

export function Figure({ label, value, note, grade, late = false, onClick }: FigureProps) {
  return (
    <button type="button" className={late ? "figure figure-late" : "figure"} onClick={onClick}>
      <span className="figure-label">{label}</span>
      <span className="figure-value">
        {value} {grade && <GradeTag grade={grade} short />}
      </span>
      {note && <span className="figure-note">{note}</span>}
    </button>
  );
}

/** Returns a range as `best (low–high)`. */
export function spread(range: Range, format: (n: number) => string): string {
  return range.low === range.high ? format(range.best) : `${format(range.low)}–${format(range.high)}`;
}

export function Figures({ outlook, onChoose }: { outlook: Outlook | undefined; onChoose: (picked: Picked) => void }) {
  const { t } = useTranslation();
  const go = useNavigate();
  const n = (value: number): string => number(value, lang);
  const lang = useLang();
  const { data: alarms = [] } = useAlarms();
  const { data: warnings = [] } = useWarnings();
  const { data: tasks = { open: 0, overdue: 0 } } = useTaskCounts();
  const { data: shelters = [] } = useShelters();
  const onAir = warnings.filter(isOnAir);
  const housed = shelters.reduce((sum, one) => sum + one.occupied, 0);
  const seen = alarms.filter(needsAcknowledging).length;
  return (
    <div className="figures">
      <Figure label={t("figure.alarms")} value={n(alarms.length)} grade={gravest(alarms.map((a) => a.grade))} note={t("figure.unseen", { count: seen })} onClick={() => void go("/desks")} />
      <Figure label={t("figure.warnings")} value={n(onAir.length)} grade={gravest(onAir.map((w) => w.grade))} note={t("figure.drafts", { count: warnings.filter(isPending).length })} onClick={() => void go("/warnings")} />
      <Figure
        label={t("figure.people")}
        value={outlook?.people ? n(outlook.people.best) : "–"}
        grade={gravest(outlook?.towns.map((town) => town.grade) ?? [])}
        note={outlook?.people && <>{spread(outlook.people, n)} <Marks maturity={outlook.newest?.maturity ?? null} /></>}
        onClick={() => outlook?.newest && onChoose({ kind: "forecast", id: outlook.newest.id })}
      />
      <Figure label={t("figure.tasks")} value={n(tasks.open)} late={tasks.overdue > 0} note={t("figure.late", { count: tasks.overdue })} onClick={() => void go("/desks")} />
      <Figure label={t("figure.sheltered")} value={n(housed)} note={t("figure.shelters", { count: shelters.filter((s) => s.state === "open").length })} onClick={() => void go("/supply")} />
    </div>
  );
}
