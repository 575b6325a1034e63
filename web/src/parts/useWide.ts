import { useSyncExternalStore } from "react";

const WIDE = "(min-width: 900px)";

/** Tells whether there is room for the map and a panel side by side. */
export function useWide(): boolean {
  return useSyncExternalStore(
    (changed) => {
      const query = window.matchMedia(WIDE);
      query.addEventListener("change", changed);
      return () => query.removeEventListener("change", changed);
    },
    () => window.matchMedia(WIDE).matches,
  );
}
