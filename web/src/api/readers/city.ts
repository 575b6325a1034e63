import type { Names } from "../../parts/names";
import { amount, list, names, record, text, type Raw } from "../raw";
import type { Area, Shapes } from "../types";

export const SUBJECTS = ["roles", "units", "quantities", "asset_types", "event_types", "supply_items", "report_kinds"] as const;

export interface Catalog {
  roles: Record<string, Names>;
  quantities: Record<string, { names: Names; unit: string }>;
  assetTypes: Record<string, Names>;
  eventTypes: Record<string, Names>;
  items: Record<string, { names: Names; unit: string }>;
  reportKinds: Record<string, Names>;
  sign: (unit: string) => string;
}

export const items = (raw: Raw): Raw[] => list(raw.items);

const each = <T>(value: unknown, shape: (raw: Raw, code: string) => T): Record<string, T> =>
  Object.fromEntries(Object.entries(record(value)).map(([code, raw]) => [code, shape(record(raw), code)]));

export function catalog(raw: Raw): Catalog {
  const units = record(raw.units);
  const sign = (unit: string): string => text(record(units[unit]).sign) ?? unit;
  const withUnit = (one: Raw, code: string) => ({ names: names(one, code), unit: sign(text(one.unit) ?? "") });
  return {
    roles: each(raw.roles, names),
    quantities: each(raw.quantities, withUnit),
    assetTypes: each(raw.asset_types, names),
    eventTypes: each(raw.event_types, names),
    items: each(raw.supply_items, withUnit),
    reportKinds: each(raw.report_kinds, names),
    sign,
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
