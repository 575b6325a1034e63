/** Every source: whether it flows, how near it is to its quota, how late it tells, what of it was refused. */
import { Table } from "antd";
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";

import type { Door, Source } from "../../../api/types";
import { useLang } from "../../../app/preferences";
import { useNow } from "../../../live/ClockProvider";
import { number } from "../../../parts/names";
import { Nothing } from "../../../parts/States";
import { StateTag } from "../../../parts/StateTag";
import { dayTime } from "../../../parts/time";
import { useWide } from "../../../parts/useWide";
import { useWords } from "../../../parts/useWords";
import { roughly } from "../words";

function Rate({ source }: { source: Source }) {
  const lang = useLang();
  const share = source.quota_per_s ? source.rate_per_s / source.quota_per_s : 0;
  const tone = share >= 1 ? "progress-late" : share > 0.8 ? "progress-soon" : "";
  return (
    <span className="rate">
      <span className="num">
        {number(source.rate_per_s, lang, 1)} / {number(source.quota_per_s, lang)}
      </span>
      <span className={`progress ${tone}`}>
        <i style={{ width: `${Math.min(100, share * 100)}%` }} />
      </span>
    </span>
  );
}

/** The reasons of refusals, the most frequent first. */
export function Reasons({ counts }: { counts: Record<string, number> }) {
  const { t } = useTranslation();
  const lang = useLang();
  const shown = Object.entries(counts).sort(([, a], [, b]) => b - a);
  return (
    <span className="reasons">
      {shown.map(([rule, count]) => (
        <span key={rule} className="mark" title={rule}>
          {t(`refusal.${rule}`, { defaultValue: rule })} <b className="num">{number(count, lang)}</b>
        </span>
      ))}
    </span>
  );
}

/** How late a source tells, or how far its clock is ahead of ours. */
function lag(seconds: number | null, t: TFunction): string {
  if (seconds === null) return "–";
  const length = roughly(Math.round(Math.abs(seconds)), t);
  return seconds < 0 ? t("ingest.ahead", { time: length }) : length;
}

interface Props {
  sources: Source[];
  onPick: (id: string) => void;
}

/** The same of a source in a few lines, where there is no room for a table. */
function SourceCards({ sources, onPick }: Props) {
  const { t } = useTranslation();
  const lang = useLang();
  const words = useWords();
  return (
    <ul>
      {sources.map((one) => (
        <li key={one.id} className="source-card" data-source={one.id}>
          <span className="source-head">
            <b>{one.id}</b> <StateTag noun="source" state={one.state} />
            <small>
              {t(`ingest.doors.${one.door}`, { defaultValue: one.door || "–" })} · {words.area(one.area)}
            </small>
          </span>
          <Rate source={one} />
          <small className="num">
            {t("ingest.taken", { n: number(one.rows, lang) })} · {t("ingest.newest")} {one.last_at ? dayTime(one.last_at, lang) : "–"} · {t("ingest.lag")} {lag(one.lag_s, t)}
          </small>
          {one.refused > 0 && (
            <button type="button" className="link reasons-link" onClick={() => onPick(one.id)}>
              <Reasons counts={one.refused_by_rule} />
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}

export function SourcesTable({ sources, onPick }: Props) {
  const { t } = useTranslation();
  const lang = useLang();
  const words = useWords();
  const wide = useWide();
  const now = useNow();
  const ago = (at: string | null): string => (at ? t("ingest.ago", { time: roughly(Math.max(0, Math.round((now - Date.parse(at)) / 1000)), t) }) : "–");
  if (sources.length === 0) return <Nothing>{t("ingest.no_sources")}</Nothing>;
  if (!wide) return <SourceCards sources={sources} onPick={onPick} />;
  return (
    <Table<Source>
      size="small"
      rowKey="id"
      dataSource={sources}
      pagination={{ pageSize: 50, size: "small", hideOnSinglePage: true, showSizeChanger: false }}
      scroll={{ x: 1080 }}
      onRow={({ id }) => ({ "data-source": id } as React.HTMLAttributes<HTMLElement>)}
      columns={[
        { title: t("ingest.source"), fixed: "left", width: 190, sorter: (a, b) => a.id.localeCompare(b.id), render: (_, one) => <span className="two-lines"><b>{one.id}</b><small>{one.actor} · {words.area(one.area)}</small></span> },
        { title: t("alarm.state"), width: 90, sorter: (a, b) => a.state.localeCompare(b.state), render: (_, one) => <StateTag noun="source" state={one.state} /> },
        { title: t("ingest.door"), width: 130, render: (_, one) => <span className="two-lines">{t(`ingest.doors.${one.door}`, { defaultValue: one.door || "–" })}{one.adapter && <small>{one.adapter}</small>}</span> },
        { title: t("ingest.rate_of_quota"), width: 150, sorter: (a, b) => a.rate_per_s - b.rate_per_s, render: (_, one) => <Rate source={one} /> },
        { title: t("ingest.rows"), width: 100, align: "right", className: "num", sorter: (a, b) => a.rows - b.rows, render: (_, one) => number(one.rows, lang) },
        { title: t("ingest.late_duplicates"), width: 110, align: "right", className: "num", render: (_, one) => `${number(one.late, lang)} / ${number(one.duplicates, lang)}` },
        { title: t("ingest.newest"), width: 130, sorter: (a, b) => (a.last_at ?? "").localeCompare(b.last_at ?? ""), render: (_, one) => <span className="two-lines num">{one.last_at ? dayTime(one.last_at, lang) : "–"}<small>{ago(one.last_received_at)}</small></span> },
        { title: t("ingest.lag"), width: 104, align: "right", className: "num", sorter: (a, b) => (a.lag_s ?? 0) - (b.lag_s ?? 0), render: (_, one) => lag(one.lag_s, t) },
        { title: t("ingest.refused"), sorter: (a, b) => a.refused - b.refused, render: (_, one) => one.refused > 0 && <button type="button" className="link reasons-link" onClick={() => onPick(one.id)}><Reasons counts={one.refused_by_rule} /></button> },
      ]}
    />
  );
}

export function Doors({ doors }: { doors: Door[] }) {
  const { t } = useTranslation();
  return (
    <ul className="doors">
      {doors.map((door) => (
        <li key={door.name} className={door.open ? "" : "late"}>
          <StateTag noun="door" state={door.open ? "open" : "shut"} /> <b>{door.name}</b> <small>{t(`ingest.doors.${door.kind}`, { defaultValue: door.kind })}</small> {door.error}
        </li>
      ))}
    </ul>
  );
}
