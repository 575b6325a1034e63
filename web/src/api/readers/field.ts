import { amount, first, flag, grade, list, names, reasons, text, texts, type Raw } from "../raw";
import type { Activation, PlanAction, Report, Task, TimelineBar } from "../types";

function action(raw: Raw): PlanAction {
  return {
    id: text(first(raw, "id", "action", "code")) ?? "",
    names: names(raw, text(first(raw, "action", "id")) ?? ""),
    role: text(raw.role) ?? "",
    area: text(raw.area) ?? "",
    level: text(first(raw, "level", "desk")) ?? "",
    state: text(raw.state) ?? "waiting",
    due: text(raw.due),
    done_at: text(first(raw, "done_at", "closed_at")),
    task: text(first(raw, "task", "task_id")),
    depends: texts(first(raw, "depends", "after", "depends_on")),
  };
}

export function activation(raw: Raw): Activation {
  return {
    ...reasons(raw),
    id: text(raw.id) ?? "",
    plan: text(raw.plan) ?? "",
    names: names(raw, text(raw.plan) ?? ""),
    area: text(raw.area) ?? "",
    grade: grade(first(raw, "grade", "level")),
    state: text(raw.state) ?? "",
    proposed_at: text(raw.proposed_at),
    activated_at: text(first(raw, "activated_at", "confirmed_at")),
    actions: list(first(raw, "actions", "tasks")).map(action),
  };
}

export const activations = (raw: Raw): Activation[] => list(raw.items).map(activation);

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

export const isDone = (one: Task): boolean => one.state === "closed" || one.state === "cancelled";

export function report(raw: Raw): Report {
  const source = text(raw.source);
  return {
    id: text(raw.id) ?? "",
    kind: text(raw.kind) ?? "",
    incident: text(raw.incident) ?? "",
    area: text(raw.area) ?? "",
    state: text(raw.state) ?? "",
    due: text(raw.due),
    text: text(first(raw, "text", "body")) ?? "",
    ...(source ? { source } : {}),
  };
}

export const reports = (raw: Raw): Report[] => list(raw.items).map(report);

export function bar(raw: Raw): TimelineBar {
  return {
    id: text(raw.id) ?? "",
    lane: text(first(raw, "lane", "kind", "noun")) ?? "",
    label: text(first(raw, "label", "title")) ?? "",
    area: text(raw.area) ?? "",
    start: text(first(raw, "start", "from", "at")) ?? "",
    end: text(first(raw, "end", "to")),
    due: text(raw.due),
    late: flag(raw.late),
    grade: grade(raw.grade),
  };
}

export const timeline = (raw: Raw): TimelineBar[] => list(raw.items).map(bar);
