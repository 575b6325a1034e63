/** How the signs moved while this page was open: the server tells only what is now. */
import type { VitalSigns } from "../../../api/types";

type Point = [at: number, value: number];

const KEPT = 240;
const seen = new Map<string, Point[]>();

/** Notes what an answer says of its first area, once for each moment, and returns what is known of every sign. */
export function noted({ at, areas }: VitalSigns, known: Map<string, Point[]> = seen): ReadonlyMap<string, Point[]> {
  const [own] = areas;
  const moment = Date.parse(at);
  const found = new Map<string, Point[]>();
  for (const [sign, { value }] of Object.entries(own?.readings ?? {})) {
    const key = `${own?.area}:${sign}`;
    const before = known.get(key) ?? [];
    const fresh = value !== null && (before.at(-1)?.[0] ?? -Infinity) < moment;
    const after: Point[] = fresh ? [...before, [moment, value] as Point].slice(-KEPT) : before;
    known.set(key, after);
    found.set(sign, after);
  }
  return found;
}
