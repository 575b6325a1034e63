/** Which alarms the desk shows. Pure. */
import { isHidden, needsAcknowledging } from "../../../api/readers";
import type { Alarm } from "../../../api/types";

export const STANDINGS = ["waiting", "open", "hidden", "past"] as const;
export type Standing = (typeof STANDINGS)[number];

export interface DeskFilter {
  standing: Standing;
  grades: ReadonlySet<string>;
  quantity: string | null;
  about: string | null;
  rule: string | null;
  /** `me`, `nobody`, or nothing for everybody's. */
  assigned: string | null;
  text: string;
}

const STANDS: Record<Standing, (one: Alarm) => boolean> = {
  waiting: needsAcknowledging,
  open: (one) => one.open && !isHidden(one),
  hidden: (one) => one.open && isHidden(one),
  past: () => true,
};

export const stands = (one: Alarm, standing: Standing): boolean => STANDS[standing](one);

function assignedTo(one: Alarm, wanted: string | null, me: string): boolean {
  if (wanted === "me") return one.assigned_to === me;
  return wanted === "nobody" ? one.assigned_to === null : true;
}

const has = (one: Alarm, text: string): boolean =>
  text === "" || [one.id, one.subject, one.name.zh, one.name.en ?? "", one.rule].some((part) => part.toLowerCase().includes(text));

/** Tells whether an alarm passes all of the filter but how it stands. */
export function passes(one: Alarm, filter: DeskFilter, me: string): boolean {
  return (
    (filter.grades.size === 0 || filter.grades.has(one.grade ?? "none")) &&
    (filter.quantity === null || one.quantity === filter.quantity) &&
    (filter.about === null || one.about === filter.about) &&
    (filter.rule === null || one.rule === filter.rule) &&
    assignedTo(one, filter.assigned, me) &&
    has(one, filter.text.trim().toLowerCase())
  );
}
