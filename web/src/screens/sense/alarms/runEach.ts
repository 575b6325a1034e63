/** Does one act for each of many things, a few at a time, and tells of each how it went. */

export type Turn = "waiting" | "doing" | "done" | "refused" | "left";

export interface Progress {
  turn: Turn;
  /** Why it was refused. */
  why?: string;
}

const AT_ONCE = 4;

/** Runs `act` for each item in order; ends early, leaving the rest, once `stopped` says so. */
export async function runEach<T>(items: T[], act: (item: T) => Promise<unknown>, tell: (at: number, progress: Progress) => void, stopped: () => boolean): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const at = next++;
      const item = items[at] as T;
      if (stopped()) {
        tell(at, { turn: "left" });
        continue;
      }
      tell(at, { turn: "doing" });
      try {
        await act(item);
        tell(at, { turn: "done" });
      } catch (error) {
        tell(at, { turn: "refused", why: error instanceof Error ? error.message : String(error) });
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, worker));
}
