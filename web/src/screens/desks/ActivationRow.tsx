/** A proposal to activate a plan, or to raise one, which waits for the commander. */
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import type { Activation } from "../../api/types";
import { useLang } from "../../app/preferences";
import { ActButton } from "../../parts/ActButton";
import { GradeTag } from "../../parts/GradeTag";
import { name } from "../../parts/names";
import { StateTag } from "../../parts/StateTag";
import { useWords } from "../../parts/useWords";

export function ActivationActs({ run }: { run: Activation }) {
  const args = { activation: run.id };
  if (run.state === "proposed") {
    return (
      <>
        <ActButton kind="primary" verb="plan.activate" args={args} ask={["level", "reason"]} about={run.reason} />
        <ActButton danger verb="plan.decline" args={args} about={run.reason} />
      </>
    );
  }
  if (run.state !== "active") return null;
  return (
    <>
      {run.wanted && <ActButton kind="primary" verb="plan.level" args={{ ...args, level: run.wanted }} ask={["reason"]} />}
      {!run.wanted && <ActButton verb="plan.level" args={args} ask={["reason"]} />}
      <ActButton danger verb="plan.end" args={args} />
    </>
  );
}

export function ActivationRow({ run, acts = true }: { run: Activation; acts?: boolean }) {
  const { t } = useTranslation();
  const lang = useLang();
  const words = useWords();
  return (
    <div className="todo" data-activation={run.id}>
      <div className="todo-main">
        <div className="todo-title">
          <GradeTag grade={run.grade} short />
          <Link to={`/plans/${run.id}`}>{name(run.names, lang)}</Link>
        </div>
        <div className="todo-sub">
          <StateTag noun="activation" state={run.state} />
          <span>
            {words.area(run.area)} · {t("plan.level", { level: run.level })}
            {run.wanted && ` → ${run.wanted}`}
          </span>
          {run.reason && <span className="todo-reason">{run.reason}</span>}
        </div>
      </div>
      <div className="todo-acts">{acts && <ActivationActs run={run} />}</div>
    </div>
  );
}
