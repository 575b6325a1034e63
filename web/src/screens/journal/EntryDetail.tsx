/** One entry as it stands in the journal, and the proof that it stands in the tree. */
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { useJournal, useProof } from "../../api/queries";
import type { Entry } from "../../api/types";
import { useLang } from "../../app/preferences";
import { Facts } from "../../parts/Facts";
import { Loaded, Nothing } from "../../parts/States";
import { clockTime, fullDay } from "../../parts/time";
import { useWords } from "../../parts/useWords";
import { rootOf } from "./merkle";

function ProofView({ seq }: { seq: number }) {
  const { t } = useTranslation();
  const answer = useProof(seq);
  const [holds, setHolds] = useState<boolean | null>(null);
  return (
    <Loaded of={answer}>
      {(proof) => {
        const check = async (): Promise<void> => {
          const root = await rootOf(proof.seq - 1, proof.size, proof.leaf, proof.path);
          setHolds(root === proof.root);
        };
        return (
          <>
            <Facts
              rows={[
                [t("journal.leaf"), <code key="l">{proof.leaf}</code>],
                [t("journal.root"), <code key="r">{proof.root}</code>],
                [t("journal.size"), <span key="s" className="num">{proof.size}</span>],
                [t("journal.path"), <span key="p" className="num">{t("journal.hashes", { count: proof.path.length })}</span>],
              ]}
            />
            <ol className="proof">
              {proof.path.map((hash) => (
                <li key={hash}>
                  <code>{hash}</code>
                </li>
              ))}
            </ol>
            <Button size="small" onClick={() => void check().catch(() => setHolds(false))}>
              {t("journal.check_here")}
            </Button>
            {holds !== null && <p className={holds ? "verdict verdict-good" : "verdict verdict-bad"}>{t(holds ? "journal.proved" : "journal.not_proved")}</p>}
          </>
        );
      }}
    </Loaded>
  );
}

function EntryView({ entry }: { entry: Entry }) {
  const { t } = useTranslation();
  const lang = useLang();
  const words = useWords();
  return (
    <article className="object">
      <Facts
        rows={[
          [t("journal.verb"), <code key="v">{entry.verb}</code>],
          [t("journal.at"), `${fullDay(entry.at, lang)} ${clockTime(entry.at, lang)}`],
          [t("journal.by"), entry.by],
          [t("journal.subject"), <code key="s">{entry.subject}</code>],
          [t("fact.area"), words.area(entry.area)],
          [t("why.reason"), entry.why],
          [t("journal.because"), entry.because !== null && <Link key="b" to={`/journal/${entry.because}`}>#{entry.because}</Link>],
        ]}
      />
      <h4>{t("journal.args")}</h4>
      <pre className="json">{JSON.stringify(entry.args, null, 2)}</pre>
      <h4>{t("journal.data")}</h4>
      <pre className="json">{JSON.stringify(entry.data, null, 2)}</pre>
      <h4>{t("journal.proof")}</h4>
      <ProofView seq={entry.seq} />
    </article>
  );
}

export function EntryDetail({ seq }: { seq: number }) {
  const { t } = useTranslation();
  const answer = useJournal({ after: seq - 1, limit: 1 });
  return (
    <Loaded of={answer}>
      {({ items }) => (items[0]?.seq === seq ? <EntryView key={seq} entry={items[0]} /> : <Nothing>{t("error.gone")}</Nothing>)}
    </Loaded>
  );
}
