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
  depth_m?: number | null;
  flooded_km2?: number | null;
}

export interface AssetImpact {
  asset: string;
  name: Names | string;
  type: string;
  area: string;
  depth_m: number | null;
  grade: Level;
}

export interface Forecast extends Reasons {
  id: string;
  area: string;
  made_at: string;
  valid_at: string;
  model: string;
  people: Range | null;
  grade: Level;
  inputs?: Data;
  towns?: TownImpact[];
  assets?: AssetImpact[];
  bounds?: [number, number, number, number];
}
