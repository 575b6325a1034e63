/** The state of the city: vital signs, what data there are, where instruments would see a hazard. */
import type { Names } from "../../parts/names";
import type { Level, Reasons } from "./base";

export interface Sign extends Reasons {
  id: string;
  names: Names;
  sectors: string[];
  formula: string;
  unit: string;
  op: string;
  /** The mildest first. */
  grades: { grade: Level; value: number }[];
  note: string | null;
}

export interface SignReading {
  value: number | null;
  grade: Level;
}

export interface AreaSigns {
  area: string;
  people: number | null;
  readings: Record<string, SignReading>;
}

export interface VitalSigns {
  at: string;
  signs: Sign[];
  /** The area that was asked for first, then those right below it. */
  areas: AreaSigns[];
}

export interface DataQuality {
  days: number;
  sensors: number;
  heard: number;
  rows: number;
  complete: number | null;
  good: number | null;
  suspect: number | null;
  missing: number | null;
  out_of_range: number | null;
  late: number | null;
  newest_at: string | null;
}

export interface Resource extends Reasons {
  id: string;
  names: Names;
  sector: string | null;
  provider: Names;
  quantities: string[];
  address: string;
  format: string[];
  cadence_s: number | null;
  sharing: string;
  condition: Names | null;
  personal: boolean;
  roles: string[];
  usable: boolean;
  quality: DataQuality | null;
}

export interface TownCoverage {
  area: string;
  names: Names;
  area_km2: number | null;
  people: number | null;
  sensors: Record<string, number>;
  heard: Record<string, number>;
}

export interface Gap {
  lon: number;
  lat: number;
  people: number;
  nearest_m: number | null;
}

export interface Coverage {
  area: string;
  hazard: string;
  hazards: string[];
  towns: TownCoverage[];
  cell_m: number;
  cells: number;
  people: number;
  people_covered: number;
  land_km2: number;
  land_covered_km2: number;
  gaps: Gap[];
  gaps_left_out: number;
  synthetic: boolean;
}
