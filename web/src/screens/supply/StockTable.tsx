/** What lies in one warehouse, item by item. */
import { Table } from "antd";
import { useTranslation } from "react-i18next";

import type { StockLine } from "../../api/types";
import { useLang } from "../../app/preferences";
import { name, number } from "../../parts/names";
import { useWords } from "../../parts/useWords";

export function StockTable({ lines }: { lines: StockLine[] }) {
  const { t } = useTranslation();
  const lang = useLang();
  const words = useWords();
  return (
    <Table<StockLine>
      size="small"
      rowKey="item"
      pagination={false}
      dataSource={lines}
      columns={[
        { title: t("supply.item"), render: (_, line) => name(line.names, lang, line.item) },
        { title: t("supply.quantity"), dataIndex: "quantity", align: "right", className: "num", render: (n: number, { unit }) => `${number(n, lang)} ${words.unit(unit)}` },
      ]}
    />
  );
}
