/** The night as bars: which rows there are, and how long, how late and how grave each bar is. Pure. */
import type { TimelineBar } from "../../api/types";

export const LANES = ["alarms", "warnings", "activations", "tasks", "shelters"] as const;
export type Lane = (typeof LANES)[number];

export interface Drawn {
  bar: TimelineBar;
  row: number;
  from: number;
  to: number;
  /** Where the part begins that is past the limit; none if it is in time. */
  lateFrom: number | null;
}

const place = (lane: string): number => {
  const at = LANES.indexOf(lane as Lane);
  return at < 0 ? LANES.length : at;
};

/** Returns bars with their rows, lane by lane in order of their beginnings; what lasts ends at `now`. */
export function layout(bars: TimelineBar[], now: number, most: number): Drawn[] {
  return [...bars]
    .sort((a, b) => place(a.lane) - place(b.lane) || a.start.localeCompare(b.start))
    .slice(0, most)
    .map((bar, row) => {
      const from = Date.parse(bar.start);
      const to = Math.max(from, bar.end ? Date.parse(bar.end) : now);
      const due = bar.due ? Date.parse(bar.due) : Number.POSITIVE_INFINITY;
      return { bar, row, from, to, lateFrom: to > due ? Math.max(from, due) : null };
    });
}
