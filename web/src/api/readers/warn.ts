import { rank } from "../../parts/grades";
import { first, flag, grade, list, record, text, texts, type Raw } from "../raw";
import type { Warning, WarningDetail, WarningText } from "../types";
import { steps } from "./steps";

function wording(value: unknown): WarningText | undefined {
  const raw = record(value);
  const headline = text(raw.headline);
  if (headline === null) return undefined;
  return { headline, description: text(raw.description) ?? "", instruction: text(raw.instruction) ?? "" };
}

function wordings(value: unknown): Warning["texts"] {
  const zh = wording(record(value).zh);
  const en = wording(record(value).en);
  return { ...(zh ? { zh } : {}), ...(en ? { en } : {}) };
}

export function warning(raw: Raw): Warning {
  return {
    id: text(raw.id) ?? "",
    state: text(raw.state) ?? "",
    grade: grade(raw.grade),
    event_type: text(raw.event_type) ?? "",
    area: text(raw.area) ?? "",
    areas: texts(raw.areas),
    candidate: flag(raw.candidate),
    certainty: text(raw.certainty) ?? "",
    texts: wordings(raw.texts),
    authors: texts(raw.authors),
    approver: text(raw.approver),
    issuer: text(raw.issuer),
    drafted: text(first(raw, "drafted", "drafted_at")) ?? "",
    onset: text(raw.onset),
    expires: text(raw.expires),
    issued: text(first(raw, "issued", "issued_at")),
    ended: text(raw.ended),
    reason: text(raw.reason) ?? "",
    forecast: text(raw.forecast),
    supersedes: text(raw.supersedes),
    facts: record(raw.facts),
  };
}

/** Returns one warning with the steps of its life and the messages sent. */
export function warningDetail(raw: Raw): WarningDetail {
  const inner = record(raw.warning);
  return {
    warning: warning(text(inner.id) === null ? raw : inner),
    steps: steps(first(raw, "steps", "history")),
    messages: list(raw.messages).map((one) => ({
      identifier: text(one.identifier) ?? "",
      msg_type: text(one.msg_type) ?? "",
      status: text(one.status) ?? "",
      sent: text(one.sent) ?? "",
    })),
  };
}

const ORDER = ["in_review", "approved", "draft", "issued", "updated", "cancelled", "expired"];
const place = (state: string): number => (ORDER.includes(state) ? ORDER.indexOf(state) : ORDER.length);

/** Returns warnings by what has to be done first, then by grade, then the newest. */
export const warnings = (raw: Raw): Warning[] =>
  list(raw.items)
    .map(warning)
    .sort((a, b) => place(a.state) - place(b.state) || rank(a.grade) - rank(b.grade) || b.drafted.localeCompare(a.drafted));

const PENDING = new Set(["draft", "in_review", "approved"]);
export const isPending = (one: Warning): boolean => PENDING.has(one.state);
export const isOnAir = (one: Warning): boolean => one.state === "issued";
