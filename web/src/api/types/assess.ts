/** What may happen, and how bad. */
import type { Names } from "../../parts/names";
import type { Data, Level, Range, Reasons } from "./base";

export interface TrackPoint {
  at: string;
  lon: number;
  lat: number;
  wind_m_s: number | null;
  pressure_hpa: number | null;
}

export interface Cyclone extends Reasons {
  name: Names | string;
  track: TrackPoint[];
  now: (TrackPoint & { radii_km?: Record<string, number> }) | null;
}

export interface TownImpact {
  area: string;
  grade: Level;
  people: Range;
  depth_m: number | null;
  flooded_km2: number | null;
  rain_mm: number | null;
  gust_m_s: number | null;
  critical_assets: number | null;
}

export interface AssetImpact {
  asset: string;
  name: Names;
  type: string;
  area: string;
  depth_m: number | null;
  grade: Level;
  critical: boolean;
  synthetic: boolean;
}

export interface ModelCard {
  id: string;
  title: string;
  limits: string;
  maturity: string;
  source: string;
}

export interface PolicyUsed extends Reasons {
  id: string;
  names: Names;
  value: string;
}

/** One forecast in short, as lists have it. */
export interface ForecastLine extends Reasons {
  id: string;
  area: string;
  at: string;
  valid_from: string;
  valid_to: string;
  model: string;
  people: Range | null;
  grade: Level;
  underpasses: number | null;
  assets_hit: number | null;
  max_depth_m: number | null;
  gust_m_s: number | null;
}

export interface Forecast extends ForecastLine {
  inputs: Data;
  towns: TownImpact[];
  assets: AssetImpact[];
  models: ModelCard[];
  policy: PolicyUsed[];
  bounds: [number, number, number, number] | null;
}

/** What the newest forecasts of all areas say together. */
export interface Outlook {
  newest: ForecastLine | null;
  forecasts: Forecast[];
  towns: TownImpact[];
  people: Range | null;
}
