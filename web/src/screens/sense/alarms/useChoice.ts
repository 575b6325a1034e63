/** Which rows are ticked and on which the keyboard stands. */
import { useCallback, useMemo, useState } from "react";

import type { Alarm } from "../../../api/types";
import type { DeskRow } from "./rows";

/** Returns the alarms that a row stands for: its own, or all of its heap. */
export const alarmsOf = (row: DeskRow): Alarm[] => (row.kind === "heap" ? row.alarms : [row.alarm]);

export type Tick = "all" | "some" | "none";

export function tickOf(row: DeskRow, ticked: ReadonlySet<string>): Tick {
  const own = alarmsOf(row);
  const count = own.filter(({ id }) => ticked.has(id)).length;
  return count === 0 ? "none" : count === own.length ? "all" : "some";
}

export function useChoice(rows: DeskRow[], all: Alarm[]) {
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const [cursor, setCursor] = useState<string | null>(null);

  const tick = useCallback(
    (row: DeskRow) =>
      setTicked((before) => {
        const after = new Set(before);
        const off = tickOf(row, before) === "all";
        for (const { id } of alarmsOf(row)) {
          if (off) after.delete(id);
          else after.add(id);
        }
        return after;
      }),
    [],
  );
  const tickAll = useCallback(
    () =>
      setTicked((before) => {
        const every = rows.flatMap(alarmsOf).map(({ id }) => id);
        return every.every((id) => before.has(id)) ? new Set() : new Set(every);
      }),
    [rows],
  );
  const clear = useCallback(() => setTicked(new Set()), []);
  const at = cursor === null ? -1 : rows.findIndex(({ key }) => key === cursor);
  /** Moves the keyboard's place by so many rows; from nowhere it begins at the first. */
  const step = useCallback(
    (by: number): number => {
      const next = at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + by));
      const row = rows[next];
      if (row) setCursor(row.key);
      return next;
    },
    [rows, at],
  );
  const chosen = useMemo(() => all.filter(({ id }) => ticked.has(id)), [all, ticked]); // what has closed since falls out
  return { ticked, chosen, cursor, setCursor, tick, tickAll, clear, step, row: rows[at] ?? null };
}

export type Choice = ReturnType<typeof useChoice>;
