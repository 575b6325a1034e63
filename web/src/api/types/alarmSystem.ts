/** How the alarm system does its work, after ISA-18.2, IEC 62682 and EEMUA 191. */
import type { Names } from "../../parts/names";
import type { Level, Reasons } from "./base";

export interface Indicator extends Reasons {
  id: string;
  names: Names;
  value: number | null;
  unit: string;
  target: number | null;
  /** The most that can be borne. */
  most: number | null;
  /** `met`, `bearable` or `missed`. */
  standing: string;
}

export interface Flood {
  from: string;
  to: string;
  count: number;
  peak: number;
}

export interface Counted {
  subject: string;
  subject_kind: string;
  rule: string;
  count: number;
  /** Percent of all calls. */
  share: number;
}

export interface StaleAlarm {
  alarm: string;
  subject: string;
  subject_kind: string;
  rule: string;
  grade: Level;
  since: string;
}

export interface PriorityShare extends Reasons {
  grade: Level;
  share: number;
  target: number;
}

export interface AlarmSystem {
  since: string;
  until: string;
  operators: number;
  alarms: number;
  indicators: Indicator[];
  floods: Flood[];
  most_frequent: Counted[];
  chattering: Counted[];
  fleeting: Counted[];
  standing: StaleAlarm[];
  priorities: PriorityShare[];
  waited: { median_s: number | null; most_s: number | null };
}
