import { useTranslation } from "react-i18next";

import { useStock } from "../../api/queries";
import { useLang } from "../../app/preferences";
import { name } from "../../parts/names";
import { Nothing } from "../../parts/States";
import { Synthetic } from "../../parts/Why";
import { StockTable } from "../supply/StockTable";
import type { ObjectProps } from "./ObjectDetail";

/** A warehouse and what lies in it. */
export function WarehouseObject({ id }: ObjectProps) {
  const { t } = useTranslation();
  const lang = useLang();
  const { data: stock = [] } = useStock();
  const warehouse = stock.find((one) => one.id === id);
  if (!warehouse) return <Nothing>{t("error.gone")}</Nothing>;
  return (
    <article className="object">
      <header className="object-head">
        <h2>{name(warehouse.name, lang)}</h2>
        {warehouse.synthetic && <Synthetic />}
      </header>
      <StockTable lines={warehouse.stock} />
    </article>
  );
}
