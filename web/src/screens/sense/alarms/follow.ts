/** Keeps a list of alarms in step with the journal, entry by entry, without asking for the whole list again. Pure. */
import { alarm, within, type Raw } from "../../../api/readers";
import type { Alarm, Entry } from "../../../api/types";
import { rank } from "../../../parts/grades";
import { noun } from "../../../parts/entries";

const HOLDS: Record<string, boolean> = { "alarm.open": true, "alarm.raise": true, "alarm.ease": true, "alarm.clear": false };
const TOLD = new Set([
  "subject", "subject_kind", "sensor", "rule", "about", "asset", "asset_type", "quantity", "unit", "name_zh", "name_en", "lon", "lat", "synthetic", "state", "grade", "value",
  "threshold", "cause", "observed_at", "assigned_to", "incidents", "shelved_until",
]);

/** Returns the alarm after an entry; nothing where the entry is about one that is not known and does not open it. */
export function after(before: Alarm | undefined, entry: Entry): Alarm | null {
  if (!before && entry.verb !== "alarm.open") return null;
  const told: Raw = Object.fromEntries(Object.entries(entry.data).filter(([key]) => TOLD.has(key)));
  const now = alarm({ ...told, id: entry.subject, area: entry.area, opened_at: entry.at, changed_at: entry.at, active: true });
  const base = before ?? now;
  const worst = rank(now.grade) < rank(base.worst) ? now.grade : base.worst;
  const changed: Alarm = before ? { ...before, ...pick(now, told), worst, changed_at: entry.at } : now;
  return {
    ...changed,
    active: HOLDS[entry.verb] ?? base.active,
    open: changed.state !== "normal",
    comments: base.comments + (entry.verb === "alarm.comment" ? 1 : 0),
    acknowledged_by: entry.verb === "alarm.acknowledge" ? entry.by : base.acknowledged_by,
    returned_at: entry.verb === "alarm.clear" ? entry.at : HOLDS[entry.verb] ? null : base.returned_at,
  };
}

const KEYS: (keyof Alarm)[] = ["state", "grade", "value", "threshold", "cause", "assigned_to", "incidents", "shelved_until"];

/** Returns what an entry told of an alarm that may have changed since it opened. */
const pick = (now: Alarm, told: Raw): Partial<Alarm> => Object.fromEntries(KEYS.filter((key) => key in told).map((key) => [key, now[key]]));

/** Returns the alarms after some entries; `open` says that closed ones are of no interest, `area` those outside it. */
export function followed(alarms: Alarm[], entries: Entry[], open: boolean, area: string | null): Alarm[] {
  const about = entries.filter((entry) => noun(entry.verb) === "alarm" && typeof entry.data.alarm === "string" && (!area || within(entry.area, area)));
  if (about.length === 0) return alarms;
  const known = new Map(alarms.map((one) => [one.id, one]));
  for (const entry of about) {
    const next = after(known.get(entry.subject), entry);
    if (!next) continue;
    if (open && !next.open) known.delete(next.id);
    else known.set(next.id, next);
  }
  return [...known.values()];
}
