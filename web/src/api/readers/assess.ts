import { amount, first, flag, grade, list, names, range, reasons, record, text, type Raw } from "../raw";
import type { AssetImpact, Cyclone, Forecast, TownImpact, TrackPoint } from "../types";
import { rank } from "../../parts/grades";

function point(raw: Raw): TrackPoint {
  return {
    at: text(first(raw, "at", "time")) ?? "",
    lon: amount(raw.lon) ?? 0,
    lat: amount(raw.lat) ?? 0,
    wind_m_s: amount(first(raw, "wind_m_s", "max_wind_m_s")),
    pressure_hpa: amount(raw.pressure_hpa),
  };
}

function radii(raw: Raw): Record<string, number> {
  const found: Record<string, number> = {};
  for (const [key, value] of Object.entries(record(first(raw, "radii_km", "radii")))) {
    const km = amount(value);
    if (km !== null && km > 0) found[key] = km;
  }
  return found;
}

/** Returns the cyclone's track and where it is, or nothing where there is none. */
export function cyclone(raw: Raw): Cyclone | null {
  const inner = raw.cyclone === undefined ? raw : record(raw.cyclone);
  const track = list(first(inner, "track", "items", "points")).map(point);
  const now = record(first(inner, "now", "position", "current"));
  if (track.length === 0 && amount(now.lon) === null) return null;
  return {
    ...reasons(inner),
    name: names(inner, "–"),
    track,
    now: amount(now.lon) === null ? null : { ...point(now), radii_km: radii(now) },
  };
}

export function town(raw: Raw): TownImpact {
  return {
    area: text(first(raw, "area", "code")) ?? "",
    grade: grade(raw.grade),
    people: range(first(raw, "people", "people_affected", "impact")) ?? range(raw) ?? { low: 0, best: 0, high: 0 },
    depth_m: amount(first(raw, "depth_m", "max_depth_m")),
    flooded_km2: amount(first(raw, "flooded_km2", "area_km2")),
  };
}

function asset(raw: Raw): AssetImpact {
  return {
    asset: text(first(raw, "asset", "id")) ?? "",
    name: names(raw, text(raw.asset) ?? ""),
    type: text(raw.type) ?? "",
    area: text(raw.area) ?? "",
    depth_m: amount(raw.depth_m),
    grade: grade(raw.grade),
  };
}

function box(value: unknown): [number, number, number, number] | undefined {
  const numbers = Array.isArray(value) ? value.map(amount) : ["west", "south", "east", "north"].map((k) => amount(record(value)[k]));
  const [w, s, e, n] = numbers;
  return [w, s, e, n].every((v) => typeof v === "number") ? [w as number, s as number, e as number, n as number] : undefined;
}

export function forecast(raw: Raw): Forecast {
  const bounds = box(first(raw, "bounds", "bbox"));
  const assets = list(raw.assets).map(asset);
  return {
    ...reasons({ maturity: "screening", ...raw }),
    id: text(raw.id) ?? "",
    area: text(raw.area) ?? "",
    made_at: text(first(raw, "made_at", "at", "run_at")) ?? "",
    valid_at: text(first(raw, "valid_at", "valid_to", "until")) ?? "",
    model: text(raw.model) ?? "",
    people: range(first(raw, "people", "people_affected")),
    grade: grade(raw.grade),
    inputs: record(raw.inputs),
    towns: list(first(raw, "towns", "areas", "impact")).map(town).sort((a, b) => rank(a.grade) - rank(b.grade) || b.people.best - a.people.best),
    assets: assets.sort((a, b) => (b.depth_m ?? 0) - (a.depth_m ?? 0)),
    ...(bounds ? { bounds } : {}),
    synthetic: raw.synthetic === undefined ? null : flag(raw.synthetic),
  };
}

/** Returns forecasts, the newest first. */
export const forecasts = (raw: Raw): Forecast[] =>
  list(raw.items)
    .map(forecast)
    .sort((a, b) => b.made_at.localeCompare(a.made_at));
