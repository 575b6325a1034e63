/** What is happening now. */
import type { Names } from "../../parts/names";
import type { Data, Level, Reasons } from "./base";

export interface Alarm extends Reasons {
  id: string;
  /** What it is about: a sensor, an asset, an area or a place of a network. */
  subject: string;
  subject_kind: string;
  /** The sensor, where the subject is one. */
  sensor: string | null;
  name: Names;
  rule: string;
  about: string;
  quantity: string;
  grade: Level;
  worst: Level;
  state: string;
  active: boolean;
  open: boolean;
  area: string;
  asset_type: string | null;
  opened_at: string;
  changed_at: string;
  value: number | null;
  threshold: number | null;
  unit: string;
  cause: string | null;
  members: number;
  comments: number;
  assigned_to: string | null;
  incidents: string[];
  acknowledged_by: string | null;
  shelved_until: string | null;
  returned_at: string | null;
  lon?: number;
  lat?: number;
}

export interface GradeLine extends Reasons {
  grade: Level;
  value: number | null;
  hold_s: number | null;
  escalate_after_s: number | null;
}

/** What a compound rule counts. */
export interface RuleTerm {
  rule: string;
  grade: Level;
  need: number[];
}

export interface RuleView extends Reasons {
  id: string;
  names: Names;
  kind: string;
  about: string;
  quantity: string;
  asset_types: string[];
  op: string;
  unit: string;
  grades: GradeLine[];
  hold_s: number | null;
  clear: number | null;
  clear_hold_s: number | null;
  window_s: number | null;
  tolerance: number | null;
  over: string | null;
  level: string | null;
  network: string | null;
  mode: string;
  terms: RuleTerm[];
  gathers: boolean;
  suppressed_by: string[];
  overrides: number;
  note: string | null;
  layer: string;
}

/** One version of a rule that people made; `body` is in the catalog's form. */
export interface OwnRule {
  id: string;
  version: number;
  state: string;
  area: string;
  body: Data;
  reason: string;
  proposed_by: string;
  proposed_at: string;
  switched_by: string | null;
  switched_at: string | null;
}

export interface RuleBook {
  rules: RuleView[];
  own: OwnRule[];
}

export interface HistoryLine {
  seq: number;
  at: string;
  by: string;
  event: string;
  state: string;
  grade: Level;
  value: number | null;
  note: string;
}

export interface Neighbour {
  id: string;
  name: Names;
  distance_m: number | null;
  value: number | null;
  at: string | null;
}

export interface AlarmDetail {
  alarm: Alarm;
  why: Names;
  rule: RuleView | null;
  history: HistoryLine[];
  members: Alarm[];
  neighbours: Neighbour[];
  series: Series;
}

export interface Series {
  points: [number, number][];
  unit: string;
  quantity: string;
}
