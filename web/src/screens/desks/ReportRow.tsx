/** An information report that is owed: its limit, its draft, and the button that sends it. */
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useReport } from "../../api/queries";
import type { Report } from "../../api/types";
import { useLang } from "../../app/preferences";
import { ActButton } from "../../parts/ActButton";
import { Due } from "../../parts/Due";
import { name } from "../../parts/names";
import { Loaded } from "../../parts/States";
import { StateTag } from "../../parts/StateTag";
import { useWords } from "../../parts/useWords";

function Draft({ id }: { id: string }) {
  const { t } = useTranslation();
  const lang = useLang();
  const [open, setOpen] = useState(false);
  const answer = useReport(id, open);
  return (
    <details className="report-text" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t("report.read")}</summary>
      {open && <Loaded of={answer}>{({ texts }) => <p>{name(texts.at(-1)?.names, lang, "–")}</p>}</Loaded>}
    </details>
  );
}

export function ReportRow({ report }: { report: Report }) {
  const { t } = useTranslation();
  const words = useWords();
  const title = t(`report.kind.${report.kind}`, { defaultValue: words.reportKind(report.kind), number: report.number });
  return (
    <div className="todo" data-report={report.id}>
      <div className="todo-main">
        <div className="todo-title">
          <b>{title}</b>
          <span>{report.incident}</span>
        </div>
        <div className="todo-sub">
          <StateTag noun="report" state={report.state} />
          <span>
            {words.area(report.area)}
            {report.receiver && ` → ${report.receiver}`}
          </span>
          <Due due={report.due} />
        </div>
        <Draft id={report.id} />
      </div>
      <div className="todo-acts">
        {report.state === "owed" && <ActButton kind="primary" verb="report.draft" args={{ incident: report.incident, kind: report.kind }} />}
        {report.state !== "owed" && <ActButton kind="primary" verb="report.send" args={{ report: report.id }} about={title} />}
      </div>
    </div>
  );
}
