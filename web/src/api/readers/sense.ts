import { rank } from "../../parts/grades";
import type { Names } from "../../parts/names";
import { amount, first, flag, grade, list, names, reasons, record, text, type Raw } from "../raw";
import type { Alarm, AlarmDetail, RuleView, Series } from "../types";

export function alarm(raw: Raw): Alarm {
  return {
    ...reasons(raw),
    id: text(raw.id) ?? "",
    sensor: text(raw.sensor) ?? "",
    name: names(raw, text(raw.sensor) ?? ""),
    rule: text(raw.rule) ?? "",
    quantity: text(raw.quantity) ?? "",
    grade: grade(raw.grade),
    worst: grade(first(raw, "worst", "grade")),
    state: text(raw.state) ?? "",
    open: raw.open === undefined ? !CLOSED.has(text(raw.state) ?? "") : flag(raw.open),
    area: text(raw.area) ?? "",
    opened_at: text(raw.opened_at) ?? "",
    changed_at: text(raw.changed_at) ?? "",
    value: amount(raw.value),
    threshold: amount(raw.threshold),
    unit: text(raw.unit) ?? "",
    acknowledged_by: text(raw.acknowledged_by),
    ...(amount(raw.lon) === null ? {} : { lon: amount(raw.lon) ?? 0, lat: amount(raw.lat) ?? 0 }),
  };
}

const CLOSED = new Set(["normal", "cleared", "closed"]);
const WAITING = new Set(["unacknowledged", "returned"]);

/** Tells whether an alarm waits for somebody to say that it was seen (ISA-18.2). */
export const needsAcknowledging = (one: Alarm): boolean => WAITING.has(one.state) && one.open;
export const isOpen = (one: Alarm): boolean => one.open;

/** Returns alarms, the gravest first and then the newest. */
export const alarms = (raw: Raw): Alarm[] =>
  list(raw.items)
    .map(alarm)
    .sort((a, b) => rank(a.grade) - rank(b.grade) || b.opened_at.localeCompare(a.opened_at));

function rule(value: unknown): RuleView | null {
  const raw = record(value);
  if (text(raw.id) === null) return null;
  return {
    ...reasons(raw),
    names: names(raw),
    op: text(raw.op) ?? "",
    unit: text(raw.unit) ?? "",
    hold_s: amount(raw.hold_s),
    clear: amount(raw.clear),
    grades: list(raw.grades).map((one) => ({ ...reasons(one), grade: grade(one.grade), value: amount(one.value) })),
  };
}

/** Returns an alarm with the words of its rule, what happened to it, and its sensor's readings around it. */
export function alarmDetail(raw: Raw): AlarmDetail {
  const why = record(raw.why);
  return {
    alarm: alarm(record(raw.alarm)),
    why: names(why) as Names,
    rule: rule(why.rule),
    history: list(raw.history).map((line) => ({
      seq: amount(line.seq) ?? 0,
      at: text(line.at) ?? "",
      by: text(line.by) ?? "",
      event: text(line.event) ?? "",
      state: text(line.state) ?? "",
      grade: grade(line.grade),
      note: text(line.note) ?? "",
    })),
    series: series(record(raw.series)),
  };
}

/** Returns a sensor's readings as [ms, value]. */
export function series(raw: Raw): Series {
  const points = list(raw.items)
    .map((one): [number, number] => [Date.parse(String(one.at)), amount(one.value) ?? Number.NaN])
    .filter(([at, value]) => Number.isFinite(at) && Number.isFinite(value));
  return { points, unit: text(raw.unit) ?? "", quantity: text(raw.quantity) ?? "" };
}
