/** The live map's columns: read from the server's answer, compared with what was known, brought up to date. Pure but for `renew`. */
import { GRADES } from "../../../parts/grades";
import type { SensorChanges, SensorColumns } from "../../../api/types";

interface Told {
  quantities?: string[];
  states?: string[];
  grades?: string[];
  ids?: string[];
  lon?: number[];
  lat?: number[];
  quantity?: number[];
  state?: number[];
  grade?: number[];
  value?: (number | null)[];
  at?: (number | null)[];
}

const numbers = (told: (number | null)[] | undefined): Float64Array => Float64Array.from(told ?? [], (v) => v ?? Number.NaN);

/** Returns the columns of an answer; where it names its grades in another order than ours, ours is kept. */
export function columnsOf(told: Told): SensorColumns {
  const order = (told.grades ?? GRADES).map((grade) => (GRADES as readonly string[]).indexOf(grade));
  return {
    quantities: told.quantities ?? [],
    states: told.states ?? [],
    ids: told.ids ?? [],
    lon: numbers(told.lon),
    lat: numbers(told.lat),
    quantity: Uint16Array.from(told.quantity ?? []),
    state: Uint8Array.from(told.state ?? []),
    grade: Int8Array.from(told.grade ?? [], (at) => order[at] ?? -1),
    value: numbers(told.value),
    at: numbers(told.at),
  };
}

const sameTexts = (a: string[], b: string[]): boolean => a.length === b.length && a.every((text, i) => text === b[i]);

/** Tells whether two answers are about the same sensors in the same order, so that only their news need be told. */
export const sameSensors = (a: SensorColumns, b: SensorColumns): boolean =>
  sameTexts(a.quantities, b.quantities) && sameTexts(a.states, b.states) && sameTexts(a.ids, b.ids);

/** Returns the rows of `now` in which anything differs from `before`. */
export function changes(before: SensorColumns, now: SensorColumns): SensorChanges {
  const rows: number[] = [];
  for (let i = 0; i < now.ids.length; i++) {
    const same =
      Object.is(before.at[i], now.at[i]) && Object.is(before.value[i], now.value[i]) && before.state[i] === now.state[i] && before.grade[i] === now.grade[i];
    if (!same) rows.push(i);
  }
  const pick = <T extends Uint8Array | Int8Array | Float64Array>(from: T, into: T): T => {
    rows.forEach((row, i) => (into[i] = from[row] ?? 0));
    return into;
  };
  const n = rows.length;
  return {
    rows: Uint32Array.from(rows),
    state: pick(now.state, new Uint8Array(n)),
    grade: pick(now.grade, new Int8Array(n)),
    value: pick(now.value, new Float64Array(n)),
    at: pick(now.at, new Float64Array(n)),
  };
}

/** Writes news into columns, in place: a hundred thousand rows are not copied for a hundred that are new. */
export function renew(columns: SensorColumns, news: SensorChanges): void {
  news.rows.forEach((row, i) => {
    columns.state[row] = news.state[i] ?? 0;
    columns.grade[row] = news.grade[i] ?? -1;
    columns.value[row] = news.value[i] ?? Number.NaN;
    columns.at[row] = news.at[i] ?? Number.NaN;
  });
}
