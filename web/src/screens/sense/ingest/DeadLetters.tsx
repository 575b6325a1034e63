/** What was refused, message by message: why, with what it said, and tried again once the reason is gone. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, Select, Table } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { post, type Problem } from "../../../api/http";
import { replayed, type Raw } from "../../../api/readers";
import { useLetter, useLetters } from "../../../api/sensing";
import type { Letter, Replayed } from "../../../api/types";
import { useLang } from "../../../app/preferences";
import { bytes } from "../../../parts/bytes";
import { Panel } from "../../../parts/Panel";
import { Nothing, ProblemNote } from "../../../parts/States";
import { dayTime } from "../../../parts/time";
import { useMay } from "../../../parts/useMay";
import { useWide } from "../../../parts/useWide";
import { Reasons } from "./SourcesTable";
import { Refusals } from "./Refusals";

const counted = (letter: Letter): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { rule } of letter.refused) counts[rule] = (counts[rule] ?? 0) + 1;
  return counts;
};

function Whole({ letter }: { letter: Letter }) {
  const { t } = useTranslation();
  const { data = letter } = useLetter(letter.id, letter.payload_bytes <= letter.payload.length);
  return (
    <div className="letter">
      <Refusals refused={data.refused} count={data.refused_count} />
      <h5>
        {t("ingest.payload")} <small>{[data.topic, data.form, data.mapping, data.encoding === "base64" ? "base64" : "", bytes(data.payload_bytes)].filter(Boolean).join(" · ")}</small>
      </h5>
      <pre className="json">{data.payload}</pre>
      {data.cut && <p className="late">{t("ingest.cut")}</p>}
    </div>
  );
}

function Mark({ letter, result }: { letter: Letter; result: Replayed | undefined }) {
  const { t } = useTranslation();
  if (result?.error) return <span className="late">{result.error}</span>;
  const mark = result ? { accepted: result.accepted, refused: result.refused_count } : letter.mark;
  return mark ? <span className={mark.refused > 0 ? "late" : "state state-done"}>{t("ingest.replayed", { accepted: mark.accepted, refused: mark.refused })}</span> : null;
}

export function DeadLetters({ source, sources, onSource }: { source: string | null; sources: string[]; onSource: (id: string | null) => void }) {
  const { t } = useTranslation();
  const lang = useLang();
  const may = useMay();
  const wide = useWide();
  const client = useQueryClient();
  const { data = [], isLoading, error } = useLetters(source);
  const [ticked, setTicked] = useState<React.Key[]>([]);
  const replay = useMutation<Replayed[], Problem, string[]>({
    mutationFn: async (ids) => replayed((await post("/api/v1/sense/dead-letters/replay", { ids, limit: ids.length })) as unknown as Raw),
    onSuccess: () => {
      setTicked([]);
      for (const key of ["dead-letters", "sources"]) void client.invalidateQueries({ queryKey: [key] });
    },
  });
  const results = new Map((replay.data ?? []).map((one) => [one.id, one]));
  return (
    <Panel
      title={t("ingest.letters")}
      count={data.length}
      extra={
        <span className="panel-acts">
          <Select size="small" allowClear className="form-select" placeholder={t("ingest.every_source")} value={source} options={sources.map((id) => ({ value: id, label: id }))} onChange={(id: string | undefined) => onSource(id ?? null)} />
          {may("sense.ingest") && (
            <Button size="small" type="primary" className="replay" disabled={ticked.length === 0} loading={replay.isPending} onClick={() => replay.mutate(ticked.map(String))}>
              {t("ingest.replay", { count: ticked.length })}
            </Button>
          )}
        </span>
      }
      flush
    >
      {(error ?? replay.error) && <ProblemNote problem={(error ?? replay.error) as Problem} />}
      <Table<Letter>
        size="small"
        rowKey="id"
        onRow={({ id }) => ({ "data-letter": id } as React.HTMLAttributes<HTMLElement>)}
        loading={isLoading}
        dataSource={data}
        pagination={{ pageSize: 20, size: "small", hideOnSinglePage: true, showSizeChanger: false }}
        scroll={wide ? { x: 760 } : {}}
        locale={{ emptyText: <Nothing>{t("ingest.no_letters")}</Nothing> }}
        {...(may("sense.ingest") ? { rowSelection: { selectedRowKeys: ticked, onChange: setTicked, getCheckboxProps: ({ cut }: Letter) => ({ disabled: cut }) } } : {})}
        expandable={{ expandedRowRender: (letter) => <Whole letter={letter} />, expandRowByClick: true }}
        columns={wide ? [
          { title: t("ingest.received"), width: 120, className: "num", render: (_, one) => (one.received_at ? dayTime(one.received_at, lang) : "–") },
          { title: t("ingest.source"), width: 150, dataIndex: "source" },
          { title: t("ingest.door"), width: 90, render: (_, one) => t(`ingest.doors.${one.door}`, { defaultValue: one.door }) },
          { title: t("ingest.refused"), render: (_, one) => <><b className="num">{one.refused_count}</b> <Reasons counts={counted(one)} /></> },
          { title: t("ingest.size"), width: 90, align: "right", className: "num", render: (_, one) => bytes(one.payload_bytes) },
          { title: t("ingest.again"), width: 170, render: (_, one) => <Mark letter={one} result={results.get(one.id)} /> },
        ] : [
          {
            title: t("ingest.refused"),
            render: (_, one) => (
              <span className="letter-card">
                <small className="num">{[one.received_at && dayTime(one.received_at, lang), one.source, t(`ingest.doors.${one.door}`, { defaultValue: one.door }), bytes(one.payload_bytes)].filter(Boolean).join(" · ")}</small>
                <span><b className="num">{one.refused_count}</b> <Reasons counts={counted(one)} /></span>
                <Mark letter={one} result={results.get(one.id)} />
              </span>
            ),
          },
        ]}
      />
    </Panel>
  );
}
