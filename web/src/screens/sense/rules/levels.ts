/** A rule's levels in words short enough for a line. */
import type { TFunction } from "i18next";

import type { RuleView } from "../../../api/types";
import { isGrade, NUMERAL } from "../../../parts/grades";

export const SIGNS: Record<string, string> = { ">=": "≥", "<=": "≤", ">": ">", "<": "<" };

/** As a unit: the values are multiples of the sensor's own cadence. */
export const CADENCES = "{cadence}";

/** Returns the sign of what a rule's values are in; a count and a share have none. */
export const levelUnit = ({ kind, unit }: Pick<RuleView, "kind" | "unit">, sign: (unit: string) => string, t: TFunction): string =>
  unit === CADENCES ? t("rule.cadences") : kind === "compound" || unit === "1" ? "" : sign(unit);

/** Returns the levels, the mildest first, as `Ⅳ ≥ 0.05`; no line breaks inside one. */
export const levelTexts = (rule: RuleView): string[] =>
  rule.grades.flatMap(({ grade, value }) => (isGrade(grade) && value !== null ? [`${NUMERAL[grade]}\u00a0${SIGNS[rule.op] ?? rule.op}\u00a0${value}`] : []));
