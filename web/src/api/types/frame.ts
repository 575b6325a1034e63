/** Who is here, where, and what has happened. */
import type { Names } from "../../parts/names";
import type { Data } from "./base";

export interface HeldRole {
  role: string;
  role_zh: string;
  role_en: string;
  level: string | null;
  area: string;
  area_zh: string;
  area_en: string;
}

export interface Me {
  user: string;
  name: string;
  roles: HeldRole[];
  verbs: string[];
  demo: boolean;
}

export interface City {
  code: string;
  zh: string;
  en: string;
  timezone: string;
  bounds: [number, number, number, number];
  layers: string[];
  credits: string[];
  synthetic: string[];
}

export interface Entry {
  seq: number;
  at: string;
  by: string;
  verb: string;
  subject: string;
  area: string;
  args: Data;
  data: Data;
  because: number | null;
  why: string;
}

export interface Outcome {
  verb: string;
  seq: number;
  subject: string;
  area: string;
  at: string;
  data: Data;
  dry_run: boolean;
  repeated: boolean;
}

export interface Area {
  code: string;
  names: Names;
  level: string;
  parent: string | null;
  lon: number | null;
  lat: number | null;
  population: number | null;
}
