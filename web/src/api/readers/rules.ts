import { rank } from "../../parts/grades";
import { amount, flag, grade, list, names, reasons, record, text, texts, type Raw } from "../raw";
import type { Data, OwnRule, RuleBook, RuleView, Trial } from "../types";

/** Returns a rule with its grades, the mildest first. */
export function rule(raw: Raw): RuleView {
  return {
    ...reasons(raw),
    id: text(raw.id) ?? "",
    names: names(raw, text(raw.id) ?? ""),
    kind: text(raw.kind) ?? "threshold",
    about: text(raw.about) ?? "hazard",
    quantity: text(raw.quantity) ?? "",
    asset_types: texts(raw.asset_types),
    op: text(raw.op) ?? "",
    unit: text(raw.unit) ?? "",
    grades: list(raw.grades)
      .map((one) => ({ ...reasons(one), grade: grade(one.grade), value: amount(one.value), hold_s: amount(one.hold_s), escalate_after_s: amount(one.escalate_after_s) }))
      .sort((a, b) => rank(b.grade) - rank(a.grade)),
    hold_s: amount(raw.hold_s),
    clear: amount(raw.clear),
    clear_hold_s: amount(raw.clear_hold_s),
    window_s: amount(raw.window_s),
    tolerance: amount(raw.tolerance),
    over: text(raw.over),
    level: text(raw.level),
    network: text(raw.network),
    mode: text(raw.mode) ?? "all",
    terms: list(raw.terms).map((one) => ({ rule: text(one.rule) ?? "", grade: grade(one.grade), need: (Array.isArray(one.need) ? one.need : []).map((n) => amount(n) ?? 0) })),
    gathers: flag(raw.gathers),
    suppressed_by: texts(raw.suppressed_by),
    overrides: amount(raw.overrides) ?? 0,
    note: text(raw.note),
    layer: text(raw.layer) ?? "",
  };
}

const ownRule = (raw: Raw): OwnRule => ({
  id: text(raw.id) ?? "",
  version: amount(raw.version) ?? 0,
  state: text(raw.state) ?? "",
  area: text(raw.area) ?? "",
  body: record(raw.body),
  reason: text(raw.reason) ?? "",
  proposed_by: text(raw.proposed_by) ?? "",
  proposed_at: text(raw.proposed_at) ?? "",
  switched_by: text(raw.switched_by),
  switched_at: text(raw.switched_at),
});

export const ruleBook = (raw: Raw): RuleBook => ({ rules: list(raw.items).map(rule), own: list(raw.own).map(ownRule) });

/** Returns what a rule would have done, in order of the beginnings. */
export const trial = (raw: Raw): Trial => ({
  alarms: list(raw.alarms).map((one) => ({
    subject: text(one.subject) ?? "",
    grade: grade(one.grade),
    worst: grade(one.worst),
    since: text(one.since) ?? "",
    until: text(one.until),
    value: amount(one.value),
  })),
  count: amount(raw.count) ?? 0,
  per_day: amount(raw.per_day) ?? 0,
  sensors: amount(raw.sensors) ?? 0,
  samples: amount(raw.samples) ?? 0,
  truncated: flag(raw.truncated),
});

export const bodies = (raw: Raw): Record<string, Data> => Object.fromEntries(Object.entries(record(raw.items)).map(([id, body]) => [id, record(body)]));
