import { amount, flag, list, names, record, text, type Raw } from "../raw";
import type { Ingest, Letter, Mapping, Refusal, Replayed, Source, TriedMapping } from "../types";

const counts = (value: unknown): Record<string, number> => Object.fromEntries(Object.entries(record(value)).map(([key, n]) => [key, amount(n) ?? 0]));

const source = (raw: Raw): Source => ({
  id: text(raw.id) ?? "",
  actor: text(raw.actor) ?? "",
  area: text(raw.area) ?? "",
  door: text(raw.door) ?? "",
  adapter: text(raw.adapter),
  messages: amount(raw.messages) ?? 0,
  rows: amount(raw.rows) ?? 0,
  bytes: amount(raw.bytes) ?? 0,
  refused: amount(raw.refused) ?? 0,
  refused_by_rule: counts(raw.refused_by_rule),
  late: amount(raw.late),
  duplicates: amount(raw.duplicates),
  last_at: text(raw.last_at),
  last_received_at: text(raw.last_received_at),
  rate_per_s: amount(raw.rate_per_s) ?? 0,
  quota_per_s: amount(raw.quota_per_s),
  state: text(raw.state) ?? "none",
  lag_s: amount(raw.lag_s),
});

export function ingest(raw: Raw): Ingest {
  const totals = record(raw.totals);
  return {
    sources: list(raw.items).map(source),
    doors: list(raw.doors).map((one) => ({ name: text(one.name) ?? "", kind: text(one.kind) ?? "", open: flag(one.open), error: text(one.error) ?? "" })),
    totals: amount(totals.end) === null ? null : { end: amount(totals.end) ?? 0, applied: amount(totals.applied) ?? 0, history: amount(totals.history) ?? 0, log_bytes: amount(totals.log_bytes) ?? 0 },
  };
}

export const refusals = (value: unknown): Refusal[] =>
  list(value).map((one) => ({ row: amount(one.row) ?? -1, sensor: text(one.sensor) ?? "", rule: text(one.rule) ?? "", detail: text(one.detail) ?? "", value: text(one.value) ?? "" }));

export function letter(raw: Raw): Letter {
  const mark = record(raw.mark);
  return {
    id: text(raw.id) ?? "",
    received_at: text(raw.received_at),
    source: text(raw.source) ?? "",
    door: text(raw.door) ?? "",
    topic: text(raw.topic) ?? "",
    form: text(raw.form) ?? "",
    mapping: text(raw.mapping),
    refused: refusals(raw.refused),
    refused_count: amount(raw.refused_count) ?? 0,
    payload: text(raw.payload) ?? "",
    encoding: text(raw.encoding) ?? "text",
    payload_bytes: amount(raw.payload_bytes) ?? 0,
    cut: flag(raw.cut),
    mark: text(mark.by) === null ? null : { at: text(mark.at), by: text(mark.by) ?? "", accepted: amount(mark.accepted) ?? 0, refused: amount(mark.refused) ?? 0 },
  };
}

export const letters = (raw: Raw): Letter[] => list(raw.items).map(letter);

export const replayed = (raw: Raw): Replayed[] =>
  list(raw.items).map((one) => ({ id: text(one.id) ?? "", accepted: amount(one.accepted) ?? 0, refused: refusals(one.refused), refused_count: amount(one.refused_count) ?? 0, error: text(one.error) }));

export const triedMapping = (raw: Raw): TriedMapping => ({
  rows: list(raw.rows).map((one) => ({ sensor: text(one.sensor) ?? "", at: text(one.at), value: amount(one.value), quality: text(one.quality) ?? "", known: flag(one.known) })),
  refused: refusals(raw.refused),
});

/** How a mapping reads a message; the rest of its entry says what it is called and who says so. */
const READS = ["topics", "reads", "each", "where", "bytes", "constants", "at", "observations"];

/** Leaves out what says nothing, however deep. */
function terse(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(terse);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== null && !(Array.isArray(part) && part.length === 0)).map(([key, part]) => [key, terse(part)]));
}

function example(raw: Raw): Pick<Mapping, "example" | "encoding" | "topic"> {
  const [hex, plain] = [text(raw.hex), text(raw.text)];
  return { topic: text(raw.topic) ?? "", encoding: hex ? "hex" : "text", example: hex ?? plain ?? (raw.json == null ? "" : JSON.stringify(raw.json, null, 2)) };
}

/** Returns the catalog's payload mappings in the catalog's own form, each with a message that it can read. */
export const mappings = (raw: Raw): Mapping[] =>
  Object.entries(record(raw.items)).map(([id, value]) => {
    const one = record(value);
    return { id, names: names(one, id), note: text(one.note), body: record(terse(Object.fromEntries(READS.map((key) => [key, one[key]])))), ...example(list(one.cases)[0] ?? {}) };
  });
