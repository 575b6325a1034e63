import type { Entry } from "../api/types";

const KEPT = 400;

/** Returns the newest entries first, without doubles, no more than are kept. */
export function merge(known: Entry[], fresh: Entry[]): Entry[] {
  const seen = new Map([...known, ...fresh].map((entry) => [entry.seq, entry]));
  return [...seen.values()].sort((a, b) => b.seq - a.seq).slice(0, KEPT);
}
