/** Reading of loosely typed JSON: each function gives a value of its type or says that there is none. */
import { isGrade } from "../parts/grades";
import type { Names } from "../parts/names";
import type { Data, Level, Range, Reasons } from "./types";

export type Raw = Data;

const isRecord = (value: unknown): value is Raw => typeof value === "object" && value !== null && !Array.isArray(value);

export const record = (value: unknown): Raw => (isRecord(value) ? value : {});
export const list = (value: unknown): Raw[] => (Array.isArray(value) ? value.filter(isRecord) : []);
export const text = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);
export const flag = (value: unknown): boolean => value === true;
export const texts = (value: unknown): string[] => (Array.isArray(value) ? value.filter((v) => typeof v === "string") : []);
export const grade = (value: unknown): Level => (isGrade(value) ? value : null);

export function amount(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/** Returns the first of the named members that is there. */
export function first(raw: Raw, ...keys: string[]): unknown {
  for (const key of keys) if (raw[key] !== undefined && raw[key] !== null) return raw[key];
  return undefined;
}

/** Returns names from `{zh, en}`, from `key_zh` and `key_en`, or from `key` (a text or a pair), for the first key that is there. */
export function names(raw: Raw, fallback = "", keys: string[] = ["names", "name", "title", "label"]): Names {
  const own = text(raw.zh);
  if (own !== null) return { zh: own, en: text(raw.en) };
  for (const key of keys) {
    const zh = text(raw[`${key}_zh`]) ?? text(raw[key]) ?? text(record(raw[key]).zh);
    if (zh !== null) return { zh, en: text(raw[`${key}_en`]) ?? text(record(raw[key]).en) };
  }
  return { zh: fallback };
}

export function range(value: unknown): Range | null {
  const single = amount(value);
  if (single !== null) return { low: single, best: single, high: single };
  const raw = record(value);
  const best = amount(raw.best);
  return best === null ? null : { low: amount(raw.low) ?? best, best, high: amount(raw.high) ?? best };
}

export function reasons(raw: Raw): Reasons {
  return {
    source: text(raw.source),
    confidence: text(raw.confidence),
    from: text(raw.from),
    maturity: text(raw.maturity),
    synthetic: flag(raw.synthetic),
  };
}
