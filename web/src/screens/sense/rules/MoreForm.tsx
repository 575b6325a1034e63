/** What few rules need: when they apply, what makes them meaningless, where other values hold. */
import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Checkbox, Input, Switch } from "antd";
import { useTranslation } from "react-i18next";

import { GRADES } from "../../../parts/grades";
import { GradeTag } from "../../../parts/GradeTag";
import { NamedSelect } from "../../../parts/NamedSelect";
import type { Draft, DraftOverride } from "./draft";
import { Figure, Pick, Row, type Change } from "./FormParts";

const DAYS = [1, 2, 3, 4, 5, 6, 7];

function ScheduleForm({ draft, change }: { draft: Draft; change: Change }) {
  const { t } = useTranslation();
  const { schedule } = draft;
  return (
    <Row label={t("rule.schedule")}>
      <Switch size="small" checked={schedule !== null} onChange={(on) => change({ schedule: on ? { days: DAYS, from: "08:00", to: "20:00" } : null })} />
      {schedule && (
        <>
          <Checkbox.Group value={schedule.days} options={DAYS.map((day) => ({ value: day, label: t(`rule.day.${day}`) }))} onChange={(days) => change({ schedule: { ...schedule, days: [...days].sort() } })} />
          {(["from", "to"] as const).map((end) => (
            <Input key={end} size="small" className="clock-input" aria-label={t(`sense.${end}`)} value={schedule[end]} onChange={(event) => change({ schedule: { ...schedule, [end]: event.target.value } })} />
          ))}
        </>
      )}
    </Row>
  );
}

function Override({ one, grades, onChange, onDrop }: { one: DraftOverride; grades: readonly (typeof GRADES)[number][]; onChange: (parts: Partial<DraftOverride>) => void; onDrop: () => void }) {
  const { t } = useTranslation();
  return (
    <div className="term">
      <NamedSelect kind="area" {...{ size: "small", className: "form-select", placeholder: t("fact.area"), value: one.area, onChange: (area: string | null) => onChange({ area: area ?? null }) }} />
      {!one.area && <Input size="small" className="form-select" placeholder={t("fact.sensor")} value={one.sensor ?? ""} onChange={(event) => onChange({ sensor: event.target.value || null })} />}
      {grades.map((grade) => (
        <span key={grade}>
          <GradeTag grade={grade} short />{" "}
          <Figure
            label={t(`grade.${grade}`)}
            value={one.values[grade] ?? null}
            onChange={(value) => {
              const values = { ...one.values };
              if (value === null) delete values[grade];
              else values[grade] = value;
              onChange({ values });
            }}
          />
        </span>
      ))}
      <Button size="small" type="text" icon={<DeleteOutlined />} aria-label={t("rule.drop_override")} onClick={onDrop} />
    </div>
  );
}

export function MoreForm({ draft, change, rules }: { draft: Draft; change: Change; rules: { value: string; label: string }[] }) {
  const { t } = useTranslation();
  const { overrides } = draft;
  const grades = [...GRADES].reverse().filter((grade) => draft.levels[grade]);
  const set = (at: number, parts: Partial<DraftOverride>): void => change({ overrides: overrides.map((one, i) => (i === at ? { ...one, ...parts } : one)) });
  return (
    <>
      <ScheduleForm draft={draft} change={change} />
      <Row label={t("rule.suppressed_by")}>
        <Pick many label={t("rule.suppressed_by")} value={draft.suppressed_by} options={rules} onChange={(suppressed_by) => change({ suppressed_by })} />
      </Row>
      {draft.kind !== "compound" && (
        <Row label={t("rule.overrides")}>
          <Button size="small" icon={<PlusOutlined />} onClick={() => change({ overrides: [...overrides, { area: null, sensor: null, values: {}, clear: null, kept: {} }] })}>
            {t("rule.add_override")}
          </Button>
        </Row>
      )}
      {overrides.map((one, at) => (
        <Override key={at} one={one} grades={grades} onChange={(parts) => set(at, parts)} onDrop={() => change({ overrides: overrides.filter((_, i) => i !== at) })} />
      ))}
    </>
  );
}
