import { rank } from "../../parts/grades";
import { amount, flag, grade, list, names, reasons, record, text, texts, type Raw } from "../raw";
import type { AreaSigns, Coverage, DataQuality, Resource, Sign, VitalSigns } from "../types";

const sign = (raw: Raw): Sign => ({
  ...reasons(raw),
  id: text(raw.id) ?? "",
  names: names(raw, text(raw.id) ?? ""),
  sectors: texts(raw.sectors),
  formula: text(raw.formula) ?? "",
  unit: text(raw.unit) ?? "",
  op: text(raw.op) ?? ">=",
  grades: list(raw.grades)
    .map((one) => ({ grade: grade(one.grade), value: amount(one.value) ?? 0 }))
    .sort((a, b) => rank(b.grade) - rank(a.grade)),
  note: text(raw.note),
});

const areaSigns = (raw: Raw): AreaSigns => ({
  area: text(raw.area) ?? "",
  people: amount(raw.people),
  readings: Object.fromEntries(list(raw.readings).map((one) => [text(one.sign) ?? "", { value: amount(one.value), grade: grade(one.grade) }])),
});

export const vitalSigns = (raw: Raw): VitalSigns => ({ at: text(raw.at) ?? "", signs: list(raw.signs).map(sign), areas: list(raw.items).map(areaSigns) });

const quality = (raw: Raw): DataQuality => ({
  days: amount(raw.days) ?? 0,
  sensors: amount(raw.sensors) ?? 0,
  heard: amount(raw.heard) ?? 0,
  rows: amount(raw.rows) ?? 0,
  complete: amount(raw.complete),
  good: amount(raw.good),
  suspect: amount(raw.suspect),
  missing: amount(raw.missing),
  out_of_range: amount(raw.out_of_range),
  late: amount(raw.late),
  newest_at: text(raw.newest_at),
});

export const resources = (raw: Raw): Resource[] =>
  list(raw.items).map((one) => ({
    ...reasons(one),
    id: text(one.id) ?? "",
    names: names(one, text(one.id) ?? ""),
    sector: text(one.sector),
    provider: { zh: text(one.provider_zh) ?? "", en: text(one.provider_en) },
    quantities: texts(one.quantities),
    address: text(one.address) ?? "",
    format: texts(one.format),
    cadence_s: amount(one.cadence_s),
    sharing: text(one.sharing) ?? "",
    condition: text(one.condition_zh) === null ? null : { zh: text(one.condition_zh) ?? "", en: text(one.condition_en) },
    personal: flag(one.personal),
    roles: texts(one.roles),
    usable: flag(one.usable),
    quality: one.quality == null ? null : quality(record(one.quality)),
  }));

const counts = (value: unknown): Record<string, number> => Object.fromEntries(Object.entries(record(value)).map(([key, n]) => [key, amount(n) ?? 0]));

export const coverage = (raw: Raw): Coverage => ({
  area: text(raw.area) ?? "",
  hazard: text(raw.hazard) ?? "",
  hazards: texts(raw.hazards),
  towns: list(raw.towns).map((one) => ({ area: text(one.area) ?? "", names: names(one, text(one.area) ?? ""), area_km2: amount(one.area_km2), people: amount(one.people), sensors: counts(one.sensors), heard: counts(one.heard) })),
  cell_m: amount(raw.cell_m) ?? 0,
  cells: amount(raw.cells) ?? 0,
  people: amount(raw.people) ?? 0,
  people_covered: amount(raw.people_covered) ?? 0,
  land_km2: amount(raw.land_km2) ?? 0,
  land_covered_km2: amount(raw.land_covered_km2) ?? 0,
  gaps: list(raw.gaps).map((one) => ({ lon: amount(one.lon) ?? 0, lat: amount(one.lat) ?? 0, people: amount(one.people) ?? 0, nearest_m: amount(one.nearest_m) })),
  gaps_left_out: amount(raw.gaps_left_out) ?? 0,
  synthetic: flag(raw.synthetic),
});
