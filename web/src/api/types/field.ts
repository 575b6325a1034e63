/** What was agreed, promised and owed. */
import type { Names } from "../../parts/names";
import type { TownImpact } from "./assess";
import type { Data, Level, Step } from "./base";

export interface Progress {
  total: number;
  by_state: Record<string, number>;
  open: number;
  overdue: number;
  late: number;
  done_share: number;
}

export interface BoardRow {
  action: string;
  names: Names;
  role: string;
  level: string;
  minutes: number | null;
  from_level: string;
  depends: string[];
  applies: boolean;
  progress: Progress;
}

export interface Activation {
  id: string;
  plan: string;
  names: Names;
  area: string;
  grade: Level;
  level: string;
  wanted: string | null;
  state: string;
  reason: string;
  facts: Data;
  towns: TownImpact[];
  proposed_at: string | null;
  activated_at: string | null;
  ended_at: string | null;
}

export interface ActivationDetail {
  activation: Activation;
  rows: BoardRow[];
  progress: Progress;
  history: Step[];
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
  number: number;
  incident: string;
  area: string;
  state: string;
  due: string | null;
  receiver: string | null;
}

export interface ReportDetail {
  report: Report;
  texts: { at: string; by: string; names: Names }[];
}

export interface TimelineBar {
  id: string;
  lane: string;
  names: Names;
  area: string;
  start: string;
  end: string | null;
  due: string | null;
  grade: Level;
  state: string | null;
}

/** One line of the timeline, in words. */
export interface StoryLine {
  seq: number;
  at: string;
  kind: string;
  subject: string;
  area: string;
  by: string;
  grade: Level;
  names: Names;
  because: number | null;
}
