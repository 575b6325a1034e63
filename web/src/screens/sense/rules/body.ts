/** A draft in the catalog's form, with the parts that its kind has and no other. Pure. */
import type { Data } from "../../../api/types";
import { GRADES } from "../../../parts/grades";
import { PARTS, type Draft, type DraftOverride, type Level } from "./draft";

/** Leaves out what says nothing. */
const said = (parts: Data): Data =>
  Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== null && value !== undefined && value !== "" && !(Array.isArray(value) && value.length === 0)));

const level = ({ kept, ...own }: Level): Data => ({ ...said({ ...own }), ...kept });

const grades = (levels: Draft["levels"]): Data =>
  Object.fromEntries(GRADES.flatMap((one) => (levels[one]?.value == null ? [] : [[one, level(levels[one])]])));

const override = ({ area, sensor, values, clear, kept }: DraftOverride): Data => ({
  ...said({ area, sensor: area ? null : sensor, clear, grades: Object.fromEntries(Object.entries(values).map(([one, value]) => [one, { value }])) }),
  ...kept,
});

/** Returns where a compound rule looks: an area of a level, a place of a network, or an asset. */
function place({ over, level, network }: Draft): Data {
  if (over === "area") return { over, level };
  return over === "asset" ? { over } : { over, network };
}

export function bodyOf(draft: Draft): Data {
  const parts = PARTS[draft.kind];
  const own = said({
    ...draft.kept,
    asset_types: draft.asset_types,
    quantity: draft.quantity,
    op: draft.op,
    unit: draft.unit,
    grades: grades(draft.levels),
    clear: draft.clear,
    max_gap_s: draft.max_gap_s,
    window_s: draft.window_s,
    tolerance: draft.tolerance,
    season: draft.season,
    overrides: draft.overrides.map(override),
    ...(draft.kind === "compound" ? { ...place(draft), gathers: draft.gathers } : {}),
  });
  const kept = Object.fromEntries(Object.entries(own).filter(([key]) => parts.has(key)));
  const terms = draft.terms.map(({ rule, grade, count }) => said({ rule, grade, count }));
  return {
    ...said({ zh: draft.zh, en: draft.en, source: draft.source, note: draft.note }),
    kind: draft.kind,
    about: draft.about,
    confidence: draft.confidence,
    from: draft.from,
    hold_s: draft.hold_s,
    clear_hold_s: draft.clear_hold_s,
    ...said({ schedule: draft.schedule, suppressed_by: draft.suppressed_by }),
    ...kept,
    ...(draft.kind === "compound" ? { [draft.mode]: terms } : {}),
  };
}
