/** Map style expressions made of data: pure, so that they can be tested without a map. */
import type { DataDrivenPropertyValueSpecification, ExpressionSpecification } from "maplibre-gl";

import type { Palette } from "../app/palette";
import type { TownImpact } from "../api/types";
import { GRADES, isGrade, NUMERAL } from "../parts/grades";
import type { Lang } from "../parts/time";

type Expression = ExpressionSpecification;

/** Returns the expression that gives each code its value, and the others the fallback. */
export function byArea(pairs: [string, string][], fallback: string): Expression | string {
  if (pairs.length === 0) return fallback;
  return ["match", ["get", "code"], ...pairs.flat(), fallback] as unknown as Expression;
}

/** Returns the fill of towns by the grade of their impact. */
export function impactFill(towns: TownImpact[], colour: Palette): DataDrivenPropertyValueSpecification<string> {
  const pairs = towns.flatMap(({ area, grade }): [string, string][] => (isGrade(grade) ? [[area, colour[`level-${grade}`]]] : []));
  return byArea(pairs, "rgba(0,0,0,0)") as DataDrivenPropertyValueSpecification<string>;
}

export const nameField = (lang: Lang): Expression => ["coalesce", ["get", lang], ["get", "zh"], ["get", "code"]];

/** Returns a town's label: its name, and below it the numeral of its grade where it has one. */
export function townLabel(towns: TownImpact[], lang: Lang): Expression {
  const pairs = towns.flatMap(({ area, grade }): [string, string][] => (isGrade(grade) ? [[area, `\n${NUMERAL[grade]}`]] : []));
  return ["concat", nameField(lang), byArea(pairs, "")] as Expression;
}

/** Returns a colour by the feature's own grade. */
export function gradeColour(colour: Palette, fallback: string): Expression {
  const pairs = GRADES.flatMap((grade) => [grade, colour[`level-${grade}`]]);
  return ["match", ["coalesce", ["get", "grade"], ""], ...pairs, fallback] as unknown as Expression;
}
