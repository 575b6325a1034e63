/** Reads the colours' meanings out of the style sheet, for what cannot use CSS: the map and the charts. */

const MEANINGS = [
  "page", "surface", "surface-2", "edge", "text", "text-2", "text-3", "accent", "accent-soft",
  "level-red", "level-orange", "level-yellow", "level-blue",
  "level-red-soft", "level-orange-soft", "level-yellow-soft", "level-blue-soft",
  "done", "done-soft", "late", "late-soft", "storm",
  "map-water", "map-land", "map-road", "map-line", "map-text", "map-halo",
] as const;

export type Meaning = (typeof MEANINGS)[number];
export type Palette = Record<Meaning, string>;

/** Returns the palette of the theme that the document shows now. */
export function palette(): Palette {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(MEANINGS.map((m) => [m, style.getPropertyValue(`--${m}`).trim()])) as Palette;
}
