/** A rule being written: the form, the sentence and the picture as they change, the trial, the proposal. */
import { Button, Input } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";

import { useMe } from "../../../api/queries";
import type { Data } from "../../../api/types";
import { ActButton } from "../../../parts/ActButton";
import { Panel } from "../../../parts/Panel";
import { useWords } from "../../../parts/useWords";
import { bodyOf } from "./body";
import { blank, draftOf } from "./draft";
import { RuleForm } from "./RuleForm";
import { RulePicture } from "./RulePicture";
import { sentence } from "./sentence";
import { TryPanel } from "./TryPanel";

interface Props {
  /** Nothing: a new rule. */
  id: string | null;
  body: Data | null;
  present: Data | null;
  onClose: () => void;
  onProposed: (id: string) => void;
}

const NAME = /^[a-z][a-z0-9_]{1,79}$/;

export function RuleEditor({ id, body, present, onClose, onProposed }: Props) {
  const { t } = useTranslation();
  const words = useWords();
  const { data: me } = useMe();
  const [draft, setDraft] = useState(() => (body ? draftOf(id ?? "", body) : blank()));
  const made = useMemo(() => bodyOf(draft), [draft]);
  const said = sentence(draft, { t, ...words });
  const area = me?.roles[0]?.area;
  return (
    <div className="rule-view">
      <header className="screen-head">
        <h1>{t(id ? "rule.editing" : "rule.new")}</h1>
        {id ? <code>{id}</code> : <Input size="small" className="form-select" placeholder={t("rule.id_example")} aria-label={t("rule.id")} value={draft.id} status={draft.id === "" || NAME.test(draft.id) ? "" : "error"} onChange={(event) => setDraft({ ...draft, id: event.target.value })} />}
        <span className="bar-gap" />
        <Button size="small" onClick={onClose}>
          {t("form.cancel")}
        </Button>
        <ActButton kind="primary" verb="rule.propose" disabled={!NAME.test(draft.id)} args={{ id: draft.id, rule: made, ...(area ? { area } : {}) }} about={said} onDone={() => onProposed(draft.id)} />
      </header>
      <p className="rule-sentence">{said}</p>
      <div className="columns rule-columns">
        <div>
          <Panel title={t("rule.form")}>
            <RuleForm draft={draft} change={(parts) => setDraft((before) => ({ ...before, ...parts }))} />
          </Panel>
        </div>
        <div>
          <Panel title={t("rule.picture")}>
            <RulePicture draft={draft} />
          </Panel>
          <TryPanel id={draft.id || "tried"} body={made} present={present} />
        </div>
      </div>
    </div>
  );
}
