/** A task, or the open tasks of an area. */
import { useTranslation } from "react-i18next";

import { useTask, useTasks } from "../../api/queries";
import { useLang } from "../../app/preferences";
import { Facts } from "../../parts/Facts";
import { name } from "../../parts/names";
import { Loaded } from "../../parts/States";
import { dayTime } from "../../parts/time";
import { useWords } from "../../parts/useWords";
import { TaskRow } from "../desks/TaskRow";
import type { ObjectProps } from "./ObjectDetail";

export function TaskObject({ id }: ObjectProps) {
  const { t } = useTranslation();
  const lang = useLang();
  const words = useWords();
  const answer = useTask(id);
  return (
    <Loaded of={answer}>
      {({ task, history }) => (
        <article className="object">
          <header className="object-head">
            <h2>{name(task.title, lang)}</h2>
          </header>
          <TaskRow task={task} />
          <Facts
            rows={[
              [t("fact.detail"), task.detail],
              [t("fact.evidence"), task.evidence],
              [t("fact.desk"), `${words.role(task.desk_role)} · ${words.area(task.desk_area)}`],
              [t("fact.opened"), task.opened_at && dayTime(task.opened_at, lang)],
              [t("fact.submitted"), task.submitted_at && dayTime(task.submitted_at, lang)],
              [t("fact.escalated"), task.escalations > 0 && t("unit.times", { n: task.escalations })],
              [t("fact.origin"), <code key="o">{task.source}</code>],
              [t("fact.waits_for"), task.waits_for.join(", ")],
            ]}
          />
          <section>
            <h4>{t("object.history")}</h4>
            <ol className="steps">
              {history.map((step) => (
                <li key={`${step.seq}${step.verb}${step.state}`}>
                  <time className="num">{dayTime(step.at, lang)}</time> {t(`verb.${step.verb}`, { defaultValue: step.verb })}
                  <small> {step.by} {step.note}</small>
                </li>
              ))}
            </ol>
          </section>
        </article>
      )}
    </Loaded>
  );
}

export function AreaTasksObject({ id, onChoose }: ObjectProps) {
  const words = useWords();
  const answer = useTasks({ open: true, area: id });
  return (
    <article className="object">
      <header className="object-head">
        <h2>{words.area(id)}</h2>
      </header>
      <Loaded of={answer}>
        {(tasks) => tasks.map((task) => <TaskRow key={task.id} task={task} onOpen={() => onChoose({ kind: "task", id: task.id })} />)}
      </Loaded>
    </article>
  );
}
