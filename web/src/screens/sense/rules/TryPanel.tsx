/** 试算: the rule on what was observed, before anybody obeys it. */
import { Button, Checkbox, Segmented } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { useMe } from "../../../api/queries";
import type { Data } from "../../../api/types";
import { useNow } from "../../../live/ClockProvider";
import { NamedSelect } from "../../../parts/NamedSelect";
import { Panel } from "../../../parts/Panel";
import { ProblemNote } from "../../../parts/States";
import { duration } from "../../../parts/time";
import { iso, lately, SPANS } from "../sensor/span";
import { TryResult } from "./TryResult";
import { useTrial } from "./useTrial";

const CHOICES = ["24h", "7d", "30d", "90d", "1y"];
const FIRST = "30d";

function Running({ begun, onCancel }: { begun: number; onCancel: () => void }) {
  const { t } = useTranslation();
  const [passed, setPassed] = useState(0);
  useEffect(() => {
    const timer = window.setInterval(() => setPassed(Date.now() - begun), 500);
    return () => window.clearInterval(timer);
  }, [begun]);
  return (
    <div className="trying" role="status">
      <span className="progress progress-run"><i /></span>
      <span>{t("rule.trying", { time: duration(passed) })}</span>
      <Button size="small" onClick={onCancel}>
        {t("form.stop")}
      </Button>
    </div>
  );
}

export function TryPanel({ id, body, present }: { id: string; body: Data; present: Data | null }) {
  const { t } = useTranslation();
  const { data: me } = useMe();
  const now = useNow();
  const [span, setSpan] = useState(FIRST);
  const [area, setArea] = useState<string | null>(me?.roles[0]?.area ?? null);
  const [beside, setBeside] = useState(present !== null);
  const trial = useTrial();
  const start = (): void => {
    const { from, to } = lately(SPANS[span] ?? 0, now);
    trial.mutate({ id, body, present: beside ? present : null, since: iso(from), until: iso(Math.min(to, now)), area });
  };
  return (
    <Panel title={t("rule.try")}>
      <div className="try-form">
        <Segmented size="small" aria-label={t("sense.span")} value={span} options={CHOICES.map((value) => ({ value, label: t(`sense.spans.${value}`) }))} onChange={setSpan} />
        <NamedSelect kind="area" {...{ size: "small", className: "form-select", placeholder: t("sense.every_area"), value: area, onChange: (code: string | null) => setArea(code ?? null) }} />
        {present && (
          <Checkbox checked={beside} onChange={(event) => setBeside(event.target.checked)}>
            {t("rule.beside")}
          </Checkbox>
        )}
        <Button size="small" type="primary" className="try-start" loading={trial.isPending} onClick={start}>
          {t("rule.try_start")}
        </Button>
      </div>
      {trial.begun !== null && <Running begun={trial.begun} onCancel={trial.cancel} />}
      {trial.error && <ProblemNote problem={trial.error} />}
      {trial.data && !trial.isPending && <TryResult verdict={trial.data} />}
    </Panel>
  );
}
