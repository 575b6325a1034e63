/** A rule as the editor holds it, made of a rule in the catalog's form and turned into one again. Pure. */
import { amount, flag, grade, list, record, text, texts } from "../../../api/raw";
import type { Data } from "../../../api/types";
import { GRADES, type Grade } from "../../../parts/grades";

export const KINDS = ["threshold", "rate", "deviation", "stuck", "silence", "faulty", "drift", "compound"] as const;
export type Kind = (typeof KINDS)[number];

export interface Level {
  value: number | null;
  hold_s: number | null;
  escalate_after_s: number | null;
  /** Who says so, where it is somebody else than for the rule, and what the form does not show. */
  kept: Data;
}

export interface DraftTerm {
  rule: string;
  grade: Grade | null;
  /** How many are needed, for every grade or by grade. */
  count: number | Partial<Record<Grade, number>>;
}

export interface DraftOverride {
  area: string | null;
  sensor: string | null;
  values: Partial<Record<Grade, number>>;
  clear: number | null;
  kept: Data;
}

export interface Draft {
  id: string;
  kind: Kind;
  zh: string;
  en: string;
  about: string;
  source: string;
  confidence: string;
  /** From which day it holds. */
  from: string | null;
  note: string;
  quantity: string;
  asset_types: string[];
  op: string;
  unit: string;
  levels: Partial<Record<Grade, Level>>;
  hold_s: number;
  clear: number;
  clear_hold_s: number;
  max_gap_s: number | null;
  window_s: number | null;
  tolerance: number | null;
  season: { period_s: number; bins: number; warm: number } | null;
  schedule: { days: number[]; from: string; to: string } | null;
  suppressed_by: string[];
  overrides: DraftOverride[];
  over: string;
  level: string;
  network: string;
  mode: "all" | "any";
  terms: DraftTerm[];
  gathers: boolean;
  /** What the form does not show, kept as it was. */
  kept: Data;
}

const SENSORS = ["asset_types", "stations", "quantity", "op", "unit", "grades", "clear", "max_gap_s", "overrides"];

/** Which parts each kind has besides those that all have; the server refuses others. */
export const PARTS: Record<Kind, ReadonlySet<string>> = {
  threshold: new Set(SENSORS),
  rate: new Set([...SENSORS, "window_s"]),
  deviation: new Set([...SENSORS, "season", "tolerance"]),
  drift: new Set([...SENSORS, "window_s", "tolerance"]),
  stuck: new Set([...SENSORS, "tolerance"]),
  silence: new Set(SENSORS),
  faulty: new Set(SENSORS),
  compound: new Set(["over", "level", "network", "terms", "window_s", "gathers"]),
};

/** Kinds that may watch whatever is measured. */
export const OF_ANY: ReadonlySet<string> = new Set(["stuck", "silence", "faulty"]);

/** Returns the unit in which a kind's levels are told, where it does not follow from the quantity. */
export function unitOf(kind: Kind, quantityUnit: string, before: string): string {
  if (kind === "threshold" || kind === "rate") return quantityUnit;
  if (kind === "stuck" || kind === "silence") return before === "s" || before === "{cadence}" ? before : "s";
  return "1";
}

const SEASON = { period_s: 86_400, bins: 24, warm: 20 };

export const blank = (id = ""): Draft => ({
  id, kind: "threshold", zh: "", en: "", about: "hazard", source: "", confidence: "P", from: null, note: "", quantity: "", asset_types: [], op: ">=", unit: "",
  levels: {}, hold_s: 0, clear: 0, clear_hold_s: 0, max_gap_s: null, window_s: null, tolerance: null, season: null, schedule: null, suppressed_by: [], overrides: [],
  over: "asset", level: "town", network: "", mode: "all", terms: [], gathers: true, kept: {},
});

/** Returns who says so, where it is not whoever says the rule. */
function otherSource(raw: Data, rule: Data): Data {
  const same = raw.source === rule.source && raw.confidence === rule.confidence;
  return same || text(raw.source) === null ? {} : { source: raw.source, confidence: raw.confidence, from: raw.from ?? null };
}

function levelsOf(value: unknown, rule: Data): Draft["levels"] {
  const raw = record(value);
  return Object.fromEntries(
    GRADES.filter((one) => one in raw).map((one) => {
      const own = record(raw[one]);
      const hold = amount(own.clear_hold_s);
      const kept = { ...otherSource(own, rule), ...(hold === null ? {} : { clear_hold_s: hold }) };
      return [one, { value: amount(own.value), hold_s: amount(own.hold_s), escalate_after_s: amount(own.escalate_after_s), kept }];
    }),
  );
}

function countOf(value: unknown): DraftTerm["count"] {
  const single = amount(value);
  if (single !== null) return single;
  const raw = record(value);
  return Object.fromEntries(GRADES.flatMap((one) => (amount(raw[one]) === null ? [] : [[one, amount(raw[one]) ?? 0]])));
}

const OWN_LENGTHS = ["hold_s", "clear_hold_s", "max_gap_s"];

const overrideOf = (raw: Data, rule: Data): DraftOverride => ({
  area: text(raw.area),
  sensor: text(raw.sensor),
  values: Object.fromEntries(Object.entries(levelsOf(raw.grades, rule)).flatMap(([one, level]) => (level.value === null ? [] : [[one, level.value]]))),
  clear: amount(raw.clear),
  kept: { ...otherSource(raw, rule), ...Object.fromEntries(OWN_LENGTHS.filter((key) => amount(raw[key]) !== null).map((key) => [key, raw[key]])) },
});

const KEPT = ["stations"];

const seasonOf = (value: unknown): NonNullable<Draft["season"]> => {
  const raw = record(value);
  return { period_s: amount(raw.period_s) ?? SEASON.period_s, bins: amount(raw.bins) ?? SEASON.bins, warm: amount(raw.warm) ?? SEASON.warm };
};

function scheduleOf(value: unknown): Draft["schedule"] {
  const raw = record(value);
  if (Object.keys(raw).length === 0) return null;
  return { days: (Array.isArray(raw.days) ? raw.days : []).map(Number), from: text(raw.from) ?? "00:00", to: text(raw.to) ?? "24:00" };
}

const WORDS = ["zh", "en", "about", "source", "confidence", "note", "quantity", "op", "unit", "over", "level", "network"] as const;
const LENGTHS = ["max_gap_s", "window_s", "tolerance"] as const;
const FIGURES = ["hold_s", "clear", "clear_hold_s"] as const;

const each = <K extends string, V>(keys: readonly K[], value: (key: K) => V): Record<K, V> => Object.fromEntries(keys.map((key) => [key, value(key)])) as Record<K, V>;

/** Returns the draft of a rule in the catalog's form. */
export function draftOf(id: string, body: Data): Draft {
  const first = blank(id);
  const kind = KINDS.find((one) => one === body.kind) ?? "threshold";
  const mode = list(body.any).length > 0 ? "any" : "all";
  return {
    ...first,
    ...each(WORDS, (key) => text(body[key]) ?? first[key]),
    ...each(LENGTHS, (key) => amount(body[key])),
    ...each(FIGURES, (key) => amount(body[key]) ?? 0),
    kind,
    mode,
    from: text(body.from),
    asset_types: texts(body.asset_types),
    levels: kind === "compound" ? {} : levelsOf(body.grades, body),
    season: kind === "deviation" ? seasonOf(body.season) : null,
    schedule: scheduleOf(body.schedule),
    suppressed_by: texts(body.suppressed_by),
    overrides: list(body.overrides).map((one) => overrideOf(one, body)),
    terms: list(body[mode]).map((one) => ({ rule: text(one.rule) ?? "", grade: grade(one.grade), count: countOf(one.count ?? 1) })),
    gathers: kind === "compound" ? flag(body.gathers) : first.gathers,
    kept: Object.fromEntries(KEPT.filter((key) => texts(body[key]).length > 0).map((key) => [key, body[key]])),
  };
}
