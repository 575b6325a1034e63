/** What the people at risk need, what is proposed for it, and what nobody can supply. */
import { useTranslation } from "react-i18next";

import { useAllocations, useNeeds } from "../../api/queries";
import type { Allocation, Need } from "../../api/types";
import { useLang } from "../../app/preferences";
import { ActButton } from "../../parts/ActButton";
import { GradeTag } from "../../parts/GradeTag";
import { name, number } from "../../parts/names";
import { Panel } from "../../parts/Panel";
import { Loaded, Nothing } from "../../parts/States";
import { StateTag } from "../../parts/StateTag";
import { dayTime } from "../../parts/time";
import { useWords } from "../../parts/useWords";
import { spread } from "../situation/Figures";
import { AllocationView } from "./AllocationView";

/** Returns the newest allocation of a need that still counts. */
export function allocationOf(need: Need, allocations: Allocation[]): Allocation | undefined {
  return allocations
    .filter((one) => one.need === need.id && one.state !== "superseded")
    .sort((a, b) => b.at.localeCompare(a.at))[0];
}

function NeedCard({ need, allocation }: { need: Need; allocation: Allocation | undefined }) {
  const { t } = useTranslation();
  const lang = useLang();
  const words = useWords();
  const n = (value: number): string => number(value, lang);
  const unmet = new Map(allocation?.unmet.map((line) => [line.item, line.quantity]));
  return (
    <article className="need" data-need={need.id}>
      <header>
        <GradeTag grade={need.grade} short />
        <b>{words.area(need.area)}</b>
        <StateTag noun="need" state={need.state} />
        <small className="num">{dayTime(need.at, lang)}</small>
        <span className="bar-gap" />
        {need.state === "open" && !allocation && <ActButton kind="primary" verb="allocation.propose" args={{ need: need.id }} ask={["bound"]} />}
        {allocation?.state === "proposed" && <ActButton kind="primary" verb="allocation.confirm" args={{ allocation: allocation.id }} />}
      </header>
      <p>{t("supply.need_words", { best: n(need.people.best), range: spread(need.people, n), days: need.days })}</p>
      <ul className="goods">
        {need.items.map((line) => {
          const gap = unmet.get(line.item) ?? 0;
          return (
            <li key={line.item} className={gap > 0 ? "goods-short" : ""}>
              {name(line.names, lang)} <b className="num">{n(line.quantity)}</b> {words.unit(line.unit)}
              {gap > 0 && <em>{t("supply.short", { n: n(gap) })}</em>}
            </li>
          );
        })}
      </ul>
      {allocation && <AllocationView allocation={allocation} />}
    </article>
  );
}

export function NeedsPanel() {
  const { t } = useTranslation();
  const answer = useNeeds();
  const { data: allocations = [] } = useAllocations();
  const current = answer.data?.filter((need) => need.state !== "superseded") ?? [];
  return (
    <Panel title={t("supply.needs")} count={current.length} flush>
      <Loaded of={answer}>
        {() =>
          current.length === 0 ? (
            <Nothing>{t("supply.no_needs")}</Nothing>
          ) : (
            current.map((need) => <NeedCard key={need.id} need={need} allocation={allocationOf(need, allocations)} />)
          )
        }
      </Loaded>
    </Panel>
  );
}
