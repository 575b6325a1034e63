import { amount, flag, grade, list, names, record, text, texts, type Raw } from "../raw";
import type { Activation, ActivationDetail, BoardRow, Progress } from "../types";
import { town } from "./assess";
import { steps } from "./steps";

export function activation(raw: Raw): Activation {
  return {
    id: text(raw.id) ?? "",
    plan: text(raw.plan) ?? "",
    names: names(raw, text(raw.plan) ?? ""),
    area: text(raw.area) ?? "",
    grade: grade(raw.grade),
    level: text(raw.level) ?? "",
    wanted: text(raw.wanted),
    state: text(raw.state) ?? "",
    reason: text(raw.reason) ?? "",
    facts: record(raw.facts),
    towns: list(raw.towns).map(town),
    proposed_at: text(raw.proposed_at),
    activated_at: text(raw.activated_at),
    ended_at: text(raw.ended_at),
  };
}

export const activations = (raw: Raw): Activation[] => list(raw.items).map(activation);

function progress(value: unknown): Progress {
  const raw = record(value);
  const states = Object.entries(record(raw.by_state)).map(([state, n]): [string, number] => [state, amount(n) ?? 0]);
  return {
    total: amount(raw.total) ?? 0,
    by_state: Object.fromEntries(states),
    open: amount(raw.open) ?? 0,
    overdue: amount(raw.overdue) ?? 0,
    late: amount(raw.late) ?? 0,
    done_share: amount(raw.done_share) ?? 0,
  };
}

function row(raw: Raw): BoardRow {
  return {
    action: text(raw.action) ?? "",
    names: names(raw, text(raw.action) ?? ""),
    role: text(raw.role) ?? "",
    level: text(raw.level) ?? "",
    minutes: amount(raw.minutes),
    from_level: text(raw.from_level) ?? "",
    depends: texts(raw.depends),
    applies: flag(raw.applies),
    progress: progress(raw.progress),
  };
}

/** Returns one activation with its board and what was decided about it. */
export function activationDetail(raw: Raw): ActivationDetail {
  const board = record(raw.board);
  return {
    activation: activation(record(board.activation)),
    rows: list(board.rows).map(row),
    progress: progress(board.progress),
    history: steps(raw.history),
  };
}
