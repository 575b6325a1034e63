import { amount, grade, list, names, reasons, record, text, type Raw } from "../raw";
import type { AlarmSystem, Counted } from "../types";

const origin = (raw: Raw) => ({ subject: text(raw.subject) ?? "", subject_kind: text(raw.subject_kind) ?? "sensor", rule: text(raw.rule) ?? "" });

const counted = (value: unknown): Counted[] => list(value).map((raw) => ({ ...origin(raw), count: amount(raw.count) ?? 0, share: amount(raw.share) ?? 0 }));

export function alarmSystem(raw: Raw): AlarmSystem {
  const waited = record(raw.waited);
  return {
    since: text(raw.since) ?? "",
    until: text(raw.until) ?? "",
    operators: amount(raw.operators) ?? 1,
    alarms: amount(raw.alarms) ?? 0,
    indicators: list(raw.indicators).map((one) => ({
      ...reasons(one),
      id: text(one.id) ?? "",
      names: names(one, text(one.id) ?? ""),
      value: amount(one.value),
      unit: text(one.unit) ?? "",
      target: amount(one.target),
      most: amount(one.most),
      standing: text(one.standing) ?? "",
    })),
    floods: list(raw.floods).map((one) => ({ from: text(one.from) ?? "", to: text(one.to) ?? "", count: amount(one.count) ?? 0, peak: amount(one.peak) ?? 0 })),
    most_frequent: counted(raw.most_frequent),
    chattering: counted(raw.chattering),
    fleeting: counted(raw.fleeting),
    standing: list(raw.standing).map((one) => ({ ...origin(one), alarm: text(one.alarm) ?? "", grade: grade(one.grade), since: text(one.since) ?? "" })),
    priorities: list(raw.priorities).map((one) => ({ ...reasons(one), grade: grade(one.grade), share: amount(one.share) ?? 0, target: amount(one.target) ?? 0 })),
    waited: { median_s: amount(waited.median_s), most_s: amount(waited.most_s) },
  };
}
