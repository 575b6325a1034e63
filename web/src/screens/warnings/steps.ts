/** The steps that may follow each state of a warning, as `anlan.warn.states` has them; the first is the usual one. */

export interface WarningMove {
  verb: string;
  ask: string[];
  danger?: boolean;
  /** Who drafted may not do this: a second person must. */
  second?: boolean;
}

export const MOVES: Record<string, WarningMove[]> = {
  draft: [
    { verb: "warning.submit", ask: ["note"] },
  ],
  in_review: [
    { verb: "warning.approve", ask: ["note"], second: true },
    { verb: "warning.return", ask: ["reason"], danger: true },
  ],
  approved: [
    { verb: "warning.issue", ask: [] },
    { verb: "warning.return", ask: ["reason"], danger: true },
  ],
  issued: [
    { verb: "warning.update", ask: ["reason", "grade", "areas"] },
    { verb: "warning.cancel", ask: ["reason"], danger: true },
  ],
};

/** The states in the order in which a warning walks them. */
export const PATH = ["draft", "in_review", "approved", "issued"] as const;
export const ENDS = new Set(["updated", "cancelled", "expired"]);
