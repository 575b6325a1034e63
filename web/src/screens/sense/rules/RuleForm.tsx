/** The form of a rule: it asks what its kind needs and nothing else. */
import { Collapse, Input, Select } from "antd";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { useCatalog } from "../../../api/queries";
import { useRules } from "../../../api/sensing";
import { useLang } from "../../../app/preferences";
import { DurationInput } from "../../../parts/DurationInput";
import { name, type Names } from "../../../parts/names";
import { useWords } from "../../../parts/useWords";
import { KINDS, OF_ANY, PARTS, unitOf, type Draft, type Kind } from "./draft";
import { Figure, LevelsForm, Pick, Row, type Change } from "./FormParts";
import { CADENCES } from "./levels";
import { MoreForm } from "./MoreForm";
import { TermsForm } from "./TermsForm";

function useOptions() {
  const { t } = useTranslation();
  const lang = useLang();
  const { data: catalog } = useCatalog();
  const { data: book } = useRules();
  return useMemo(() => {
    const named = (all: Record<string, Names> = {}) => Object.entries(all).map(([value, names]) => ({ value, label: name(names, lang, value) }));
    const quantities = Object.entries(catalog?.quantities ?? {}).map(([value, { names, unit }]) => ({ value, label: `${name(names, lang, value)} ${unit}`.trim() }));
    return {
      quantities,
      anything: [{ value: "*", label: t("rule.say.every_quantity") }, ...quantities],
      types: named(catalog?.assetTypes),
      rules: (book?.rules ?? []).map(({ id, names }) => ({ value: id, label: name(names, lang, id) })),
      single: (book?.rules ?? []).filter(({ kind }) => kind !== "compound").map(({ id, names }) => ({ value: id, label: name(names, lang, id) })),
      unit: (quantity: string) => catalog?.quantities[quantity]?.unit ?? "",
    };
  }, [catalog, book, lang, t]);
}

const SEASON = { period_s: 86_400, bins: 24, warm: 20 };

export function RuleForm({ draft, change }: { draft: Draft; change: Change }) {
  const { t } = useTranslation();
  const words = useWords();
  const options = useOptions();
  const has = (part: string): boolean => PARTS[draft.kind].has(part);
  const fitted = (kind: Kind, quantity: string): Partial<Draft> => ({ kind, quantity, unit: unitOf(kind, options.unit(quantity), draft.unit) });
  const setKind = (kind: Kind): void => {
    const quantity = draft.quantity === "*" && !OF_ANY.has(kind) ? "" : draft.quantity;
    change({ ...fitted(kind, quantity), season: kind === "deviation" ? (draft.season ?? SEASON) : null, about: OF_ANY.has(kind) || kind === "drift" ? "instrument" : draft.about });
  };
  const seconds = (draft.kind === "stuck" || draft.kind === "silence") && draft.unit !== CADENCES;
  const unit = draft.unit === CADENCES ? t("rule.cadences") : words.unit(draft.unit === "1" ? "" : draft.unit);
  return (
    <div className="rule-form">
      <Row label={t("rule.kind_of")}>
        <Select<Kind> size="small" className="form-select" aria-label={t("rule.kind_of")} value={draft.kind} options={KINDS.map((value) => ({ value, label: t(`rule.kind.${value}`) }))} onChange={setKind} />
        <small>{t(`rule.what.${draft.kind}`)}</small>
      </Row>
      <Row label={t("rule.names")}>
        <Input size="small" className="form-select" placeholder={t("language.zh")} value={draft.zh} onChange={(event) => change({ zh: event.target.value })} />
        <Input size="small" className="form-select" placeholder={t("language.en")} value={draft.en} onChange={(event) => change({ en: event.target.value })} />
      </Row>
      <Row label={t("rule.about")}>
        <Pick label={t("rule.about")} value={draft.about} options={["hazard", "instrument"].map((value) => ({ value, label: t(`alarm.about.${value}`) }))} onChange={(about) => change({ about })} />
      </Row>
      {has("quantity") && (
        <Row label={t("rule.quantity")}>
          <Pick label={t("rule.quantity")} value={draft.quantity || null} options={OF_ANY.has(draft.kind) ? options.anything : options.quantities} onChange={(quantity) => change(fitted(draft.kind, quantity))} />
          <Pick many label={t("rule.asset_types")} value={draft.asset_types} options={options.types} onChange={(asset_types) => change({ asset_types })} />
        </Row>
      )}
      {has("op") && draft.kind !== "faulty" && (
        <Row label={t("rule.op")}>
          <Pick label={t("rule.op")} value={draft.op} options={[">=", ">", "<=", "<"].map((value) => ({ value, label: t(`rule.ops.${value}`) }))} onChange={(op) => change({ op })} />
          {(draft.kind === "stuck" || draft.kind === "silence") && (
            <Pick label={t("rule.unit")} value={draft.unit} options={["s", CADENCES].map((value) => ({ value, label: value === "s" ? t("rule.as_time") : t("rule.cadences") }))} onChange={(next) => change({ unit: next })} />
          )}
        </Row>
      )}
      {has("window_s") && (
        <Row label={t("rule.window")}>
          <DurationInput key={draft.kind} empty label={t("rule.window")} value={draft.window_s} onChange={(window_s) => change({ window_s })} />
        </Row>
      )}
      {has("tolerance") && (
        <Row label={t(`rule.tolerance.${draft.kind}`)}>
          <Figure label={t(`rule.tolerance.${draft.kind}`)} value={draft.tolerance} unit={options.unit(draft.quantity)} onChange={(tolerance) => change({ tolerance })} />
        </Row>
      )}
      {draft.kind === "compound" ? <TermsForm draft={draft} change={change} rules={options.single} /> : <LevelsForm draft={draft} change={change} unit={unit} seconds={seconds} />}
      <Row label={t("rule.hold")}>
        <DurationInput label={t("rule.hold")} value={draft.hold_s} onChange={(hold_s) => change({ hold_s: hold_s ?? 0 })} />
      </Row>
      <Row label={t("rule.clear")}>
        {has("clear") && <Figure label={t("rule.clear")} value={draft.clear} unit={seconds ? t("sense.unit.seconds") : unit} onChange={(clear) => change({ clear: clear ?? 0 })} />}
        <DurationInput label={t("rule.clear_hold")} value={draft.clear_hold_s} onChange={(clear_hold_s) => change({ clear_hold_s: clear_hold_s ?? 0 })} />
      </Row>
      {has("max_gap_s") && ["threshold", "rate", "deviation", "drift"].includes(draft.kind) && (
        <Row label={t("rule.max_gap")} note={t("rule.max_gap_long")}>
          <DurationInput empty label={t("rule.max_gap")} value={draft.max_gap_s} onChange={(max_gap_s) => change({ max_gap_s })} />
        </Row>
      )}
      <Row label={t("why.source")}>
        <Input.TextArea size="small" autoSize={{ minRows: 1, maxRows: 4 }} value={draft.source} onChange={(event) => change({ source: event.target.value })} />
        <Pick label={t("rule.confidence")} value={draft.confidence} options={["V", "S", "G", "P"].map((value) => ({ value, label: t(`why.confidence_long.${value}`) }))} onChange={(confidence) => change({ confidence })} />
        <Input size="small" type="date" className="date-input" aria-label={t("why.from")} value={draft.from ?? ""} onChange={(event) => change({ from: event.target.value || null })} />
      </Row>
      <Collapse ghost size="small" items={[{ key: "more", label: t("rule.more"), children: <MoreForm draft={draft} change={change} rules={options.rules} /> }]} />
    </div>
  );
}
