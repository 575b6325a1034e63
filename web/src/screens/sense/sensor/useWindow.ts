/** Which span of time and which resolution the page shows, kept in its address. */
import { useMemo } from "react";
import { useSearchParams } from "react-router";

import type { Resolution } from "../../../api/types";
import { useNow } from "../../../live/ClockProvider";
import { fitting, lately, moved, SPANS, type Window } from "./span";

const FIRST = "24h";

export interface Chosen {
  /** The name of the span back from now; nothing where two moments were chosen. */
  span: string | null;
  window: Window;
  resolution: Resolution;
}

export function useWindow() {
  const [search, setSearch] = useSearchParams();
  const now = useNow();
  const [from, to] = [Number(search.get("from")), Number(search.get("to"))];
  const fixed = from > 0 && to > from;
  const span = fixed ? null : (search.get("span") ?? FIRST);
  const length = fixed ? to - from : (SPANS[span ?? FIRST] ?? 0);
  const live = lately(length || (SPANS[FIRST] ?? 0), now);
  const [begin, end] = fixed ? [from, to] : [live.from, live.to];
  const told = search.get("resolution");
  const resolution: Resolution = told === "raw" || told === "hour" || told === "day" ? told : fitting(end - begin);
  const chosen = useMemo<Chosen>(() => ({ span, window: { from: begin, to: end }, resolution }), [span, begin, end, resolution]);
  const write = (values: Record<string, string | null>): void =>
    setSearch(
      (before) => {
        const after = new URLSearchParams(before);
        for (const [key, value] of Object.entries(values)) {
          if (value === null) after.delete(key);
          else after.set(key, value);
        }
        return after;
      },
      { replace: true },
    );
  return {
    chosen,
    setSpan: (name: string) => write({ span: name, from: null, to: null, resolution: null }),
    setResolution: (name: Resolution) => write({ resolution: name }),
    setWindow: (next: Window) => write({ from: String(Math.round(next.from)), to: String(Math.round(next.to)), span: null, resolution: null }),
    move: (share: number) => {
      const next = moved(chosen.window, share, now);
      if (next) write({ from: String(Math.round(next.from)), to: String(Math.round(next.to)), span: null });
      else write({ from: null, to: null });
    },
  };
}
