/** What the marks mean, how many there are of each, and with a click only those. */
import { useTranslation } from "react-i18next";

import { useLang } from "../../../app/preferences";
import { GRADES } from "../../../parts/grades";
import { GradeTag } from "../../../parts/GradeTag";
import { number } from "../../../parts/names";
import type { SensorFilter, Tally } from "./filter";

interface ChipProps {
  on: boolean;
  count: number;
  onClick: () => void;
  children: React.ReactNode;
}

function Chip({ on, count, onClick, children }: ChipProps) {
  const lang = useLang();
  return (
    <button type="button" className={on ? "chip chip-on" : "chip"} aria-pressed={on} disabled={count === 0 && !on} onClick={onClick}>
      {children} <b className="num">{number(count, lang)}</b>
    </button>
  );
}

const MARKS: Record<string, string> = { normal: "●", ok: "●", good: "●", stale: "○", silent: "○", alarm: "◆" };

interface Props {
  tally: Tally;
  filter: SensorFilter;
  toggle: (part: "states" | "grades", names: string[]) => void;
}

export function Legend({ tally, filter, toggle }: Props) {
  const { t } = useTranslation();
  return (
    <div className="sense-legend">
      <div className="chips" role="group" aria-label={t("sense.by_state")}>
        {Object.entries(tally.states).map(([state, count]) => (
          <Chip key={state} on={filter.states.has(state)} count={count} onClick={() => toggle("states", [state])}>
            <i className={`tone tone-${state}`} aria-hidden>{MARKS[state] ?? "□"}</i>
            {t(`sense.state.${state}`, { defaultValue: state })}
          </Chip>
        ))}
      </div>
      <div className="chips" role="group" aria-label={t("sense.by_grade")}>
        {GRADES.map((grade) => (
          <Chip key={grade} on={filter.grades.has(grade)} count={tally.grades[grade] ?? 0} onClick={() => toggle("grades", [grade])}>
            <GradeTag grade={grade} />
          </Chip>
        ))}
      </div>
    </div>
  );
}
