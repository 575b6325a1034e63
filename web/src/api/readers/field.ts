import { amount, flag, grade, list, names, record, text, texts, type Raw } from "../raw";
import type { Report, ReportDetail, Step, StoryLine, Task, TimelineBar } from "../types";
import { steps } from "./steps";

export function task(raw: Raw): Task {
  return {
    id: text(raw.id) ?? "",
    title: names(raw, text(raw.id) ?? "", ["title"]),
    state: text(raw.state) ?? "",
    grade: grade(raw.grade),
    area: text(raw.area) ?? "",
    role: text(raw.role) ?? "",
    due: text(raw.due),
    opened_at: text(raw.opened_at),
    submitted_at: text(raw.submitted_at),
    ended_at: text(raw.ended_at),
    overdue: flag(raw.overdue),
    late: flag(raw.late),
    source: text(raw.source) ?? "",
    subject: text(raw.subject),
    detail: text(raw.detail) ?? "",
    evidence: text(raw.evidence) ?? "",
    desk_area: text(raw.desk_area) ?? "",
    desk_role: text(raw.desk_role) ?? "",
    escalations: amount(raw.escalations) ?? 0,
    waits_for: texts(raw.waits_for),
  };
}

/** Returns tasks, those due first at the head. */
export const tasks = (raw: Raw): Task[] =>
  list(raw.items)
    .map(task)
    .sort((a, b) => (a.due ?? "9").localeCompare(b.due ?? "9"));

/** Returns how many tasks are open and overdue, of all in sight and not only of those listed. */
export const taskCounts = (raw: Raw): { open: number; overdue: number } => {
  const counts = record(raw.counts);
  return { open: amount(counts.open) ?? 0, overdue: amount(counts.overdue) ?? 0 };
};

export const isDone = (one: Task): boolean => one.state === "closed" || one.state === "cancelled";

export function report(raw: Raw): Report {
  return {
    id: text(raw.id) ?? "",
    kind: text(raw.kind) ?? "",
    number: amount(raw.number) ?? 0,
    incident: text(raw.incident) ?? "",
    area: text(raw.area) ?? "",
    state: text(raw.state) ?? "",
    due: text(raw.due),
    receiver: text(raw.receiver),
  };
}

const WAITING = new Set(["owed", "draft"]);
export const isOwed = (one: Report): boolean => WAITING.has(one.state);

/** Returns one report with its wordings, the last one last. */
export function reportDetail(raw: Raw): ReportDetail {
  return {
    report: report(record(raw.report)),
    texts: list(raw.texts).map((one) => ({ at: text(one.at) ?? "", by: text(one.by) ?? "", names: names(one) })),
  };
}

export const reports = (raw: Raw): Report[] => list(raw.items).map(report);

export function bar(raw: Raw): TimelineBar {
  return {
    id: text(raw.id) ?? "",
    lane: text(raw.lane) ?? "",
    names: names(raw, text(raw.id) ?? ""),
    area: text(raw.area) ?? "",
    start: text(raw.start) ?? "",
    end: text(raw.end),
    due: text(raw.due),
    grade: grade(raw.grade),
    state: text(raw.state),
  };
}

export const bars = (raw: Raw): TimelineBar[] => list(raw.items).map(bar);

/** Returns one task with what happened to it. */
export function taskDetail(raw: Raw): { task: Task; history: Step[] } {
  return {
    task: task(record(raw.task)),
    history: steps(raw.history),
  };
}

/** Returns the lines of the timeline, the newest first; users and roles are the journal's affair. */
export const story = (raw: Raw): StoryLine[] =>
  list(raw.items)
    .filter((one) => one.room !== "kernel")
    .map((one) => ({
      seq: amount(one.seq) ?? 0,
      at: text(one.at) ?? "",
      kind: text(one.kind) ?? "",
      subject: text(one.subject) ?? "",
      area: text(one.area) ?? "",
      by: text(one.by) ?? "",
      grade: grade(one.grade),
      names: names(one, text(one.kind) ?? ""),
      because: amount(one.because),
    }))
    .reverse();
