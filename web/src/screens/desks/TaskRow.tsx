/** A task at a desk: what, where, by when, and the next step that can be taken. */
import { useTranslation } from "react-i18next";

import type { Task } from "../../api/types";
import { useLang } from "../../app/preferences";
import { ActButton } from "../../parts/ActButton";
import { Due } from "../../parts/Due";
import { GradeTag } from "../../parts/GradeTag";
import { name } from "../../parts/names";
import { StateTag } from "../../parts/StateTag";
import { useWords } from "../../parts/useWords";

/** The steps that may follow each state of a task; the first is the usual one. */
export const STEPS: Record<string, { verb: string; ask: string[]; danger?: boolean }[]> = {
  filed: [{ verb: "task.dispatch", ask: [] }],
  dispatched: [{ verb: "task.accept", ask: ["note"] }],
  handling: [
    { verb: "task.submit", ask: ["note", "text", "evidence"] },
    { verb: "task.progress", ask: ["note"] },
  ],
  verifying: [
    { verb: "task.verify", ask: ["note"] },
    { verb: "task.return", ask: ["reason", "note"], danger: true },
  ],
};

export function TaskRow({ task, onOpen }: { task: Task; onOpen?: () => void }) {
  const { t } = useTranslation();
  const lang = useLang();
  const words = useWords();
  const steps = STEPS[task.state] ?? [];
  const title = name(task.title, lang, task.id);
  const ended = task.state === "closed" || task.state === "cancelled";
  return (
    <div className={task.overdue ? "todo todo-late" : "todo"} data-task={task.id}>
      <div className="todo-main">
        <div className="todo-title">
          {task.grade && <GradeTag grade={task.grade} short />}
          {onOpen ? (
            <button type="button" className="link" onClick={onOpen}>
              {title}
            </button>
          ) : (
            <b>{title}</b>
          )}
        </div>
        <div className="todo-sub">
          <StateTag noun="task" state={task.state} />
          <span>
            {words.area(task.area)} · {words.role(task.role)}
          </span>
          {!ended && <Due due={task.due} />}
          {task.escalations > 0 && <span className="mark">{t("task.escalated")}</span>}
        </div>
      </div>
      <div className="todo-acts">
        {steps.map(({ verb, ask, danger }, i) => (
          <ActButton key={verb} verb={verb} args={{ task: task.id }} ask={ask} kind={i === 0 ? "primary" : "default"} danger={danger ?? false} about={title} />
        ))}
      </div>
    </div>
  );
}
