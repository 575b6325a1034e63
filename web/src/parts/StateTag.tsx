/** Where a thing stands in its life; each tone has its own mark, so that it is not told by colour alone. */
import { useTranslation } from "react-i18next";

const TONES: Record<string, "wait" | "live" | "done" | "stop"> = {
  unacknowledged: "live", acknowledged: "wait", returned_unacknowledged: "wait", shelved: "stop", suppressed_by_design: "stop", out_of_service: "stop", normal: "done",
  draft: "wait", in_review: "wait", approved: "wait", issued: "live", updated: "done", cancelled: "stop", expired: "stop",
  proposed: "wait", active: "live", ended: "done", declined: "stop",
  found: "wait", filed: "wait", dispatched: "wait", handling: "live", verifying: "live", closed: "done",
  on: "done", off: "stop", "rule.proposed": "live", flowing: "done", quiet: "live", held: "live", none: "stop", "door.open": "done", shut: "live",
  "shelter.closed": "wait", "incident.closed": "done",
  owed: "wait", open: "live", sent: "done", overdue: "live", confirmed: "done", partial: "wait", superseded: "stop",
};

export function StateTag({ noun, state }: { noun: string; state: string }) {
  const { t } = useTranslation();
  const label = t(`state.${noun}.${state}`, { defaultValue: t(`state.any.${state}`, { defaultValue: state }) });
  return <span className={`state state-${TONES[`${noun}.${state}`] ?? TONES[state] ?? "wait"}`}>{label}</span>;
}
