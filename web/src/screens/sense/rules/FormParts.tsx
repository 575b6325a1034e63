/** The small parts of the rule form. */
import { InputNumber, Select } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { DurationInput } from "../../../parts/DurationInput";
import { GRADES, type Grade } from "../../../parts/grades";
import { GradeTag } from "../../../parts/GradeTag";
import type { Draft, Level } from "./draft";

export type Change = (parts: Partial<Draft>) => void;

export function Row({ label, note, children }: { label: string; note?: string; children: ReactNode }) {
  return (
    <div className="form-row">
      <span className="form-label" title={note}>{label}</span>
      <span className="form-control">{children}</span>
    </div>
  );
}

export function Pick({ value, options, onChange, many = false, label }: { value: string | string[] | null; options: { value: string; label: string }[]; onChange: (value: never) => void; many?: boolean; label: string }) {
  return (
    <Select
      size="small"
      aria-label={label}
      className="form-select"
      {...(many ? { mode: "multiple" as const } : {})}
      showSearch={{ optionFilterProp: "label" }}
      value={value}
      options={options}
      onChange={onChange as never}
    />
  );
}

export function Figure({ value, onChange, label, unit }: { value: number | null; onChange: (value: number | null) => void; label: string; unit?: string }) {
  return <InputNumber size="small" aria-label={label} value={value} onChange={onChange} {...(unit ? { suffix: unit } : {})} />;
}

const NO_LEVEL: Level = { value: null, hold_s: null, escalate_after_s: null, kept: {} };

/** The values at which the grades begin; a grade without a value is none of the rule's. */
export function LevelsForm({ draft, change, unit, seconds }: { draft: Draft; change: Change; unit: string; seconds: boolean }) {
  const { t } = useTranslation();
  const set = (grade: Grade, parts: Partial<Level>): void => {
    const next = { ...(draft.levels[grade] ?? NO_LEVEL), ...parts };
    const levels = { ...draft.levels, [grade]: next };
    if (next.value === null) delete levels[grade];
    change({ levels });
  };
  return (
    <table className="levels-form">
      <thead>
        <tr>
          <th>{t("alarm.grade")}</th>
          <th>{t("rule.value")} {seconds ? "" : unit}</th>
          <th>{t("rule.own_hold")}</th>
          <th>{t("rule.escalate_after")}</th>
        </tr>
      </thead>
      <tbody>
        {[...GRADES].reverse().map((grade) => {
          const level = draft.levels[grade];
          const value = level?.value ?? null;
          return (
            <tr key={grade}>
              <th>
                <GradeTag grade={grade} />
              </th>
              <td>
                {seconds ? (
                  <DurationInput key={`${draft.id}${draft.kind}`} empty label={t(`grade.${grade}`)} value={value} onChange={(next) => set(grade, { value: next })} />
                ) : (
                  <Figure label={t(`grade.${grade}`)} value={value} onChange={(next) => set(grade, { value: next })} />
                )}
              </td>
              <td>{level && <DurationInput empty label={t("rule.own_hold")} value={level.hold_s} onChange={(hold_s) => set(grade, { hold_s })} />}</td>
              <td>{level && <DurationInput empty label={t("rule.escalate_after")} value={level.escalate_after_s} onChange={(escalate_after_s) => set(grade, { escalate_after_s })} />}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
