/** 日志: every act, in order; each can be opened, and proved to stand in the tree. */
import { Button, Drawer, Input, Table } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useParams } from "react-router";

import { useHead, useJournal } from "../../api/queries";
import { amount } from "../../api/raw";
import type { Entry } from "../../api/types";
import { useLang } from "../../app/preferences";
import { By } from "../../parts/By";
import { about, gradeOf } from "../../parts/entries";
import { GradeTag } from "../../parts/GradeTag";
import { ProblemNote } from "../../parts/States";
import { dayTime } from "../../parts/time";
import { useWide } from "../../parts/useWide";
import { useWords } from "../../parts/useWords";
import { EntryDetail } from "./EntryDetail";
import { HeadPanel } from "./HeadPanel";

const PAGE = 100;

export default function JournalScreen() {
  const { t } = useTranslation();
  const lang = useLang();
  const words = useWords();
  const wide = useWide();
  const go = useNavigate();
  const { seq } = useParams();
  const [verb, setVerb] = useState("");
  const [subject, setSubject] = useState("");
  const [end, setEnd] = useState<number | null>(null);
  const head = useHead();
  const size = amount(head.data?.size) ?? 0;
  const last = end ?? size;
  const filtered = verb !== "" || subject !== "";
  const after = filtered ? 0 : Math.max(0, last - PAGE);
  const limit = filtered ? 1000 : Math.max(1, Math.min(PAGE, last - after));
  const { data, isLoading, error } = useJournal({ after, limit, ...(verb ? { verb: [verb] } : {}), ...(subject ? { subject } : {}) }, size === 0);
  const entries = [...(data?.items ?? [])].reverse();

  return (
    <div className="page">
      <header className="screen-head">
        <h1>{t("nav.journal")}</h1>
        <Input.Search allowClear size="small" placeholder={t("journal.by_verb")} onSearch={(text) => setVerb(text.trim())} className="journal-filter" />
        <Input.Search allowClear size="small" placeholder={t("journal.by_subject")} onSearch={(text) => setSubject(text.trim())} className="journal-filter" />
      </header>
      <HeadPanel />
      {error && <ProblemNote problem={error} />}
      <Table<Entry>
        size="small"
        rowKey="seq"
        loading={isLoading}
        dataSource={entries}
        pagination={false}
        scroll={{ x: 640 }}
        onRow={(entry) => ({ onClick: () => void go(`/journal/${entry.seq}`), className: "clickable" })}
        columns={[
          { title: "#", dataIndex: "seq", width: 70, className: "num" },
          { title: t("journal.at"), dataIndex: "at", width: 120, className: "num", render: (at: string) => dayTime(at, lang) },
          { title: t("journal.verb"), dataIndex: "verb", width: 150, render: (name: string) => t(`entry.${name}`, { defaultValue: t(`verb.${name}`, { defaultValue: name }) }) },
          { title: t("journal.about"), render: (_, entry) => <span className="journal-about">{gradeOf(entry) && <GradeTag grade={gradeOf(entry)} short />} {about(entry, lang)}</span> },
          { title: t("fact.area"), dataIndex: "area", width: 130, render: words.area },
          { title: t("journal.by"), dataIndex: "by", width: 190, render: (by: string) => <By actor={by} /> },
          { title: t("journal.because"), dataIndex: "because", width: 80, className: "num", render: (n: number | null) => n ?? "" },
        ]}
      />
      {!filtered && (
        <div className="pager">
          <Button size="small" disabled={last >= size} onClick={() => setEnd(last + PAGE >= size ? null : last + PAGE)}>{t("journal.newer")}</Button>
          <span className="num">{after + 1}–{last} / {size}</span>
          <Button size="small" disabled={after === 0} onClick={() => setEnd(after)}>{t("journal.older")}</Button>
        </div>
      )}
      <Drawer open={seq !== undefined} onClose={() => void go("/journal")} placement={wide ? "right" : "bottom"} size={wide ? 520 : "80%"} title={t("journal.entry", { seq })}>
        {seq && <EntryDetail seq={Number(seq)} />}
      </Drawer>
    </div>
  );
}
