import { useAlarms, useTasks } from "../api/queries";
import { needsAcknowledging } from "../api/readers";
import { useMay } from "../parts/useMay";

/** Returns how many things wait for this user: alarms to acknowledge and tasks at their desks. */
export function useTodoCount(): number {
  const may = useMay();
  const { data: alarms } = useAlarms();
  const { data: tasks } = useTasks({ mine: true });
  const unseen = may("alarm.acknowledge") ? (alarms?.filter(needsAcknowledging).length ?? 0) : 0;
  return unseen + (tasks?.length ?? 0);
}
