/** Instruments in number: the live map's columns, a sensor's page and series. */
import type { Names } from "../../parts/names";
import type { Reasons } from "./base";
import type { Alarm, Neighbour, RuleView } from "./sense";

/** Sensors in columns, row for row; `quantity` and `state` point into their lists, `grade` into GRADES or is -1. */
export interface SensorColumns {
  quantities: string[];
  states: string[];
  ids: string[];
  lon: Float64Array;
  lat: Float64Array;
  quantity: Uint16Array;
  state: Uint8Array;
  grade: Int8Array;
  /** NaN where nothing was read yet. */
  value: Float64Array;
  /** Milliseconds; NaN where nothing was read yet. */
  at: Float64Array;
}

/** What is new since the last look: rows by number, and what they say now. */
export interface SensorChanges {
  rows: Uint32Array;
  state: Uint8Array;
  grade: Int8Array;
  value: Float64Array;
  at: Float64Array;
}

export interface SensorCard extends Reasons {
  id: string;
  number: number | null;
  name: Names;
  asset: string;
  asset_type: string;
  kind: string | null;
  quantity: string;
  unit: string;
  area: string;
  lon: number | null;
  lat: number | null;
  cadence_s: number | null;
  low: number | null;
  high: number | null;
  owner: string | null;
  calibrated_on: string | null;
  retired_at: string | null;
}

export interface Reading {
  at: number;
  /** NaN: missing. */
  value: number;
  quality: string;
  late: boolean;
}

export interface Bucket {
  at: number;
  mean: number;
  low: number;
  high: number;
  count: number;
}

export type Resolution = "raw" | "hour" | "day";

export interface SensorSeries {
  resolution: Resolution;
  quantity: string;
  unit: string;
  synthetic: boolean;
  readings: Reading[];
  buckets: Bucket[];
}

export interface Maintenance {
  id: string;
  begins: string;
  ends: string;
  by: string;
  reason: string;
}

export interface SensorPage {
  card: SensorCard;
  latest: Reading | null;
  health: Alarm[];
  rules: RuleView[];
  neighbours: Neighbour[];
  alarms: Alarm[];
  maintenance: Maintenance[];
}
