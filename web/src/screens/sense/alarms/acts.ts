/** What can be done with an alarm, by how it stands; the first is the usual thing. */
import { isHidden, needsAcknowledging } from "../../../api/readers";
import type { Alarm } from "../../../api/types";

export interface AlarmAct {
  verb: string;
  ask: string[];
  fits: (alarm: Alarm) => boolean;
  danger?: boolean;
  /** Not one of the few that stand in the row of buttons. */
  rare?: boolean;
}

const seen = (alarm: Alarm): boolean => alarm.open && !isHidden(alarm);

export const ALARM_ACTS: AlarmAct[] = [
  { verb: "alarm.acknowledge", ask: ["note"], fits: needsAcknowledging },
  { verb: "alarm.unshelve", ask: [], fits: ({ state }) => state === "shelved" },
  { verb: "alarm.unsuppress", ask: [], fits: ({ state }) => state === "suppressed_by_design" },
  { verb: "alarm.restore", ask: [], fits: ({ state }) => state === "out_of_service" },
  { verb: "alarm.assign", ask: [], fits: ({ open }) => open },
  { verb: "alarm.comment", ask: [], fits: () => true },
  { verb: "alarm.relate", ask: [], fits: () => true },
  { verb: "alarm.shelve", ask: [], fits: seen },
  { verb: "alarm.suppress", ask: [], fits: seen, rare: true },
  { verb: "alarm.remove", ask: [], fits: seen, rare: true },
  { verb: "alarm.clear", ask: ["reason"], fits: ({ open, active }) => open && active, danger: true, rare: true },
];
