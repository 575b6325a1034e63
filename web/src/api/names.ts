/** The keys under which answers are kept, and which of them a journal entry makes stale. */

export const STALE: Record<string, string[]> = {
  observation: ["sensors", "series"],
  alarm: ["alarms", "sensors", "review"],
  forecast: ["forecasts", "review"],
  cyclone: ["cyclone"],
  warning: ["warnings", "warning", "review"],
  plan: ["activations", "activation", "plans"],
  activation: ["activations", "activation"],
  task: ["tasks", "activation", "activations", "review"],
  incident: ["incidents", "reports"],
  report: ["reports", "incidents"],
  stock: ["stock", "needs", "allocations"],
  shelter: ["shelters", "review"],
  need: ["needs", "allocations"],
  allocation: ["allocations", "stock", "needs"],
  supply: ["stock", "needs", "allocations", "shelters"],
  sensor: ["sensors"],
  rule: ["rules"],
  source: ["sources"],
  sense: ["sources"],
  clock: ["clock"],
};

/** Returns the keys that an entry of this verb makes stale; the journal itself always is. */
export function staleBy(verb: string): string[] {
  return ["journal", "story", ...(STALE[verb.split(".")[0] ?? ""] ?? [])];
}
