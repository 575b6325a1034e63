/** 预案: which plans are proposed or in force, and the board of one. */
import { useTranslation } from "react-i18next";
import { useNavigate, useParams } from "react-router";

import { useActivation, useActivations } from "../../api/queries";
import type { ActivationDetail } from "../../api/types";
import { useLang } from "../../app/preferences";
import { ActButton } from "../../parts/ActButton";
import { Facts } from "../../parts/Facts";
import { GradeTag } from "../../parts/GradeTag";
import { name, number } from "../../parts/names";
import { Panel } from "../../parts/Panel";
import { Loaded, Nothing } from "../../parts/States";
import { StateTag } from "../../parts/StateTag";
import { StepList } from "../../parts/StepList";
import { dayTime } from "../../parts/time";
import { useWords } from "../../parts/useWords";
import { ActivationActs, ActivationRow } from "../desks/ActivationRow";
import { inputText } from "../objects/ForecastObject";
import { Board, ProgressBar } from "./Board";

function Run({ detail }: { detail: ActivationDetail }) {
  const { t } = useTranslation();
  const lang = useLang();
  const words = useWords();
  const { activation: run, progress } = detail;
  const facts = Object.entries(run.facts).map(([key, value]): [string, string] => [t(`input.${key}`, { defaultValue: key.replaceAll("_", " ") }), inputText(value)]);
  const n = (value: number): string => number(value, lang);
  return (
    <div className="run">
      <header className="object-head">
        <GradeTag grade={run.grade} />
        <h2>{name(run.names, lang)}</h2>
        <StateTag noun="activation" state={run.state} />
        <span className="mark">{t("plan.level", { level: run.level })}</span>
        <span className="bar-gap" />
        <ActivationActs run={run} />
      </header>
      <div className="run-progress">
        <ProgressBar progress={progress} wide />
        <span>
          {t("plan.progress", { done: n(progress.by_state.closed ?? 0), total: n(progress.total) })}
          {progress.overdue > 0 && <em className="late"> {t("figure.late", { count: progress.overdue })}</em>}
        </span>
      </div>
      <Board detail={detail} />
      <div className="two-columns">
        <Panel title={t("plan.why")}>
          <Facts
            rows={[
              [t("fact.area"), words.area(run.area)],
              [t("plan.proposed"), run.proposed_at && dayTime(run.proposed_at, lang)],
              [t("plan.activated"), run.activated_at && dayTime(run.activated_at, lang)],
              [t("why.reason"), run.reason],
              ...facts,
              [t("forecast.towns"), run.towns.map((town) => words.area(town.area)).join(lang === "zh" ? "、" : ", ")],
            ]}
          />
        </Panel>
        <Panel title={t("object.history")}>
          <StepList steps={detail.history} noun="plan" />
        </Panel>
      </div>
    </div>
  );
}

export default function PlansScreen() {
  const { t } = useTranslation();
  const go = useNavigate();
  const { id } = useParams();
  const list = useActivations();
  const chosen = id ?? list.data?.find((run) => run.state === "active")?.id ?? list.data?.[0]?.id ?? null;
  const detail = useActivation(chosen);
  return (
    <div className="page">
      <header className="screen-head">
        <h1>{t("nav.plans")}</h1>
        <ActButton verb="plan.propose" args={{}} ask={["plan", "level", "reason"]} onDone={({ subject }) => void go(`/plans/${subject}`)} />
      </header>
      <Loaded of={list}>
        {(runs) =>
          runs.length === 0 ? (
            <Nothing>{t("plan.none")}</Nothing>
          ) : (
            <>
              {runs.length > 1 && (
                <Panel title={t("plan.runs")} count={runs.length} flush>
                  {runs.map((run) => <ActivationRow key={run.id} run={run} acts={false} />)}
                </Panel>
              )}
              {chosen && <Loaded of={detail}>{(data) => <Run detail={data} />}</Loaded>}
            </>
          )
        }
      </Loaded>
    </div>
  );
}
