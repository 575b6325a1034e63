import { rank } from "../../parts/grades";
import { amount, flag, grade, list, names, range, reasons, record, text, type Raw } from "../raw";
import type { AssetImpact, Cyclone, Forecast, ForecastLine, Outlook, Range, TownImpact, TrackPoint } from "../types";
import { within } from "./city";

const NOBODY: Range = { low: 0, best: 0, high: 0 };

function point(raw: Raw): TrackPoint {
  return {
    at: text(raw.at) ?? "",
    lon: amount(raw.lon) ?? 0,
    lat: amount(raw.lat) ?? 0,
    wind_m_s: amount(raw.wind_m_s),
    pressure_hpa: amount(raw.pressure_hpa),
  };
}

function radii(raw: Raw): Record<string, number> {
  const found: Record<string, number> = {};
  for (const [key, value] of Object.entries(record(raw.radii_km))) {
    const km = amount(value);
    if (km !== null && km > 0) found[key] = km;
  }
  return found;
}

/** Returns the cyclone's track and where it is, or nothing where there is none. */
export function cyclone(raw: Raw): Cyclone | null {
  const inner = record(raw.cyclone);
  const track = list(inner.track).map(point);
  const now = record(inner.now);
  if (track.length === 0) return null;
  return {
    ...reasons(inner),
    name: names(inner, "–"),
    track,
    now: amount(now.lon) === null ? null : { ...point(now), radii_km: radii(now) },
  };
}

export function town(raw: Raw): TownImpact {
  return {
    area: text(raw.area) ?? "",
    grade: grade(raw.grade),
    people: range(raw.people) ?? range(raw) ?? NOBODY,
    depth_m: amount(raw.max_depth_m),
    flooded_km2: amount(raw.flooded_km2),
    rain_mm: amount(raw.rain_mm),
    gust_m_s: amount(raw.gust_m_s),
    critical_assets: amount(raw.critical_assets),
  };
}

function asset(raw: Raw): AssetImpact {
  return {
    asset: text(raw.asset) ?? "",
    name: names(raw, text(raw.asset) ?? ""),
    type: text(raw.type) ?? "",
    area: text(raw.area) ?? "",
    depth_m: amount(raw.depth_m),
    grade: grade(raw.grade),
    critical: flag(raw.critical),
    synthetic: flag(raw.synthetic),
  };
}

export function forecastLine(raw: Raw): ForecastLine {
  return {
    ...reasons(raw),
    id: text(raw.id) ?? "",
    area: text(raw.area) ?? "",
    at: text(raw.at) ?? "",
    valid_from: text(raw.valid_from) ?? "",
    valid_to: text(raw.valid_to) ?? "",
    model: text(raw.model) ?? "",
    people: range(raw.people),
    grade: grade(raw.grade),
    underpasses: amount(raw.underpasses),
    assets_hit: amount(raw.assets_hit),
    max_depth_m: amount(raw.max_depth_m),
    gust_m_s: amount(record(raw.wind).gust_m_s),
  };
}

/** Returns forecasts, the newest first. */
export const forecasts = (raw: Raw): ForecastLine[] =>
  list(raw.items)
    .map(forecastLine)
    .sort((a, b) => b.at.localeCompare(a.at));

function bounds(value: unknown): Forecast["bounds"] {
  const [w, s, e, n] = Array.isArray(value) ? value.map(amount) : [];
  return w == null || s == null || e == null || n == null ? null : [w, s, e, n];
}

const graver = (a: TownImpact, b: TownImpact): number => rank(a.grade) - rank(b.grade) || b.people.best - a.people.best;

export function forecast(raw: Raw): Forecast {
  return {
    ...forecastLine(raw),
    inputs: record(raw.inputs),
    towns: list(raw.towns).map(town).sort(graver),
    assets: list(raw.assets).map(asset).sort((a, b) => rank(a.grade) - rank(b.grade) || (b.depth_m ?? 0) - (a.depth_m ?? 0)),
    models: list(raw.models).map((one) => ({
      id: text(one.id) ?? "",
      title: text(one.title) ?? "",
      limits: text(one.limits) ?? "",
      maturity: text(one.maturity) ?? "",
      source: text(one.source) ?? "",
    })),
    policy: list(raw.policy).map((one) => ({ ...reasons(one), id: text(one.id) ?? "", names: names(one), value: text(one.value) ?? "" })),
    bounds: bounds(raw.bounds),
  };
}

/** Returns the newest forecast of each area, without those that a newer one of a wider area has overtaken. */
export function current(lines: ForecastLine[]): ForecastLine[] {
  const kept: ForecastLine[] = [];
  for (const line of lines) if (!kept.some((newer) => within(line.area, newer.area))) kept.push(line);
  return kept;
}

const plus = (a: Range, b: Range): Range => ({ low: a.low + b.low, best: a.best + b.best, high: a.high + b.high });

/** Returns what forecasts (the newest first) say together: of each town the newest, of all towns the sum. */
export function outlook(lines: ForecastLine[], details: Forecast[]): Outlook {
  const towns = new Map<string, TownImpact>();
  for (const one of details) for (const said of one.towns) if (!towns.has(said.area)) towns.set(said.area, said);
  const all = [...towns.values()];
  return {
    newest: lines[0] ?? null,
    forecasts: details,
    towns: all.sort(graver),
    people: details.length > 0 ? all.reduce((sum, one) => plus(sum, one.people), NOBODY) : null,
  };
}
