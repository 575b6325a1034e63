/** Lengths of time as words: seconds, minutes, hours or days, whichever is whole. */
import type { TFunction } from "i18next";

const UNITS: [size: number, key: string][] = [[86_400, "days"], [3600, "hours"], [60, "minutes"], [1, "seconds"]];

/** Returns a length of time (s) in the greatest unit in which it is a whole number, else with one decimal. */
export function span(seconds: number, t: TFunction): string {
  const [size, key] = UNITS.find(([unit]) => seconds >= unit && seconds % unit === 0) ?? UNITS.find(([unit]) => seconds >= unit) ?? [1, "seconds"];
  return t(`sense.length.${key}`, { n: Number((seconds / size).toFixed(1)) });
}

/** Returns a length of time (s) about: in the greatest unit that it fills, with one decimal at most. */
export function roughly(seconds: number, t: TFunction): string {
  const [size, key] = UNITS.find(([unit]) => seconds >= unit) ?? [1, "seconds"];
  return t(`sense.length.${key}`, { n: Number((seconds / size).toFixed(1)) });
}
