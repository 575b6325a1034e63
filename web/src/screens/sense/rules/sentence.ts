/** A rule as a sentence, so that who switches it on knows what it will do. Pure but for the words. */
import type { TFunction } from "i18next";

import { GRADES } from "../../../parts/grades";
import { span } from "../words";
import { CADENCES, SIGNS } from "./levels";
import type { Draft, DraftTerm } from "./draft";

export interface Vocabulary {
  t: TFunction;
  quantity: (code: string) => string;
  assetType: (code: string) => string;
  rule: (code: string) => string;
  unit: (code: string) => string;
}

const EVERY = "*";

/** Returns a value in the rule's own unit: seconds as a length of time, cadences as so many times. */
function figure(value: number, draft: Draft, { t, unit }: Vocabulary): string {
  if (draft.unit === CADENCES) return `${value} ${t("rule.cadences")}`;
  if (draft.kind === "stuck" || draft.kind === "silence") return span(value, t);
  return draft.unit === "1" || draft.unit === "" ? String(value) : `${value} ${unit(draft.unit)}`;
}

function levels(draft: Draft, words: Vocabulary): string {
  const { t } = words;
  const told = [...GRADES].reverse().flatMap((grade) => {
    const value = draft.levels[grade]?.value;
    return value == null ? [] : [t("rule.say.level", { grade: t(`grade.${grade}`), value: figure(value, draft, words) })];
  });
  return told.length === 0 ? "…" : told.join(t("rule.say.comma"));
}

function needs(count: DraftTerm["count"], { t }: Vocabulary): string {
  if (typeof count === "number") return t("rule.say.count", { count });
  return [...GRADES].reverse().flatMap((grade) => (count[grade] === undefined ? [] : [t("rule.say.level", { grade: t(`grade.${grade}`), value: t("rule.say.count", { count: count[grade] }) })])).join(t("rule.say.comma"));
}

function terms(draft: Draft, words: Vocabulary): string {
  const { t } = words;
  const told = draft.terms.map(({ rule, grade, count }) => t("rule.say.term", { rule: words.rule(rule), grade: grade ? t(`grade.${grade}`) : "", need: needs(count, words) }));
  return told.length === 0 ? "…" : told.join(t(`rule.mode.${draft.mode}`));
}

function where(draft: Draft, words: Vocabulary): string {
  const { t } = words;
  if (draft.kind === "compound") {
    const place = draft.over === "area" ? t(`rule.say.level_of.${draft.level}`) : draft.network;
    return t(`rule.say.over.${draft.over}`, { place });
  }
  const types = draft.asset_types.map(words.assetType).join(t("rule.say.comma"));
  return types || t("rule.say.everywhere");
}

/** Returns the sentence: where, what, for how long, when, and how it ends. */
export function sentence(draft: Draft, words: Vocabulary): string {
  const { t } = words;
  const quantity = draft.quantity === EVERY || draft.quantity === "" ? t("rule.say.every_quantity") : words.quantity(draft.quantity);
  const window = draft.window_s === null ? "…" : span(draft.window_s, t);
  const tolerance = `${draft.tolerance ?? "…"}`;
  const known = { quantity, op: SIGNS[draft.op] ?? draft.op, levels: levels(draft, words), window, tolerance, terms: terms(draft, words) };
  const parts = [
    t("rule.say.when", { where: where(draft, words), what: t(`rule.say.kind.${draft.kind}`, known) }),
    draft.hold_s > 0 ? t("rule.say.hold", { hold: span(draft.hold_s, t) }) : "",
    draft.schedule ? t("rule.say.schedule", { days: draft.schedule.days.map((day) => t(`rule.day.${day}`)).join(t("rule.say.comma")), from: draft.schedule.from, to: draft.schedule.to }) : "",
    t("rule.say.then", { about: t(`rule.say.about.${draft.about}`) }),
  ];
  const calm = draft.clear_hold_s > 0 ? span(draft.clear_hold_s, t) : "";
  const ended = t(`rule.say.ended.${draft.kind === "compound" ? "unmet" : "back"}${calm ? "_for" : ""}`, { value: figure(draft.clear, draft, words), hold: calm });
  const hidden = draft.suppressed_by.length > 0 ? t("rule.say.suppressed", { rules: draft.suppressed_by.map(words.rule).join(t("rule.say.comma")) }) : "";
  const said = [parts.join(""), ended, hidden, ""].filter((part, i) => part !== "" || i === 3).join(t("rule.say.stop")).trim();
  return said.charAt(0).toUpperCase() + said.slice(1);
}
