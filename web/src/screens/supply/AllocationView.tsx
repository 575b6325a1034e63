/** What goes from where to where under one allocation. */
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useFlows } from "../../api/queries";
import type { Allocation } from "../../api/types";
import { useLang } from "../../app/preferences";
import { name, number } from "../../parts/names";
import { Loaded } from "../../parts/States";
import { StateTag } from "../../parts/StateTag";
import { useWords } from "../../parts/useWords";

const MOST = 40;

export function AllocationView({ allocation }: { allocation: Allocation }) {
  const { t } = useTranslation();
  const lang = useLang();
  const words = useWords();
  const [open, setOpen] = useState(false);
  const answer = useFlows(allocation.id, open);
  const n = (value: number): string => number(value, lang);
  return (
    <details className="allocation" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <StateTag noun="allocation" state={allocation.state} /> {t("supply.allocation_words", { people: n(allocation.people), flows: n(allocation.flows) })}
      </summary>
      {open && (
        <Loaded of={answer}>
          {(flows) => (
            <ul className="flows">
              {flows.slice(0, MOST).map((flow, i) => (
                <li key={i}>
                  {flow.goods ? (
                    <>
                      {name(flow.goods.names, lang)} <b className="num">{n(flow.goods.quantity)}</b> {words.unit(flow.goods.unit)}
                    </>
                  ) : (
                    <b className="num">{t("unit.people", { n: n(flow.people ?? 0) })}</b>
                  )}
                  <span>
                    {name(flow.from, lang)} → {name(flow.to, lang)}
                  </span>
                  {flow.distance_m !== null && <small className="num">{number(flow.distance_m / 1000, lang, 1)} km</small>}
                </li>
              ))}
              {flows.length > MOST && <li>{t("supply.more", { count: flows.length - MOST })}</li>}
            </ul>
          )}
        </Loaded>
      )}
    </details>
  );
}
