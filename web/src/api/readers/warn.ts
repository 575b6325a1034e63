import { first, grade, list, reasons, record, text, texts, type Raw } from "../raw";
import type { Warning, WarningStep, WarningText } from "../types";
import { rank } from "../../parts/grades";

function wording(value: unknown): WarningText | undefined {
  const raw = record(value);
  const headline = text(raw.headline);
  return headline === null
    ? undefined
    : { headline, description: text(raw.description) ?? "", instruction: text(raw.instruction) ?? "" };
}

/** Returns the texts by language, from `texts: {zh, en}`, from CAP-like `info: [{language, …}]` or flat on the warning. */
function wordings(raw: Raw): Warning["texts"] {
  const found: Warning["texts"] = {};
  for (const info of list(first(raw, "info", "texts"))) {
    const lang = (text(first(info, "language", "lang")) ?? "zh").startsWith("en") ? "en" : "zh";
    const words = wording(info);
    if (words) found[lang] = words;
  }
  const pair = record(raw.texts);
  const zh = found.zh ?? wording(pair.zh) ?? wording(raw);
  const en = found.en ?? wording(pair.en);
  return { ...(zh ? { zh } : {}), ...(en ? { en } : {}) };
}

function step(raw: Raw): WarningStep {
  const note = text(first(raw, "note", "why"));
  return {
    at: text(raw.at) ?? "",
    by: text(raw.by) ?? "",
    verb: text(first(raw, "verb", "state")) ?? "",
    ...(note ? { note } : {}),
  };
}

export function warning(raw: Raw): Warning {
  const areas = texts(raw.areas);
  return {
    ...reasons(raw),
    id: text(raw.id) ?? "",
    state: text(raw.state) ?? "",
    grade: grade(raw.grade),
    event_type: text(first(raw, "event_type", "event")) ?? "",
    area: text(raw.area) ?? areas[0] ?? "",
    areas: areas.length > 0 ? areas : list(raw.areas).map((a) => text(first(a, "code", "area")) ?? ""),
    texts: wordings(raw),
    author: text(first(raw, "author", "drafted_by", "by")),
    approver: text(first(raw, "approver", "approved_by")),
    made_at: text(first(raw, "made_at", "drafted_at", "created_at", "at")) ?? "",
    issued_at: text(first(raw, "issued_at", "sent")),
    expires_at: text(first(raw, "expires_at", "expires")),
    because: text(raw.because),
    steps: list(first(raw, "steps", "history")).map(step),
  };
}

const ORDER = ["review", "draft", "approved", "issued", "updated", "cancelled", "expired"];
const place = (state: string): number => (ORDER.includes(state) ? ORDER.indexOf(state) : ORDER.length);

/** Returns warnings by what has to be done first, then by grade, then the newest. */
export const warnings = (raw: Raw): Warning[] =>
  list(raw.items)
    .map(warning)
    .sort((a, b) => place(a.state) - place(b.state) || rank(a.grade) - rank(b.grade) || b.made_at.localeCompare(a.made_at));
