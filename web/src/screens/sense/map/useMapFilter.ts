/** The map's filter, kept in the address so that a view can be handed on. */
import { useCallback, useMemo } from "react";
import { useSearchParams } from "react-router";

import type { SensorFilter } from "./filter";

const KEYS = { quantities: "q", states: "s", grades: "g" } as const;
type Part = keyof typeof KEYS;

const set = (text: string | null): ReadonlySet<string> => new Set(text ? text.split(",") : []);

export interface MapFilter extends SensorFilter {
  area: string | null;
  heaped: boolean;
}

export function useMapFilter() {
  const [search, setSearch] = useSearchParams();
  const told = search.toString();
  const filter = useMemo<MapFilter>(() => {
    const asked = new URLSearchParams(told);
    return {
      quantities: set(asked.get("q")),
      states: set(asked.get("s")),
      grades: set(asked.get("g")),
      area: asked.get("area"),
      heaped: asked.get("heaps") === "1",
    };
  }, [told]);
  const write = useCallback(
    (key: string, value: string | null) =>
      setSearch(
        (before) => {
          const after = new URLSearchParams(before);
          if (value) after.set(key, value);
          else after.delete(key);
          return after;
        },
        { replace: true },
      ),
    [setSearch],
  );
  /** Takes names in or out of one part of the filter: all of them in, unless all are in already. */
  const toggle = useCallback(
    (part: Part, names: string[]) => {
      const now = new Set(filter[part]);
      const all = names.every((name) => now.has(name));
      for (const name of names) {
        if (all) now.delete(name);
        else now.add(name);
      }
      write(KEYS[part], [...now].join(","));
    },
    [filter, write],
  );
  const clear = useCallback(() => setSearch({}, { replace: true }), [setSearch]);
  return { filter, toggle, write, clear };
}
