/** The span of time that a chart shows: so much back from now, or from a moment to a moment. */
import type { Resolution } from "../../../api/types";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export const SPANS: Record<string, number> = { "6h": 6 * HOUR, "24h": DAY, "7d": 7 * DAY, "30d": 30 * DAY, "90d": 90 * DAY, "1y": 365 * DAY };

const RAW_UP_TO = 3 * DAY;
const HOURS_UP_TO = 120 * DAY;
const STEPS = 300;
const LEAST_STEP = 60_000;

/** Returns the resolution at which a span is well seen on a screen. */
export const fitting = (length: number): Resolution => (length <= RAW_UP_TO ? "raw" : length <= HOURS_UP_TO ? "hour" : "day");

export interface Window {
  from: number;
  to: number;
}

/** Returns the last `length` ms up to now, in steps coarse enough that a chart is not asked anew every second. */
export function lately(length: number, now: number): Window {
  const step = Math.max(LEAST_STEP, length / STEPS);
  const to = Math.ceil(now / step) * step;
  return { from: to - length, to };
}

/** Returns a window moved by a share of its length, but not past now. */
export function moved({ from, to }: Window, share: number, now: number): Window | null {
  const by = (to - from) * share;
  return to + by >= now ? null : { from: from + by, to: to + by };
}

export const iso = (at: number): string => new Date(at).toISOString();
