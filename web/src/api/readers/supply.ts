import { amount, first, flag, list, names, text, type Raw } from "../raw";
import type { Need, Shelter, Warehouse } from "../types";

type Stock = Warehouse["stock"][number];

function stock(raw: Raw): Stock {
  return {
    item: text(raw.item) ?? "",
    names: names(raw, text(raw.item) ?? "", ["item_name", "names", "title"]),
    quantity: amount(raw.quantity) ?? 0,
    reserved: amount(raw.reserved) ?? 0,
    unit: text(raw.unit) ?? "",
  };
}

function warehouse(raw: Raw, lines: Stock[]): Warehouse {
  return {
    id: text(first(raw, "warehouse", "id", "place")) ?? "",
    name: names(raw, text(first(raw, "warehouse", "id", "place")) ?? "", ["warehouse_name", "place_name", "name"]),
    area: text(raw.area) ?? "",
    ...place(raw),
    stock: lines,
    synthetic: flag(raw.synthetic),
  };
}

function place(raw: Raw): { lon?: number; lat?: number } {
  const lon = amount(raw.lon);
  const lat = amount(raw.lat);
  return lon === null || lat === null ? {} : { lon, lat };
}

/** Returns warehouses with what lies in each, whether the answer is nested or one row per item and place. */
export function warehouses(raw: Raw): Warehouse[] {
  const rows = list(raw.items);
  if (rows.some((row) => Array.isArray(row.stock))) return rows.map((row) => warehouse(row, list(row.stock).map(stock)));
  const groups = new Map<string, Raw[]>();
  for (const row of rows) {
    const id = text(first(row, "warehouse", "place", "id")) ?? "";
    groups.set(id, [...(groups.get(id) ?? []), row]);
  }
  return [...groups.values()].map((group) => warehouse(group[0] ?? {}, group.map(stock)));
}

export const shelters = (raw: Raw): Shelter[] =>
  list(raw.items).map((one) => ({
    id: text(first(one, "id", "shelter", "asset")) ?? "",
    name: names(one, text(one.id) ?? ""),
    area: text(one.area) ?? "",
    capacity: amount(one.capacity) ?? 0,
    occupied: amount(first(one, "occupied", "occupancy", "people")) ?? 0,
    state: text(one.state) ?? (flag(one.open) ? "open" : "closed"),
    ...place(one),
    synthetic: flag(one.synthetic),
  }));

export const needs = (raw: Raw): Need[] =>
  list(raw.items).map((one) => {
    const source = text(one.source);
    return {
      id: text(one.id) ?? `${text(one.area)}-${text(one.item)}`,
      area: text(one.area) ?? "",
      item: text(one.item) ?? "",
      names: names(one, text(one.item) ?? "", ["item_name", "names"]),
      unit: text(one.unit) ?? "",
      needed: amount(first(one, "needed", "quantity")) ?? 0,
      allocated: amount(first(one, "allocated", "met")) ?? 0,
      ...(source ? { source } : {}),
    };
  });
