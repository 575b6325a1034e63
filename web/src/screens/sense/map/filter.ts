/** Which sensors are shown, in which order they are drawn, and how many there are of each. Pure loops over columns. */
import { GRADES } from "../../../parts/grades";
import type { SensorColumns } from "../../../api/types";

/** What is shown; an empty set lets everything through. `none` among the grades stands for sensors without an alarm. */
export interface SensorFilter {
  quantities: ReadonlySet<string>;
  states: ReadonlySet<string>;
  grades: ReadonlySet<string>;
}

export const NO_FILTER: SensorFilter = { quantities: new Set(), states: new Set(), grades: new Set() };

/** How a sensor looks: calm, old, out of use, or by the grade of its alarm; a graver tone is drawn over a milder. */
export const TONES = ["normal", "stale", "out", "alarm", "blue", "yellow", "orange", "red"] as const;
export type Tone = (typeof TONES)[number];

const FIRST_GRADE = TONES.indexOf("red");
const CALM = new Set(["normal", "ok", "good"]);
const OLD = new Set(["stale", "silent", "late"]);

/** Returns the number of the tone of each state, for sensors without a grade. */
function stateTones(states: string[]): number[] {
  return states.map((state) => {
    if (CALM.has(state)) return 0;
    if (OLD.has(state)) return 1;
    return TONES.indexOf(state === "alarm" ? "alarm" : "out");
  });
}

/** Returns the tone of every sensor. */
export function tones({ states, state, grade }: SensorColumns): Uint8Array {
  const plain = stateTones(states);
  const found = new Uint8Array(state.length);
  for (let i = 0; i < found.length; i++) {
    const graded = grade[i] ?? -1;
    found[i] = graded >= 0 ? FIRST_GRADE - graded : (plain[state[i] ?? 0] ?? 0);
  }
  return found;
}

const flags = (names: readonly string[], wanted: ReadonlySet<string>, bit: number): Uint8Array =>
  Uint8Array.from(names, (name) => (wanted.size === 0 || wanted.has(name) ? bit : 0));

const BY_QUANTITY = 1;
const BY_STATE = 2;
const BY_GRADE = 4;
const ALL = 7;
const SLOTS = [...GRADES, "none"];

const slot = (grade: number): number => (grade < 0 ? GRADES.length : grade);

/** Returns for each sensor which parts of the filter let it through, as bits. */
function passes({ quantities, states, quantity, state, grade }: SensorColumns, filter: SensorFilter): Uint8Array {
  const byQuantity = flags(quantities, filter.quantities, BY_QUANTITY);
  const byState = flags(states, filter.states, BY_STATE);
  const byGrade = flags(SLOTS, filter.grades, BY_GRADE);
  const found = new Uint8Array(quantity.length);
  for (let i = 0; i < found.length; i++) {
    found[i] = (byQuantity[quantity[i] ?? 0] ?? 0) | (byState[state[i] ?? 0] ?? 0) | (byGrade[slot(grade[i] ?? -1)] ?? 0);
  }
  return found;
}

/** Returns the rows that a filter lets through, the calm first and the gravest last. */
export function chosen(columns: SensorColumns, filter: SensorFilter, tone: Uint8Array): Uint32Array {
  const pass = passes(columns, filter);
  const bins: number[][] = TONES.map(() => []);
  for (let i = 0; i < pass.length; i++) if (pass[i] === ALL) bins[tone[i] ?? 0]?.push(i);
  const rows = new Uint32Array(bins.reduce((n, bin) => n + bin.length, 0));
  let end = 0;
  for (const bin of bins) {
    rows.set(bin, end);
    end += bin.length;
  }
  return rows;
}

export interface KindTally {
  total: number;
  alarms: number;
  stale: number;
  /** The number of the gravest grade there; -1: none. */
  worst: number;
}

export interface Tally {
  states: Record<string, number>;
  grades: Record<string, number>;
  quantities: Record<string, KindTally>;
}

const STALE = TONES.indexOf("stale");
export const NO_KIND: KindTally = { total: 0, alarms: 0, stale: 0, worst: -1 };

function kindsOf({ quantities, quantity, grade }: SensorColumns, pass: Uint8Array, tone: Uint8Array): Record<string, KindTally> {
  const kinds = quantities.map(() => ({ ...NO_KIND }));
  for (let i = 0; i < pass.length; i++) {
    const kind = kinds[quantity[i] ?? 0];
    if (!kind || ((pass[i] ?? 0) | BY_QUANTITY) !== ALL) continue;
    const graded = grade[i] ?? -1;
    kind.total += 1;
    if (tone[i] === STALE) kind.stale += 1;
    if (graded < 0) continue;
    kind.alarms += 1;
    if (kind.worst < 0 || graded < kind.worst) kind.worst = graded;
  }
  return Object.fromEntries(quantities.map((name, i) => [name, kinds[i] ?? NO_KIND]));
}

/** Counts what lies in each slot, of the rows that pass but for one part of the filter. */
function counts(names: readonly string[], slots: (row: number) => number, pass: Uint8Array, but: number): Record<string, number> {
  const found = new Uint32Array(names.length);
  for (let i = 0; i < pass.length; i++) {
    if (((pass[i] ?? 0) | but) !== ALL) continue;
    const at = slots(i);
    found[at] = (found[at] ?? 0) + 1;
  }
  return Object.fromEntries(names.map((name, i) => [name, found[i] ?? 0]));
}

/** Counts sensors; each kind of count lets its own part of the filter aside, so that what could be chosen next is seen. */
export function tally(columns: SensorColumns, filter: SensorFilter, tone: Uint8Array): Tally {
  const pass = passes(columns, filter);
  return {
    states: counts(columns.states, (row) => columns.state[row] ?? 0, pass, BY_STATE),
    grades: counts(SLOTS, (row) => slot(columns.grade[row] ?? -1), pass, BY_GRADE),
    quantities: kindsOf(columns, pass, tone),
  };
}
