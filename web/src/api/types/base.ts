/** What all answers are made of. */
import type { FeatureCollection, Geometry } from "geojson";

import type { Grade } from "../../parts/grades";

export type Level = Grade | null;

export type Data = Record<string, unknown>;

export interface Listing<T> {
  items: T[];
  next?: number | string | null;
}

/** What explains a number: every part may be missing, and then is not shown. */
export interface Reasons {
  source?: string | null;
  confidence?: string | null;
  from?: string | null;
  maturity?: string | null;
  synthetic?: boolean | null;
}

export interface Range {
  low: number;
  best: number;
  high: number;
}

export interface Step {
  seq: number;
  at: string;
  by: string;
  verb: string;
  state: string;
  note: string;
}

export type Shapes = FeatureCollection<Geometry, Data>;
