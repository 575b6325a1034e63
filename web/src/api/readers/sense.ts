import { rank } from "../../parts/grades";
import type { Names } from "../../parts/names";
import { amount, first, flag, grade, list, names, reasons, record, text, texts, type Raw } from "../raw";
import type { Alarm, AlarmDetail, Neighbour, Series } from "../types";
import { rule } from "./rules";

export function alarm(raw: Raw): Alarm {
  const subject = text(first(raw, "subject", "sensor")) ?? "";
  return {
    ...reasons(raw),
    id: text(raw.id) ?? "",
    subject,
    subject_kind: text(raw.subject_kind) ?? "sensor",
    sensor: text(raw.sensor),
    name: names(raw, subject),
    rule: text(raw.rule) ?? "",
    about: text(raw.about) ?? "hazard",
    quantity: text(raw.quantity) ?? "",
    grade: grade(raw.grade),
    worst: grade(first(raw, "worst", "grade")),
    state: text(raw.state) ?? "",
    active: flag(raw.active),
    open: raw.open === undefined ? text(raw.state) !== "normal" : flag(raw.open),
    area: text(raw.area) ?? "",
    asset_type: text(raw.asset_type),
    opened_at: text(raw.opened_at) ?? "",
    changed_at: text(raw.changed_at) ?? "",
    value: amount(raw.value),
    threshold: amount(raw.threshold),
    unit: text(raw.unit) ?? "",
    cause: text(raw.cause),
    members: amount(raw.members) ?? 0,
    comments: amount(raw.comments) ?? 0,
    assigned_to: text(raw.assigned_to),
    incidents: texts(raw.incidents),
    acknowledged_by: text(raw.acknowledged_by),
    shelved_until: text(raw.shelved_until),
    returned_at: text(raw.returned_at),
    ...(amount(raw.lon) === null ? {} : { lon: amount(raw.lon) ?? 0, lat: amount(raw.lat) ?? 0 }),
  };
}

const WAITING = new Set(["unacknowledged", "returned_unacknowledged"]);
const HIDDEN = new Set(["shelved", "suppressed_by_design", "out_of_service"]);

/** Tells whether an alarm waits for somebody to say that it was seen (ISA-18.2). */
export const needsAcknowledging = (one: Alarm): boolean => WAITING.has(one.state) && one.open;
export const isOpen = (one: Alarm): boolean => one.open;
export const isHidden = (one: Alarm): boolean => HIDDEN.has(one.state);

/** Returns alarms, the gravest first and then the newest. */
export const alarms = (raw: Raw): Alarm[] =>
  list(raw.items)
    .map(alarm)
    .sort((a, b) => rank(a.grade) - rank(b.grade) || b.opened_at.localeCompare(a.opened_at));

export const neighbours = (value: unknown): Neighbour[] =>
  list(value).map((one) => ({
    id: text(one.id) ?? "",
    name: names(one, text(one.id) ?? ""),
    distance_m: amount(one.distance_m),
    value: amount(one.value),
    at: text(one.at),
  }));

/** Returns an alarm with the words of its rule, what happened to it, its members, and its sensor's readings around it. */
export function alarmDetail(raw: Raw): AlarmDetail {
  const why = record(raw.why);
  return {
    alarm: alarm(record(raw.alarm)),
    why: names(why) as Names,
    rule: text(record(why.rule).id) === null ? null : rule(record(why.rule)),
    history: list(raw.history).map((line) => ({
      seq: amount(line.seq) ?? 0,
      at: text(line.at) ?? "",
      by: text(line.by) ?? "",
      event: text(line.event) ?? "",
      state: text(line.state) ?? "",
      grade: grade(line.grade),
      value: amount(line.value),
      note: text(line.note) ?? "",
    })),
    members: list(raw.members).map(alarm),
    neighbours: neighbours(raw.neighbours),
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
