/** A device's own message and the mapping that reads it, tried side by side; nothing is taken. */
import { useMutation } from "@tanstack/react-query";
import { Button, Input, Segmented, Select, Switch, Table } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { post, Problem } from "../../../api/http";
import { triedMapping, type Raw } from "../../../api/readers";
import { useMappings } from "../../../api/sensing";
import type { Mapping, TriedMapping, TriedRow } from "../../../api/types";
import { useLang } from "../../../app/preferences";
import { name, number } from "../../../parts/names";
import { Panel } from "../../../parts/Panel";
import { Loaded, ProblemNote } from "../../../parts/States";
import { clockTime } from "../../../parts/time";
import { Refusals } from "./Refusals";

type Encoding = "text" | "hex" | "base64";

interface Asked {
  mapping: string | Record<string, unknown>;
  payload: string;
  encoding: Encoding;
  topic: string;
}

const faultOf = (detail: string): Problem => new Problem({ title: detail, status: 422 });

function Rows({ tried }: { tried: TriedMapping }) {
  const { t } = useTranslation();
  const lang = useLang();
  return (
    <>
      <p className="try-note" data-rows={tried.rows.length}>
        {t("ingest.tried", { rows: tried.rows.length, refused: tried.refused.length })}
      </p>
      <Table<TriedRow>
        size="small"
        rowKey={(row) => `${row.sensor}${row.at}${row.value}`}
        dataSource={tried.rows}
        pagination={{ pageSize: 20, size: "small", hideOnSinglePage: true, showSizeChanger: false }}
        scroll={{ x: 460 }}
        columns={[
          { title: t("fact.sensor"), render: (_, row) => <><code>{row.sensor}</code>{!row.known && <> <span className="mark mark-bad">{t("ingest.unknown_sensor")}</span></>}</> },
          { title: t("fact.read_at"), width: 160, className: "num", render: (_, row) => (row.at ? `${row.at.slice(0, 10)} ${clockTime(row.at, lang)}` : "–") },
          { title: t("rule.value"), width: 100, align: "right", className: "num", render: (_, row) => number(row.value, lang, 4) },
          { title: t("fact.quality"), width: 90, render: (_, row) => t(`quality.${row.quality}`, { defaultValue: row.quality }) },
        ]}
      />
      <Refusals refused={tried.refused} />
    </>
  );
}

function Bench({ mappings }: { mappings: Mapping[] }) {
  const { t } = useTranslation();
  const lang = useLang();
  const [first] = mappings;
  const [id, setId] = useState(first?.id ?? "");
  const chosen = mappings.find((one) => one.id === id) ?? first;
  const [own, setOwn] = useState(false);
  const [body, setBody] = useState(() => JSON.stringify(first?.body ?? {}, null, 2));
  const [payload, setPayload] = useState(first?.example ?? "");
  const [encoding, setEncoding] = useState<Encoding>(first?.encoding ?? "text");
  const [topic, setTopic] = useState(first?.topic ?? "");
  const trying = useMutation<TriedMapping, Problem, Asked>({ mutationFn: async (asked) => triedMapping((await post("/api/v1/sense/mappings/try", asked)) as unknown as Raw) });
  const [broken, setBroken] = useState<Problem | null>(null);
  const choose = (next: string): void => {
    const mapping = mappings.find((one) => one.id === next);
    if (!mapping) return;
    setId(next);
    setBody(JSON.stringify(mapping.body, null, 2));
    setPayload(mapping.example);
    setEncoding(mapping.encoding);
    setTopic(mapping.topic);
    trying.reset();
  };
  const start = (): void => {
    setBroken(null);
    try {
      trying.mutate({ mapping: own ? (JSON.parse(body) as Record<string, unknown>) : id, payload, encoding, topic });
    } catch (error) {
      setBroken(faultOf(t("ingest.not_json", { detail: String(error) })));
    }
  };
  return (
    <div className="two-columns mapping-bench">
      <div>
        <div className="try-form">
          <Select size="small" className="form-select" aria-label={t("ingest.mapping")} value={id} options={mappings.map((one) => ({ value: one.id, label: name(one.names, lang, one.id) }))} onChange={choose} />
          <label>
            <Switch size="small" checked={own} onChange={setOwn} /> {t("ingest.edit_mapping")}
          </label>
        </div>
        {chosen?.note && <p className="try-note">{chosen.note}</p>}
        <Input.TextArea className="code" aria-label={t("ingest.mapping")} readOnly={!own} autoSize={{ minRows: 10, maxRows: 24 }} value={body} onChange={(event) => setBody(event.target.value)} />
      </div>
      <div>
        <div className="try-form">
          <Segmented<Encoding> size="small" aria-label={t("ingest.encoding")} value={encoding} options={["text", "hex", "base64"]} onChange={setEncoding} />
          <Input size="small" className="topic-input" placeholder={t("ingest.topic")} aria-label={t("ingest.topic")} value={topic} onChange={(event) => setTopic(event.target.value)} />
          <Button size="small" type="primary" className="mapping-try" loading={trying.isPending} onClick={start}>
            {t("ingest.try_mapping")}
          </Button>
        </div>
        <Input.TextArea className="code" aria-label={t("ingest.payload")} autoSize={{ minRows: 6, maxRows: 14 }} value={payload} onChange={(event) => setPayload(event.target.value)} />
        {(broken ?? trying.error) && <ProblemNote problem={(broken ?? trying.error) as Problem} />}
        {trying.data && !broken && <Rows tried={trying.data} />}
      </div>
    </div>
  );
}

export function MappingTry() {
  const { t } = useTranslation();
  const answer = useMappings();
  return (
    <Panel title={t("ingest.mapping_try")}>
      <Loaded of={answer}>{(mappings) => <Bench mappings={mappings} />}</Loaded>
    </Panel>
  );
}
