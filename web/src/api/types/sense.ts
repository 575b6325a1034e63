/** What is happening now. */
import type { Names } from "../../parts/names";
import type { Level, Reasons } from "./base";

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
