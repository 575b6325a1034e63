/** Times as the city reads them. The zone is the city's, not the reader's. */

export type Lang = "zh" | "en";

let zone = "Asia/Shanghai";

/** Sets the city's time zone, as the server names it. */
export function setZone(name: string): void {
  zone = name;
}

const locale = (lang: Lang): string => (lang === "zh" ? "zh-CN" : "en-GB");

function format(value: string | number | Date, lang: Lang, options: Intl.DateTimeFormatOptions): string {
  const time = new Date(value);
  if (Number.isNaN(time.getTime())) return "–";
  return new Intl.DateTimeFormat(locale(lang), { timeZone: zone, hourCycle: "h23", ...options }).format(time);
}

export const clockTime = (value: string | number | Date, lang: Lang): string =>
  format(value, lang, { hour: "2-digit", minute: "2-digit", second: "2-digit" });

export const shortTime = (value: string | number | Date, lang: Lang): string =>
  format(value, lang, { hour: "2-digit", minute: "2-digit" });

export const dayTime = (value: string | number | Date, lang: Lang): string =>
  format(value, lang, { month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" });

export const fullDay = (value: string | number | Date, lang: Lang): string =>
  format(value, lang, { year: "numeric", month: "2-digit", day: "2-digit", weekday: "short" });

/** Splits a duration (ms, either sign) into its parts. */
export function parts(duration: number): { late: boolean; hours: number; minutes: number; seconds: number } {
  const seconds = Math.floor(Math.abs(duration) / 1000);
  return {
    late: duration < 0,
    hours: Math.floor(seconds / 3600),
    minutes: Math.floor((seconds % 3600) / 60),
    seconds: seconds % 60,
  };
}

/** Returns `1:05:09` or `05:09`; never a sign, which is said in words. */
export function duration(ms: number): string {
  const { hours, minutes, seconds } = parts(ms);
  const two = (n: number): string => String(n).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${two(minutes)}:${two(seconds)}`;
}

/** Returns the UTC time (ISO) of a date and time as typed, `2024-09-16T02:00`, by the city's own clock. */
export function cityTime(typed: string): string {
  const asUtc = Date.parse(`${typed}Z`);
  if (Number.isNaN(asUtc)) return new Date(typed).toISOString();
  const shown = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "medium" }).format(asUtc);
  const offset = Date.parse(`${shown.replace(" ", "T")}Z`) - asUtc;
  return new Date(asUtc - offset).toISOString();
}

/** Returns a moment (ms) as one types it, `2024-09-16T02:00`, by the city's own clock. */
export function typedTime(at: number): string {
  const shown = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "short" }).format(at);
  return shown.replace(" ", "T");
}
