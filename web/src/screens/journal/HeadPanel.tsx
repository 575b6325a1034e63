/** The signed head of the journal, and whether the whole of it holds. */
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { get, type Problem } from "../../api/http";
import { useHead } from "../../api/queries";
import { flag, text, type Raw } from "../../api/raw";
import { useLang } from "../../app/preferences";
import { number } from "../../parts/names";
import { ProblemNote } from "../../parts/States";

export function HeadPanel() {
  const { t } = useTranslation();
  const lang = useLang();
  const { data: head } = useHead();
  const [verdict, setVerdict] = useState<Raw | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const verify = (): void => {
    setBusy(true);
    setProblem(null);
    get("/api/v1/journal/verification")
      .then(setVerdict, (error: Problem) => setProblem(error))
      .finally(() => setBusy(false));
  };
  return (
    <section className="head-panel">
      <div>
        <small>{t("journal.size")}</small>
        <b className="num">{number(typeof head?.size === "number" ? head.size : null, lang)}</b>
      </div>
      <div className="head-root">
        <small>{t("journal.root")}</small>
        <code>{text(head?.root) ?? "–"}</code>
      </div>
      <Button size="small" loading={busy} onClick={verify}>
        {t("journal.verify")}
      </Button>
      {verdict && (
        <p className={flag(verdict.holds) ? "verdict verdict-good" : "verdict verdict-bad"}>
          {flag(verdict.holds) ? t("journal.holds", { size: verdict.size }) : t("journal.broken", { seq: verdict.seq, fault: verdict.fault })}
        </p>
      )}
      {problem && <ProblemNote problem={problem} />}
    </section>
  );
}
