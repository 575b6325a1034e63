/** What a journal entry says to a reader: its kind, its grade and its words. */
import { isGrade, type Grade } from "./grades";
import type { Entry } from "../api/types";
import { name } from "./names";
import type { Lang } from "./time";

/** Kinds of objects that have a drawer, by the noun of the verb. */
const KINDS: Record<string, string> = { alarm: "alarm", forecast: "forecast", warning: "warning", task: "task", plan: "activation", activation: "activation", shelter: "shelter", cyclone: "cyclone" };

export const noun = (verb: string): string => verb.split(".")[0] ?? "";

export const kindOf = (verb: string): string | null => KINDS[noun(verb)] ?? null;

export function gradeOf(entry: Entry): Grade | null {
  const found = entry.data.grade ?? entry.args.grade;
  return isGrade(found) ? found : null;
}

const text = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);

/** Returns the words of an entry: the title of what it is about, where the entry tells it, else its id. */
export function about(entry: Entry, lang: Lang): string {
  for (const part of [entry.data, entry.args]) {
    for (const key of ["title", "headline", "name"]) {
      const pair = { zh: text(part[`${key}_zh`]) ?? text(part[key]) ?? "", en: text(part[`${key}_en`]) };
      const found = name(pair, lang);
      if (found) return found;
    }
  }
  return text(entry.data.sensor) ?? text(entry.args.note) ?? entry.subject;
}

/** Returns how an actor is called: machines by what they are, people by their own id. */
export function actorKind(by: string): "automatic" | "instrument" | null {
  if (by.startsWith("system")) return "automatic";
  return by.startsWith("instrument") ? "instrument" : null;
}
