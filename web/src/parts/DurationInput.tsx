/** A length of time, typed in the unit that suits it and kept in seconds. */
import { InputNumber, Select, Space } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

const UNITS: Record<string, number> = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 };
type Unit = keyof typeof UNITS;

/** Returns the greatest unit in which a length is whole. */
export const unitFor = (seconds: number | null): Unit =>
  (Object.keys(UNITS).reverse().find((unit) => seconds !== null && seconds > 0 && seconds % (UNITS[unit] ?? 1) === 0) ?? "seconds");

interface Props {
  value: number | null;
  onChange: (seconds: number | null) => void;
  label: string;
  empty?: boolean;
}

export function DurationInput({ value, onChange, label, empty = false }: Props) {
  const { t } = useTranslation();
  const [unit, setUnit] = useState<Unit>(() => unitFor(value));
  const size = UNITS[unit] ?? 1;
  return (
    <Space.Compact size="small" className="duration">
      <InputNumber
        min={0}
        aria-label={label}
        value={value === null ? null : value / size}
        onChange={(number) => {
          if (number !== null || empty) onChange(number === null ? null : number * size);
        }}
      />
      <Select
        aria-label={label}
        value={unit}
        options={Object.keys(UNITS).map((key) => ({ value: key, label: t(`sense.unit.${key}`) }))}
        onChange={(next: Unit) => {
          setUnit(next);
          if (value !== null) onChange((value / size) * (UNITS[next] ?? 1));
        }}
      />
    </Space.Compact>
  );
}
