/** What a series' chart draws: lines of values, marks of what was wrong, bands of alarms. Pure. */
import type { Alarm, Bucket, GradeLine, Reading, RuleView } from "../../../api/types";
import { isGrade, type Grade } from "../../../parts/grades";

export type Point = [at: number, value: number | null];

/** Returns good readings as a line; it breaks where one is missing, doubtful, or where nothing came for three cadences. */
export function goodLine(readings: Reading[], cadence_s: number | null): Point[] {
  const most = cadence_s === null ? Infinity : cadence_s * 3000;
  const points: Point[] = [];
  let last = Number.NaN;
  for (const { at, value, quality } of readings) {
    const good = quality === "good" && Number.isFinite(value);
    if (at - last > most && points.at(-1)?.[1] !== null) points.push([last + 1, null]);
    points.push([at, good ? value : null]);
    last = at;
  }
  return points;
}

export interface Marks {
  missing: number[];
  suspect: Point[];
  out_of_range: Point[];
  late: Point[];
}

/** Returns the readings that are not plainly good, by what is the matter. */
export function marks(readings: Reading[]): Marks {
  const found: Marks = { missing: [], suspect: [], out_of_range: [], late: [] };
  for (const { at, value, quality, late } of readings) {
    if (quality === "missing" || !Number.isFinite(value)) found.missing.push(at);
    else if (quality === "suspect" || quality === "out_of_range") found[quality].push([at, value]);
    if (late && Number.isFinite(value)) found.late.push([at, value]);
  }
  return found;
}

/** Returns means with a break over hours or days of which nothing is known, and what lay between least and most. */
export function band(buckets: Bucket[], step: number): { mean: Point[]; low: Point[]; width: Point[] } {
  const found: { mean: Point[]; low: Point[]; width: Point[] } = { mean: [], low: [], width: [] };
  let last = Number.NaN;
  for (const { at, mean, low, high } of buckets) {
    if (at - last > step * 1.5) for (const part of [found.mean, found.low, found.width]) part.push([last + step / 2, null]);
    found.mean.push([at, mean]);
    found.low.push([at, low]);
    found.width.push([at, high - low]);
    last = at;
  }
  return found;
}

export interface RuleLine {
  grade: Grade;
  value: number;
  rule: RuleView;
}

const isLine = (line: GradeLine): line is GradeLine & { grade: Grade; value: number } => isGrade(line.grade) && line.value !== null;

/** Returns the values at which rules about the value itself begin; other kinds compare something that the chart does not show. */
export const ruleLines = (rules: RuleView[]): RuleLine[] =>
  rules.filter((rule) => rule.kind === "threshold").flatMap((rule) => rule.grades.filter(isLine).map(({ grade, value }) => ({ grade, value, rule })));

export interface AlarmBand {
  from: number;
  to: number;
  grade: Grade | null;
  id: string;
}

/** Returns when each alarm's condition held, cut to the window; the milder first, so that the graver is drawn over it. */
export function alarmBands(alarms: Alarm[], from: number, to: number): AlarmBand[] {
  return alarms
    .map((alarm) => ({ id: alarm.id, grade: alarm.worst, begun: Date.parse(alarm.opened_at), ended: alarm.active ? to : Date.parse(alarm.returned_at ?? alarm.changed_at) }))
    .filter(({ begun, ended }) => begun < to && ended > from)
    .map(({ id, grade, begun, ended }) => ({ id, grade, from: Math.max(begun, from), to: Math.min(ended, to) }))
    .sort((a, b) => a.from - b.from);
}
