/** The terms of a compound rule: which rules it counts, at which grade, in how many places. */
import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, InputNumber, Segmented, Switch } from "antd";
import { useTranslation } from "react-i18next";

import { GRADES, type Grade } from "../../../parts/grades";
import { GradeTag } from "../../../parts/GradeTag";
import type { Draft, DraftTerm } from "./draft";
import { Pick, Row, type Change } from "./FormParts";

type Options = { value: string; label: string }[];

function Counts({ term, onChange }: { term: DraftTerm; onChange: (count: DraftTerm["count"]) => void }) {
  const { t } = useTranslation();
  const { count } = term;
  const each = typeof count !== "number";
  const set = (grade: Grade, value: number | null): void => {
    const next = { ...(each ? count : {}) };
    if (value === null) delete next[grade];
    else next[grade] = value;
    onChange(next);
  };
  return (
    <span className="counts">
      <label>
        <Switch size="small" checked={each} onChange={(on) => onChange(on ? { yellow: each ? 1 : count } : Math.max(1, ...Object.values(each ? count : { one: 1 })))} /> {t("rule.by_grade")}
      </label>
      {each ? (
        [...GRADES].reverse().map((grade) => (
          <span key={grade}>
            <GradeTag grade={grade} short /> <InputNumber size="small" min={0} precision={0} aria-label={t(`grade.${grade}`)} value={count[grade] ?? null} onChange={(value) => set(grade, value)} />
          </span>
        ))
      ) : (
        <InputNumber size="small" min={1} precision={0} aria-label={t("rule.count")} value={count} onChange={(value) => onChange(value ?? 1)} />
      )}
    </span>
  );
}

export function TermsForm({ draft, change, rules }: { draft: Draft; change: Change; rules: Options }) {
  const { t } = useTranslation();
  const set = (at: number, parts: Partial<DraftTerm>): void => change({ terms: draft.terms.map((term, i) => (i === at ? { ...term, ...parts } : term)) });
  const grades = GRADES.map((grade) => ({ value: grade, label: t(`grade.${grade}`) }));
  return (
    <>
      <Row label={t("rule.over")}>
        <Segmented size="small" value={draft.over} options={["asset", "area", "upstream", "downstream"].map((value) => ({ value, label: t(`rule.overs.${value}`) }))} onChange={(over) => change({ over })} />
        {draft.over === "area" && <Pick label={t("rule.level")} value={draft.level} options={["village", "town", "district", "city"].map((value) => ({ value, label: t(`level.${value}`) }))} onChange={(level) => change({ level })} />}
        {draft.over.endsWith("stream") && <input className="plain-input" aria-label={t("rule.network")} placeholder={t("rule.network")} value={draft.network} onChange={(event) => change({ network: event.target.value })} />}
      </Row>
      <Row label={t("rule.terms")}>
        <Segmented size="small" value={draft.mode} options={[{ value: "all", label: t("rule.all_of") }, { value: "any", label: t("rule.any_of") }]} onChange={(mode) => change({ mode: mode as Draft["mode"] })} />
      </Row>
      {draft.terms.map((term, at) => (
        <div key={at} className="term">
          <Pick label={t("alarm.rule")} value={term.rule} options={rules} onChange={(rule) => set(at, { rule })} />
          <Pick label={t("alarm.grade")} value={term.grade ?? ""} options={[{ value: "", label: t("rule.any_grade") }, ...grades]} onChange={(grade: Grade | "") => set(at, { grade: grade === "" ? null : grade })} />
          <Counts term={term} onChange={(count) => set(at, { count })} />
          <Button size="small" type="text" icon={<DeleteOutlined />} aria-label={t("rule.drop_term")} onClick={() => change({ terms: draft.terms.filter((_, i) => i !== at) })} />
        </div>
      ))}
      <Button size="small" icon={<PlusOutlined />} onClick={() => change({ terms: [...draft.terms, { rule: "", grade: null, count: 1 }] })}>
        {t("rule.add_term")}
      </Button>
      <Row label={t("rule.gathers")}>
        <Switch size="small" checked={draft.gathers} onChange={(gathers) => change({ gathers })} />
      </Row>
    </>
  );
}
