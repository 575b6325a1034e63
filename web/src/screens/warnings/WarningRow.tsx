/** A warning in a list. */
import { Link } from "react-router";

import type { Warning } from "../../api/types";
import { useLang } from "../../app/preferences";
import { GradeTag } from "../../parts/GradeTag";
import { StateTag } from "../../parts/StateTag";
import { dayTime } from "../../parts/time";
import { useWords } from "../../parts/useWords";

export function headlineOf(warning: Warning, lang: "zh" | "en"): string {
  const words = (lang === "en" ? warning.texts.en : warning.texts.zh) ?? warning.texts.zh ?? warning.texts.en;
  return words?.headline ?? warning.id;
}

export function WarningRow({ warning, acts, chosen = false }: { warning: Warning; acts?: React.ReactNode; chosen?: boolean }) {
  const lang = useLang();
  const words = useWords();
  return (
    <div className={chosen ? "todo todo-chosen" : "todo"} data-warning={warning.id}>
      <div className="todo-main">
        <div className="todo-title">
          <GradeTag grade={warning.grade} short />
          <Link to={`/warnings/${warning.id}`}>{headlineOf(warning, lang)}</Link>
        </div>
        <div className="todo-sub">
          <StateTag noun="warning" state={warning.state} />
          <span>
            {words.eventType(warning.event_type)} · {words.area(warning.area)} · {dayTime(warning.issued ?? warning.drafted, lang)}
          </span>
        </div>
      </div>
      <div className="todo-acts">{acts}</div>
    </div>
  );
}
