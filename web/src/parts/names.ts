/** Names in the reader's language. The server gives `{zh, en}`, or the pair flat on the object. */
import type { Lang } from "./time";

export interface Names {
  zh: string;
  en?: string | null;
}

/** Returns the name in `lang`, else in Chinese, else the fallback. */
export function name(names: Partial<Names> | string | null | undefined, lang: Lang, fallback = ""): string {
  if (!names) return fallback;
  if (typeof names === "string") return names;
  return (lang === "en" ? names.en || names.zh : names.zh || names.en) || fallback;
}

const groups = new Map<string, Intl.NumberFormat>();

/** Returns a number with grouped digits; a dash for nothing. */
export function number(value: number | null | undefined, lang: Lang, digits = 0): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  const key = `${lang}${digits}`;
  let format = groups.get(key);
  if (!format) {
    format = new Intl.NumberFormat(lang === "zh" ? "zh-CN" : "en-GB", { maximumFractionDigits: digits });
    groups.set(key, format);
  }
  return format.format(value);
}
