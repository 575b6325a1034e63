/** Whether more alarms come than a person can take in (ISA-18.2, EEMUA 191). Pure. */
import type { Alarm, AlarmSystem } from "../../../api/types";

export const TEN_MINUTES = 600_000;

export interface FloodNow {
  /** Alarms that opened within the last ten minutes. */
  count: number;
  /** How many those at the desk can take in that time. */
  target: number;
  /** Since when, where the server says that a flood lasts. */
  since: string | null;
}

/** Returns the flood of now; nothing while the rate is within its target. `system` tells the target and floods of late. */
export function floodNow(alarms: Alarm[], system: AlarmSystem | undefined, now: number): FloodNow | null {
  const target = system?.indicators.find(({ id }) => id === "peak_10min")?.target;
  if (!system || target == null) return null;
  const count = alarms.filter(({ opened_at }) => now - Date.parse(opened_at) < TEN_MINUTES).length;
  const lasting = system.floods.find(({ to }) => Date.parse(to) > Date.parse(system.until) - TEN_MINUTES);
  const most = target * system.operators;
  return lasting || count > most ? { count, target: most, since: lasting?.from ?? null } : null;
}
