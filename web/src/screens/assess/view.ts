/** What the map of a forecast shows now, and which tiles that asks for; pure. */
import type { FloodMap, Legend } from "../../api/flooding";
import type { ForecastLine } from "../../api/types";

export type Spread = "low" | "best" | "high";
export type Shown = "moment" | "depth" | "chance" | "arrival";

/** The moment, estimate and threshold are kept while something else is shown. */
export interface View {
  shown: Shown;
  frame: number;
  spread: Spread;
  threshold: number;
}

export const SPREADS: Spread[] = ["low", "best", "high"];
const DEPTH: Record<Spread, string> = { low: "depth_low", best: "depth", high: "depth_high" };

/** Returns the first view of a map: the greatest depth, best estimate, and the second of the thresholds for later. */
export const firstView = (): View => ({ shown: "depth", frame: 0, spread: "best", threshold: 1 });

/** Returns what can be shown: moments only where the forecast kept some. */
export function choices(map: FloodMap): Shown[] {
  const known = new Set(map.layers.map(({ id }) => id));
  const all: [Shown, boolean][] = [
    ["depth", true],
    ["moment", known.has("frame")],
    ["chance", thresholds(map).length > 0],
    ["arrival", known.has("arrival")],
  ];
  return all.flatMap(([shown, there]) => (there ? [shown] : []));
}

export const thresholds = (map: FloodMap): number[] => map.layers.flatMap(({ threshold_m }) => (typeof threshold_m === "number" ? [threshold_m] : []));

export function layerOf(view: View): string {
  if (view.shown === "moment") return "frame";
  if (view.shown === "depth") return DEPTH[view.spread];
  return view.shown === "chance" ? `chance_${view.threshold}` : "arrival";
}

/** Returns the address of the tiles that a view asks for, for a map library to fill in level, column and row. */
export function tilesOf(map: FloodMap, view: View, origin: string): string {
  const address = origin + map.tiles.replace("{layer}", layerOf(view));
  return view.shown === "moment" ? `${address}&frame=${view.frame}` : address;
}

export function legendOf(map: FloodMap, view: View): { key: string; legend: Legend | undefined } {
  const key = map.layers.find(({ id }) => id === layerOf(view))?.legend ?? "depth";
  return { key, legend: map.legends[key] };
}

/** Returns the frame after this one; the first after the last. */
export const after = (frame: number, count: number): number => (frame + 1 < count ? frame + 1 : 0);

/** Returns the words of a legend's classes: `0.15–0.3`, the last one open. */
export function classWords({ classes }: Legend): string[] {
  return classes.map(({ at_least }, i) => {
    const next = classes[i + 1]?.at_least;
    return next === undefined ? `≥ ${at_least}` : `${at_least}–${next}`;
  });
}

/** Returns the newest forecast of the same area, if it is newer than the one shown; lines come the newest first. */
export function newerThan(lines: ForecastLine[], shown: string | null): ForecastLine | null {
  const own = lines.find(({ id }) => id === shown);
  const newest = own && lines.find(({ area }) => area === own.area);
  return newest && newest.id !== shown ? newest : null;
}
