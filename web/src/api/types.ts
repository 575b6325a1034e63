/** What the screens read. One place, so that the client generated from the OpenAPI document can replace it. */
import type { FeatureCollection, Geometry } from "geojson";

import type { Grade } from "../parts/grades";
import type { Names } from "../parts/names";

export type Level = Grade | null;
export type Data = Record<string, unknown>;

export interface Listing<T> {
  items: T[];
  next?: number | string | null;
}

export interface Me {
  user: string;
  name: string;
  roles: { role: string; area: string }[];
  demo: boolean;
  lang: string;
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

/** What explains a number: every part may be missing, and then is not shown. */
export interface Reasons {
  source?: string | null;
  confidence?: string | null;
  from?: string | null;
  maturity?: string | null;
  synthetic?: boolean | null;
}

export interface Alarm extends Reasons {
  id: string;
  sensor: string;
  name: Names;
  rule: string;
  quantity: string;
  grade: Level;
  worst: Level;
  state: string;
  open: boolean;
  area: string;
  opened_at: string;
  changed_at: string;
  value: number | null;
  threshold: number | null;
  unit: string;
  acknowledged_by: string | null;
  lon?: number;
  lat?: number;
}

export interface RuleView extends Reasons {
  names: Names;
  op: string;
  unit: string;
  hold_s: number | null;
  clear: number | null;
  grades: (Reasons & { grade: Level; value: number | null })[];
}

export interface AlarmDetail {
  alarm: Alarm;
  why: Names;
  rule: RuleView | null;
  history: { seq: number; at: string; by: string; event: string; state: string; grade: Level; note: string }[];
  series: Series;
}

export interface Series {
  points: [number, number][];
  unit: string;
  quantity: string;
}

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

export interface Range {
  low: number;
  best: number;
  high: number;
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

export interface WarningText {
  headline: string;
  description: string;
  instruction: string;
}

export interface WarningStep {
  at: string;
  by: string;
  verb: string;
  note?: string;
}

export interface Warning extends Reasons {
  id: string;
  state: string;
  grade: Level;
  event_type: string;
  areas: string[];
  area: string;
  texts: { zh?: WarningText; en?: WarningText };
  author: string | null;
  approver: string | null;
  made_at: string;
  issued_at: string | null;
  expires_at: string | null;
  because?: string | null;
  steps?: WarningStep[];
}

export interface PlanAction {
  id: string;
  names: Names;
  role: string;
  area: string;
  level: string;
  state: string;
  due: string | null;
  done_at: string | null;
  task: string | null;
  depends: string[];
}

export interface Activation extends Reasons {
  id: string;
  plan: string;
  names: Names;
  area: string;
  grade: Level;
  state: string;
  proposed_at: string | null;
  activated_at: string | null;
  actions: PlanAction[];
}

export interface Task {
  id: string;
  title: Names;
  state: string;
  grade: Level;
  area: string;
  role: string;
  due: string | null;
  opened_at: string | null;
  submitted_at: string | null;
  ended_at: string | null;
  overdue: boolean;
  late: boolean;
  source: string;
  subject: string | null;
  detail: string;
  evidence: string;
  desk_area: string;
  desk_role: string;
  escalations: number;
  waits_for: string[];
}

export interface Report {
  id: string;
  kind: string;
  incident: string;
  area: string;
  state: string;
  due: string | null;
  text: string;
  source?: string;
}

export interface Warehouse {
  id: string;
  name: Names | string;
  area: string;
  lon?: number;
  lat?: number;
  stock: { item: string; names: Names; quantity: number; reserved: number; unit: string }[];
  synthetic?: boolean;
}

export interface Shelter {
  id: string;
  name: Names | string;
  area: string;
  capacity: number;
  occupied: number;
  state: string;
  lon?: number;
  lat?: number;
  synthetic?: boolean;
}

export interface Need {
  id: string;
  area: string;
  item: string;
  names: Names;
  unit: string;
  needed: number;
  allocated: number;
  source?: string;
}

export interface TimelineBar {
  id: string;
  lane: "alarm" | "warning" | "task" | "activation" | string;
  label: string;
  area: string;
  start: string;
  end: string | null;
  due: string | null;
  late: boolean;
  grade: Level;
}

export interface Shapes extends FeatureCollection<Geometry, Data> {}
