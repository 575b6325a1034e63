/** 物资: what there is, what is missing, and where people find a roof. */
import { Collapse } from "antd";
import { useTranslation } from "react-i18next";

import { useShelters, useStock } from "../../api/queries";
import type { Shelter } from "../../api/types";
import { useLang } from "../../app/preferences";
import { ActButton } from "../../parts/ActButton";
import { name, number } from "../../parts/names";
import { Panel } from "../../parts/Panel";
import { Loaded, Nothing } from "../../parts/States";
import { useWords } from "../../parts/useWords";
import { Synthetic } from "../../parts/Why";
import { NeedsPanel } from "./NeedsPanel";
import { ShelterCard } from "./ShelterCard";
import { StockTable } from "./StockTable";

/** Open shelters first, then the fuller ones. */
export const byUse = (a: Shelter, b: Shelter): number =>
  Number(b.state === "open") - Number(a.state === "open") || b.occupied - a.occupied || b.capacity - a.capacity;

const MOST = 60;

function SheltersPanel() {
  const { t } = useTranslation();
  const lang = useLang();
  const answer = useShelters();
  const open = answer.data?.filter((one) => one.state === "open") ?? [];
  const sum = (key: "occupied" | "capacity"): string => number(open.reduce((total, one) => total + one[key], 0), lang);
  return (
    <Panel title={t("supply.shelters")} extra={<span className="num">{t("supply.open_places", { shelters: open.length, occupied: sum("occupied"), capacity: sum("capacity") })}</span>} flush>
      <Loaded of={answer}>
        {(shelters) => [...shelters].sort(byUse).slice(0, MOST).map((one) => <ShelterCard key={one.id} shelter={one} />)}
      </Loaded>
    </Panel>
  );
}

function StockPanel() {
  const { t } = useTranslation();
  const lang = useLang();
  const words = useWords();
  const answer = useStock();
  return (
    <Panel title={t("supply.stock")} {...(answer.data ? { count: answer.data.length } : {})} extra={<ActButton verb="stock.move" args={{}} />} flush>
      <Loaded of={answer}>
        {(warehouses) =>
          warehouses.length === 0 ? (
            <Nothing>{t("supply.no_stock")}</Nothing>
          ) : (
            <Collapse
              ghost
              items={warehouses.map((one) => ({
                key: one.id,
                label: (
                  <span className="warehouse">
                    <b>{name(one.name, lang)}</b> <small>{words.area(one.area)}</small> {one.synthetic && <Synthetic />}
                  </span>
                ),
                extra: <span className="num">{t("supply.kinds", { count: one.stock.length })}</span>,
                children: <StockTable lines={one.stock} />,
              }))}
            />
          )
        }
      </Loaded>
    </Panel>
  );
}

export default function SupplyScreen() {
  const { t } = useTranslation();
  return (
    <div className="page">
      <header className="screen-head">
        <h1>{t("nav.supply")}</h1>
        <ActButton verb="need.estimate" args={{}} ask={["area", "days"]} />
      </header>
      <div className="columns">
        <div>
          <NeedsPanel />
          <StockPanel />
        </div>
        <div>
          <SheltersPanel />
        </div>
      </div>
    </div>
  );
}
