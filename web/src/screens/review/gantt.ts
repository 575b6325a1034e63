/** The night as bars: which rows there are, and how long, how late and how grave each bar is. Pure. */
import type { TimelineBar } from "../../api/types";

export const LANES = ["activations", "warnings", "tasks", "shelters", "alarms"] as const;
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

/** Returns bars with their rows, lane by lane in order of their beginnings, at most so many a lane; what lasts ends at `now`. */
export function layout(bars: TimelineBar[], now: number, most: number): Drawn[] {
  const taken = new Map<string, number>();
  const fits = ({ lane }: TimelineBar): boolean => {
    const before = taken.get(lane) ?? 0;
    taken.set(lane, before + 1);
    return before < most;
  };
  return [...bars]
    .sort((a, b) => place(a.lane) - place(b.lane) || a.start.localeCompare(b.start))
    .filter(fits)
    .map((bar, row) => {
      const from = Date.parse(bar.start);
      const to = Math.max(from, bar.end ? Date.parse(bar.end) : now);
      const due = bar.due ? Date.parse(bar.due) : Number.POSITIVE_INFINITY;
      return { bar, row, from, to, lateFrom: to > due ? Math.max(from, due) : null };
    });
}
