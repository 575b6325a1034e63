/** Where a thing stands in its life; each tone has its own mark, so that it is not told by colour alone. */
import { useTranslation } from "react-i18next";

const TONES: Record<string, "wait" | "live" | "done" | "stop"> = {
  open: "live", unacknowledged: "live", acknowledged: "wait", shelved: "wait", returned: "wait", cleared: "done", normal: "done", closed: "done",
  draft: "wait", review: "wait", approved: "wait", issued: "live", updated: "live", cancelled: "stop", expired: "stop",
  proposed: "wait", active: "live", activated: "live", ended: "done", rejected: "stop", terminated: "done",
  found: "wait", filed: "wait", dispatched: "wait", handling: "live", verifying: "live",
  waiting: "wait", done: "done", late: "live", overdue: "live", sent: "done", submitted: "done",
};

export function StateTag({ noun, state }: { noun: string; state: string }) {
  const { t } = useTranslation();
  const label = t(`state.${noun}.${state}`, { defaultValue: t(`state.any.${state}`, { defaultValue: state }) });
  return <span className={`state state-${TONES[state] ?? "wait"}`}>{label}</span>;
}
