import type { Names } from "../../parts/names";
import { amount, list, names, record, text, texts, type Raw } from "../raw";
import type { Area, Shapes } from "../types";

export const SUBJECTS = ["roles", "units", "quantities", "asset_types", "event_types", "supply_items", "report_kinds", "sectors", "sensor_rules", "sensor_kinds"] as const;

export interface Catalog {
  roles: Record<string, Names>;
  quantities: Record<string, { names: Names; unit: string; sector: string }>;
  sectors: Record<string, Names>;
  rules: Record<string, Names>;
  sectorOfRule: Record<string, string>;
  sensorKinds: Record<string, Names>;
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
  // A unit is named by its own id, or by its UCUM code.
  const signs = new Map(Object.values(units).flatMap((one) => [[text(record(one).ucum) ?? "", record(one).sign]] as const));
  const sign = (unit: string): string => (typeof record(units[unit]).sign === "string" ? String(record(units[unit]).sign) : typeof signs.get(unit) === "string" ? String(signs.get(unit)) : unit);
  const withUnit = (one: Raw, code: string) => ({ names: names(one, code), unit: sign(text(one.unit) ?? "") });
  // A quantity that several sectors measure belongs to the first that names it.
  const sectors = new Map(Object.entries(record(raw.sectors)).reverse().flatMap(([sector, one]) => texts(record(one).quantities).map((code) => [code, sector])));
  return {
    roles: each(raw.roles, names),
    quantities: each(raw.quantities, (one, code) => ({ ...withUnit(one, code), sector: sectors.get(code) ?? "" })),
    rules: each(raw.sensor_rules, names),
    sectorOfRule: Object.fromEntries(Object.entries(record(raw.sectors)).flatMap(([sector, one]) => texts(record(one).rules).map((id) => [id, sector]))),
    sensorKinds: each(raw.sensor_kinds, names),
    sectors: each(raw.sectors, names),
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
