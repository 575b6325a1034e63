/** 数据资源目录: what data there are, from whom, how good they are, on which terms, and who may use them. */
import { Input, Table } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useCatalog } from "../../../api/queries";
import { useDataCatalogue } from "../../../api/sensing";
import type { DataQuality, Resource } from "../../../api/types";
import { useLang } from "../../../app/preferences";
import { Facts } from "../../../parts/Facts";
import { name, number } from "../../../parts/names";
import { Loaded } from "../../../parts/States";
import { dayTime } from "../../../parts/time";
import { useWide } from "../../../parts/useWide";
import { useWords } from "../../../parts/useWords";
import { Marks } from "../../../parts/Why";
import { span } from "../words";

const GOOD = 0.95;
const FAIR = 0.8;

function Share({ label, value }: { label: string; value: number | null }) {
  const lang = useLang();
  if (value === null) return null;
  const tone = value >= GOOD ? "" : value >= FAIR ? "progress-soon" : "progress-late";
  return (
    <span className="share">
      <small>{label}</small>
      <span className={`progress ${tone}`}>
        <i style={{ width: `${value * 100}%` }} />
      </span>
      <b className="num">{number(value * 100, lang, 1)}%</b>
    </span>
  );
}

function Quality({ quality }: { quality: DataQuality | null }) {
  const { t } = useTranslation();
  if (!quality || quality.rows === 0) return <small>{t("catalogue.no_data")}</small>;
  return (
    <span className="shares">
      <Share label={t("catalogue.heard")} value={quality.sensors > 0 ? quality.heard / quality.sensors : null} />
      <Share label={t("catalogue.complete")} value={quality.complete} />
      <Share label={t("catalogue.good")} value={quality.good} />
    </span>
  );
}

function Whole({ one }: { one: Resource }) {
  const { t } = useTranslation();
  const lang = useLang();
  const words = useWords();
  const { quality } = one;
  const percent = (value: number | null): string | null => (value === null ? null : `${number(value * 100, lang, 2)}%`);
  return (
    <div className="two-columns">
      <Facts
        rows={[
          [t("catalogue.quantities"), one.quantities.map(words.quantity).join(t("rule.say.comma"))],
          [t("catalogue.address"), <code key="a">{one.address}</code>],
          [t("catalogue.format"), one.format.join(" · ")],
          [t("sense.cadence"), one.cadence_s && span(one.cadence_s, t)],
          [t("catalogue.condition"), one.condition && name(one.condition, lang)],
          [t("catalogue.personal"), one.personal && t("catalogue.yes")],
          [t("catalogue.roles"), one.roles.map(words.role).join(t("rule.say.comma"))],
        ]}
      />
      <div>
        {quality && (
          <Facts
            rows={[
              [t("catalogue.days"), t("sense.length.days", { n: quality.days })],
              [t("catalogue.rows"), number(quality.rows, lang)],
              [t("quality.suspect"), percent(quality.suspect)],
              [t("quality.missing"), percent(quality.missing)],
              [t("quality.out_of_range"), percent(quality.out_of_range)],
              [t("sense.marks.late"), percent(quality.late)],
            ]}
          />
        )}
        <p className="try-note">
          {one.source} <Marks confidence={one.confidence ?? null} />
        </p>
      </div>
    </div>
  );
}

function Sharing({ one }: { one: Resource }) {
  const { t } = useTranslation();
  return <span className={`mark sharing-${one.sharing}`}>{t(`catalogue.sharings.${one.sharing}`, { defaultValue: one.sharing })}</span>;
}

function Usable({ one }: { one: Resource }) {
  const { t } = useTranslation();
  return <span className={one.usable ? "state state-done" : "state state-stop"}>{t(one.usable ? "catalogue.usable" : "catalogue.not_usable")}</span>;
}

/** All of a resource's row in a few lines, where there is no room for columns. */
function Card({ one }: { one: Resource }) {
  const { t } = useTranslation();
  const lang = useLang();
  const { quality } = one;
  return (
    <span className="letter-card">
      <b>{name(one.names, lang, one.id)}</b>
      <small>{[name(one.provider, lang), t("catalogue.sensor_count", { n: number(quality?.sensors ?? 0, lang) }), quality?.newest_at && dayTime(quality.newest_at, lang)].filter(Boolean).join(" · ")}</small>
      <Quality quality={quality} />
      <span className="source-head">
        <Sharing one={one} /> <Usable one={one} />
      </span>
    </span>
  );
}

export default function CatalogueScreen() {
  const { t } = useTranslation();
  const lang = useLang();
  const { data: catalog } = useCatalog();
  const wide = useWide();
  const answer = useDataCatalogue();
  const [text, setText] = useState("");
  const wanted = text.trim().toLowerCase();
  const fits = (one: Resource): boolean => [one.id, one.names.zh, one.names.en ?? "", one.provider.zh, one.provider.en ?? ""].some((part) => part.toLowerCase().includes(wanted));
  return (
    <div className="page">
      <header className="screen-head">
        <h1>{t("sense.tab.catalogue")}</h1>
        <Input.Search size="small" allowClear className="desk-search" placeholder={t("catalogue.search")} onChange={(event) => setText(event.target.value)} />
      </header>
      <Loaded of={answer}>
        {(items) => (
          <Table<Resource>
            size="small"
            rowKey="id"
            dataSource={items.filter(fits)}
            pagination={false}
            scroll={wide ? { x: 900 } : {}}
            expandable={{ expandedRowRender: (one) => <Whole one={one} />, expandRowByClick: true }}
            columns={!wide ? [{ title: t("catalogue.resource"), render: (_, one) => <Card one={one} /> }] : [
              { title: t("catalogue.resource"), width: 210, render: (_, one) => <span className="two-lines"><b>{name(one.names, lang, one.id)}</b><small>{one.sector ? name(catalog?.sectors[one.sector], lang, one.sector) : ""}</small></span> },
              { title: t("catalogue.provider"), width: 130, render: (_, one) => name(one.provider, lang) },
              { title: t("catalogue.sensors"), width: 90, align: "right", className: "num", sorter: (a, b) => (a.quality?.sensors ?? 0) - (b.quality?.sensors ?? 0), render: (_, one) => number(one.quality?.sensors, lang) },
              { title: t("catalogue.quality"), width: 290, render: (_, one) => <Quality quality={one.quality} /> },
              { title: t("ingest.newest"), width: 110, className: "num", render: (_, one) => (one.quality?.newest_at ? dayTime(one.quality.newest_at, lang) : "–") },
              { title: t("catalogue.sharing"), width: 110, render: (_, one) => <Sharing one={one} /> },
              { title: t("catalogue.mine"), width: 90, render: (_, one) => <Usable one={one} /> },
            ]}
          />
        )}
      </Loaded>
    </div>
  );
}
