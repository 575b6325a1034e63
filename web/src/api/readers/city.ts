import type { Names } from "../../parts/names";
import { amount, list, names, record, text, texts, type Raw } from "../raw";
import type { Area, Shapes } from "../types";

export interface Catalog {
  roles: Record<string, { names: Names; level: string | null; verbs: string[] }>;
  quantities: Record<string, { names: Names; unit: string }>;
  assetTypes: Record<string, { names: Names; icon: string | null }>;
  eventTypes: Record<string, Names>;
  items: Record<string, { names: Names; unit: string }>;
  zone: string | null;
}

const NONE: Raw[] = [];

export const items = (raw: Raw): Raw[] => (Array.isArray(raw.items) ? list(raw.items) : NONE);

/** Returns entries by code, from a map of entries or a list of entries with `code`, `id` or `type`. */
export function byCode(value: unknown): Record<string, Raw> {
  if (!Array.isArray(value)) return Object.fromEntries(Object.entries(record(value)).map(([k, v]) => [k, record(v)]));
  return Object.fromEntries(list(value).map((one) => [text(one.code) ?? text(one.id) ?? text(one.type) ?? "", one]));
}

const each = <T>(value: unknown, shape: (raw: Raw, code: string) => T): Record<string, T> =>
  Object.fromEntries(Object.entries(byCode(value)).map(([code, raw]) => [code, shape(raw, code)]));

export function catalog(raw: Raw): Catalog {
  const units = byCode(raw.units);
  const sign = (unit: unknown): string => text(units[text(unit) ?? ""]?.sign) ?? text(unit) ?? "";
  return {
    roles: each(raw.roles, (r, code) => ({ names: names(r, code), level: text(r.level), verbs: texts(r.verbs) })),
    quantities: each(raw.quantities, (q, code) => ({ names: names(q, code), unit: sign(q.unit) })),
    assetTypes: each(raw.asset_types, (a, code) => ({ names: names(a, code), icon: text(record(a.symbol).icon) ?? text(a.symbol) })),
    eventTypes: each(raw.event_types, (e, code) => names(e, code)),
    items: each(raw.items ?? raw.supply_items, (i, code) => ({ names: names(i, code), unit: sign(i.unit) })),
    zone: text(raw.zone) ?? text(raw.timezone),
  };
}

export interface Areas {
  list: Area[];
  get: (code: string) => Area | undefined;
}

/** Returns all areas and a way to find one by its code. */
export function areas(raw: Raw): Areas {
  const all = list(raw.items ?? raw.areas).map((one) => ({
    code: text(one.code) ?? "",
    names: names(one, text(one.code) ?? ""),
    level: text(one.level) ?? "",
    parent: text(one.parent),
    lon: amount(one.lon),
    lat: amount(one.lat),
    population: amount(one.population),
  }));
  const index = new Map(all.map((area) => [area.code, area]));
  return { list: all, get: (code) => index.get(code) };
}

/** Tells whether `inner` lies in the jurisdiction of `outer`; a city's six digits end in four zeros. */
export function within(inner: string, outer: string): boolean {
  const prefix = outer.endsWith("0000") && outer.length === 6 ? outer.slice(0, 2) : outer;
  return inner.startsWith(prefix);
}

const EMPTY: Shapes = { type: "FeatureCollection", features: [] };

/** Returns a feature collection whose features carry their own id among their properties, where the map can find it. */
export function features(raw: Raw): Shapes {
  const shapes = raw.type === "FeatureCollection" ? raw : record(raw.features ?? raw.geojson);
  if (shapes.type !== "FeatureCollection") return EMPTY;
  const all = (shapes as unknown as Shapes).features;
  return { type: "FeatureCollection", features: all.map((one) => ({ ...one, properties: { id: one.id, ...one.properties } })) };
}
