/** The desk's filters: how alarms stand, how grave, of what kind, where, whose. */
import { FilterOutlined } from "@ant-design/icons";
import { Button, Input, Segmented, Select } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";

import { GRADES } from "../../../parts/grades";
import { GradeTag } from "../../../parts/GradeTag";
import { NamedSelect } from "../../../parts/NamedSelect";
import { useWide } from "../../../parts/useWide";
import { useWords } from "../../../parts/useWords";
import { STANDINGS } from "./filter";
import { HEAPS, SORTS } from "./rows";
import type { Desk } from "./useDesk";

function Choice({ value, names, placeholder, word, onChange }: { value: string | null; names: string[]; placeholder: string; word: (name: string) => string; onChange: (name: string | null) => void }) {
  return (
    <Select
      size="small"
      className="desk-select"
      allowClear
      showSearch={{ optionFilterProp: "label" }}
      placeholder={placeholder}
      value={value}
      options={names.map((name) => ({ value: name, label: word(name) }))}
      onChange={(name: string | undefined) => onChange(name ?? null)}
    />
  );
}

function Finer({ desk }: { desk: Desk }) {
  const { t } = useTranslation();
  const words = useWords();
  const { filter, write, all } = desk;
  const known = useMemo(() => {
    const values = (key: "quantity" | "rule"): string[] => [...new Set(all.map((alarm) => alarm[key]))].sort();
    return { quantity: values("quantity"), rule: values("rule") };
  }, [all]);
  return (
    <>
      <NamedSelect kind="area" {...{ size: "small", className: "desk-select", placeholder: t("sense.every_area"), value: filter.area, onChange: (area: string | null) => write("area", area) }} />
      <Choice value={filter.quantity} names={known.quantity} placeholder={t("alarm.every_quantity")} word={words.quantity} onChange={(name) => write("quantity", name)} />
      <Choice value={filter.rule} names={known.rule} placeholder={t("alarm.every_rule")} word={words.rule} onChange={(name) => write("rule", name)} />
      <Choice value={filter.about} names={["hazard", "instrument"]} placeholder={t("alarm.about.any")} word={(name) => t(`alarm.about.${name}`)} onChange={(name) => write("about", name)} />
      <Choice value={filter.assigned} names={["me", "nobody"]} placeholder={t("alarm.assigned_to.any")} word={(name) => t(`alarm.assigned_to.${name}`)} onChange={(name) => write("assigned", name)} />
      <Input.Search size="small" allowClear className="desk-search" placeholder={t("alarm.search")} defaultValue={filter.text} onSearch={(text) => write("text", text)} />
      <span className="bar-gap" />
      <Select size="small" aria-label={t("alarm.heap")} value={filter.heap} options={HEAPS.map((value) => ({ value, label: t(`alarm.heaps.${value}`) }))} onChange={(heap) => write("heap", heap)} />
      <Select size="small" aria-label={t("alarm.sort")} value={filter.sort} options={SORTS.map((value) => ({ value, label: t(`alarm.sorts.${value}`) }))} onChange={(sort) => write("sort", sort)} />
    </>
  );
}

export function FilterBar({ desk }: { desk: Desk }) {
  const { t } = useTranslation();
  const wide = useWide();
  const [more, setMore] = useState(false);
  const { filter, write, counts } = desk;
  const toggle = (grade: string): void => {
    const grades = new Set(filter.grades);
    if (!grades.delete(grade)) grades.add(grade);
    write("grades", [...grades].join(","));
  };
  return (
    <div className="desk-filter">
      <Segmented
        value={filter.standing}
        aria-label={t("alarm.standing")}
        options={STANDINGS.map((value) => ({ value, label: value === "past" && filter.standing !== "past" ? t("alarm.standings.past") : `${t(`alarm.standings.${value}`)} ${counts[value] ?? 0}` }))}
        onChange={(standing) => write("standing", standing)}
      />
      <span className="chips" role="group" aria-label={t("sense.by_grade")}>
        {GRADES.map((grade) => (
          <button key={grade} type="button" className={filter.grades.has(grade) ? "chip chip-on" : "chip"} aria-pressed={filter.grades.has(grade)} onClick={() => toggle(grade)}>
            <GradeTag grade={grade} short />
          </button>
        ))}
      </span>
      {!wide && (
        <Button size="small" type={more ? "primary" : "default"} icon={<FilterOutlined />} aria-expanded={more} onClick={() => setMore(!more)}>
          {t("alarm.filter")}
        </Button>
      )}
      {(wide || more) && <Finer desk={desk} />}
    </div>
  );
}
