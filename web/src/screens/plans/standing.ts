import type { Progress } from "../../api/types";

/** Returns how a group of tasks stands, in one word. */
export function standing(progress: Progress): "none" | "late" | "open" | "done" {
  if (progress.total === 0) return "none";
  if (progress.overdue > 0) return "late";
  return progress.open > 0 ? "open" : "done";
}
