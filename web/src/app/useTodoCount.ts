import { useAlarms, useTasks } from "../api/queries";
import { needsAcknowledging } from "../api/readers";

/** Returns how many things wait for this user: alarms to acknowledge and tasks at their desks. */
export function useTodoCount(): number {
  const { data: alarms } = useAlarms();
  const { data: tasks } = useTasks({ mine: true });
  return (alarms?.filter(needsAcknowledging).length ?? 0) + (tasks?.length ?? 0);
}
