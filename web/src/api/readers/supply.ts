import { amount, first, flag, grade, list, names, range, record, text, type Raw } from "../raw";
import type { Allocation, Flow, Need, Range, Shelter, StockLine, Warehouse } from "../types";

const NOBODY: Range = { low: 0, best: 0, high: 0 };

function goods(raw: Raw): StockLine {
  const item = text(raw.item) ?? "";
  return {
    item,
    names: names(raw, item, ["item"]),
    quantity: amount(raw.quantity) ?? 0,
    unit: text(raw.unit) ?? "",
  };
}

/** Returns warehouses with what lies in each, from one row per site and item. */
export function warehouses(raw: Raw): Warehouse[] {
  const found = new Map<string, Warehouse>();
  for (const row of list(raw.items)) {
    const id = text(row.site) ?? "";
    const known = found.get(id) ?? { id, name: names(row, id, ["site"]), area: text(row.area) ?? "", stock: [], synthetic: flag(row.synthetic) };
    found.set(id, { ...known, stock: [...known.stock, goods(row)] });
  }
  return [...found.values()];
}

export const shelters = (raw: Raw): Shelter[] =>
  list(raw.items).map((one) => ({
    id: text(one.id) ?? "",
    name: names(one, text(one.id) ?? ""),
    area: text(one.area) ?? "",
    capacity: amount(one.capacity) ?? 0,
    occupied: amount(first(one, "occupants", "occupied")) ?? 0,
    state: text(one.state) ?? "closed",
    lon: amount(one.lon),
    lat: amount(one.lat),
    synthetic: flag(one.synthetic),
  }));

export const needs = (raw: Raw): Need[] =>
  list(raw.items).map((one) => ({
    id: text(one.id) ?? "",
    area: text(one.area) ?? "",
    state: text(one.state) ?? "",
    at: text(one.at) ?? "",
    grade: grade(one.grade),
    forecast: text(one.forecast),
    days: amount(one.days) ?? 0,
    people: range(one) ?? NOBODY,
    towns: list(one.towns).map((town) => ({ area: text(town.area) ?? "", grade: grade(town.grade), people: range(town) ?? NOBODY })),
    items: list(one.items).map(goods),
  }));

export function allocation(one: Raw): Allocation {
  return {
    id: text(one.id) ?? "",
    area: text(one.area) ?? "",
    need: text(one.need) ?? "",
    state: text(one.state) ?? "",
    at: text(one.at) ?? "",
    unmet: list(one.unmet).map(goods),
    flows: amount(one.flows) ?? 0,
    people: amount(one.people) ?? 0,
  };
}

export const allocations = (raw: Raw): Allocation[] => list(raw.items).map(allocation);

function flow(feature: Raw): Flow {
  const raw = record(feature.properties);
  const item = record(raw.item);
  return {
    from: names(record(raw.source)),
    to: names(record(raw.target)),
    goods: text(item.item) === null ? null : goods(item),
    people: amount(raw.people),
    distance_m: amount(raw.distance_m),
  };
}

/** Returns what goes where under one allocation, people first. */
export function flows(raw: Raw): Flow[] {
  const part = (key: string): Flow[] => list(record(raw[key]).features).map(flow);
  return [...part("placements"), ...part("flows")];
}
