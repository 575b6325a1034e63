import { amount, first, list, text, type Raw } from "../raw";
import type { Step } from "../types";

/** Returns the lines of a thing's history. */
export const steps = (value: unknown): Step[] =>
  list(value).map((line: Raw) => ({
    seq: amount(line.seq) ?? 0,
    at: text(line.at) ?? "",
    by: text(line.by) ?? "",
    verb: text(first(line, "verb", "step", "event")) ?? "",
    state: text(line.state) ?? "",
    note: text(first(line, "note", "reason")) ?? "",
  }));
