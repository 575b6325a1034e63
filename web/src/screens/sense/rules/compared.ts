/** What a rule compares with its levels, worked out of a series for its picture; the engine's own way is the server's. Pure. */
import type { Reading } from "../../../api/types";
import type { Draft } from "./draft";

export type Point = [at: number, value: number | null];

const SECOND = 1000;
const MAD = 1.4826; // makes the median absolute deviation that of a standard deviation, for a normal distribution (Hampel 1974)

const good = (readings: Reading[]): Reading[] => readings.filter(({ value, quality }) => quality === "good" && Number.isFinite(value));

/** Change per window: against the newest reading that is at least a window older. */
function rate(readings: Reading[], window_s: number): Point[] {
  const known = good(readings);
  let early = 0;
  return known.map(({ at, value }, i): Point => {
    while (early + 1 < i && at - (known[early + 1]?.at ?? at) >= window_s * SECOND) early += 1;
    const before = known[early];
    if (!before || at - before.at < window_s * SECOND) return [at, null];
    return [at, ((value - before.value) / (at - before.at)) * window_s * SECOND];
  });
}

/** Seconds since the value last moved by more than the tolerance. */
function stuck(readings: Reading[], tolerance: number): Point[] {
  let since = Number.NaN;
  let level = Number.NaN;
  return good(readings).map(({ at, value }): Point => {
    if (!(Math.abs(value - level) <= tolerance)) [level, since] = [value, at];
    return [at, (at - since) / SECOND];
  });
}

/** Seconds since the sensor was last heard: up to each reading, and from nothing after it. */
const silence = (readings: Reading[]): Point[] =>
  readings.flatMap(({ at }, i): Point[] => {
    const before = readings[i - 1];
    return before ? [[at - 1, (at - before.at) / SECOND], [at, 0]] : [[at, 0]];
  });

const median = (sorted: number[]): number => {
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
};

const sorted = (values: number[]): number[] => [...values].sort((a, b) => a - b);

/** How far from the middle of its own bin of the season, in robust scales; over the whole series at once. */
function deviation(readings: Reading[], season: NonNullable<Draft["season"]>, least: number): Point[] {
  const known = good(readings);
  const bin = (at: number): number => Math.floor((((at / SECOND) % season.period_s) / season.period_s) * season.bins);
  const bins = new Map<number, number[]>();
  for (const { at, value } of known) bins.set(bin(at), [...(bins.get(bin(at)) ?? []), value]);
  const usual = new Map(
    [...bins].map(([key, values]) => {
      const middle = median(sorted(values));
      return [key, { middle, scale: Math.max(least, MAD * median(sorted(values.map((value) => Math.abs(value - middle))))), seen: values.length }];
    }),
  );
  return known.map(({ at, value }): Point => {
    const here = usual.get(bin(at));
    return [at, here && here.seen >= season.warm && here.scale > 0 ? (value - here.middle) / here.scale : null];
  });
}

/** Returns the compared number over time; of kinds whose memory is longer than any picture, the values themselves. */
export function compared(draft: Draft, readings: Reading[]): Point[] {
  switch (draft.kind) {
    case "rate":
      return rate(readings, draft.window_s ?? 3600);
    case "stuck":
      return stuck(readings, draft.tolerance ?? 0);
    case "silence":
      return silence(readings);
    case "faulty":
      return readings.map(({ at, quality }) => [at, quality === "good" ? 0 : 1]);
    case "deviation":
      return deviation(readings, draft.season ?? { period_s: 86_400, bins: 24, warm: 2 }, draft.tolerance ?? 0);
    default:
      return readings.map(({ at, value, quality }) => [at, quality === "good" && Number.isFinite(value) ? value : null]);
  }
}

/** Tells whether the picture shows the very number that the levels are compared with. */
export const isShown = (kind: string): boolean => kind !== "drift" && kind !== "compound";
