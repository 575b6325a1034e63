/** What a rule would have done. */
import type { Level } from "./base";

export interface TriedAlarm {
  subject: string;
  grade: Level;
  worst: Level;
  since: string;
  /** Nothing where it would still stand. */
  until: string | null;
  value: number | null;
}

export interface Trial {
  alarms: TriedAlarm[];
  count: number;
  per_day: number;
  sensors: number;
  samples: number;
  /** Whether the span was cut because it holds more than may be looked at in one try. */
  truncated: boolean;
}
