/** How observations come in: the sources, the doors, what was refused, mappings tried out. */
import type { Names } from "../../parts/names";
import type { Data } from "./base";

export interface Source {
  id: string;
  actor: string;
  area: string;
  door: string;
  adapter: string | null;
  messages: number;
  rows: number;
  bytes: number;
  refused: number;
  refused_by_rule: Record<string, number>;
  late: number | null;
  duplicates: number | null;
  last_at: string | null;
  last_received_at: string | null;
  rate_per_s: number;
  quota_per_s: number | null;
  state: string;
  lag_s: number | null;
}

export interface Door {
  name: string;
  kind: string;
  open: boolean;
  error: string;
}

export interface Ingest {
  sources: Source[];
  doors: Door[];
  totals: { end: number; applied: number; history: number; log_bytes: number } | null;
}

export interface Refusal {
  /** Its place in the message; -1: all of it. */
  row: number;
  sensor: string;
  rule: string;
  detail: string;
  value: string;
}

export interface Letter {
  id: string;
  received_at: string | null;
  source: string;
  door: string;
  topic: string;
  form: string;
  mapping: string | null;
  refused: Refusal[];
  refused_count: number;
  payload: string;
  encoding: string;
  payload_bytes: number;
  /** Only the beginning was kept, so that it cannot be tried again. */
  cut: boolean;
  mark: { at: string | null; by: string; accepted: number; refused: number } | null;
}

export interface Replayed {
  id: string;
  accepted: number;
  refused: Refusal[];
  refused_count: number;
  error: string | null;
}

/** A payload mapping of the catalog, with a message that it can read. */
export interface Mapping {
  id: string;
  names: Names;
  note: string | null;
  body: Data;
  topic: string;
  encoding: "text" | "hex";
  example: string;
}

export interface TriedRow {
  sensor: string;
  at: string | null;
  value: number | null;
  quality: string;
  /** Whether such a sensor is registered in the reader's areas. */
  known: boolean;
}

export interface TriedMapping {
  rows: TriedRow[];
  refused: Refusal[];
}
