/** What the map of coverage shows: towns by how many instruments tell of a hazard there, and cells that none reaches. Pure. */
import type { FeatureCollection } from "geojson";

import type { Coverage, Gap, TownCoverage } from "../../../api/types";

/** Classes of towns by the number of instruments that were heard: none, one or two, up to nine, more. */
export const CLASSES = ["none", "few", "some", "many"] as const;
export type Class = (typeof CLASSES)[number];

const FEW = 2;
const SOME = 9;

export function classOf(town: TownCoverage, hazard: string): Class {
  const heard = town.heard[hazard] ?? 0;
  if (heard === 0) return "none";
  return heard <= FEW ? "few" : heard <= SOME ? "some" : "many";
}

/** Returns the hazard that most instruments tell of; of those alike the first. */
export function mostWatched({ towns, hazards }: Coverage): string | null {
  const heard = (hazard: string): number => towns.reduce((all, town) => all + (town.heard[hazard] ?? 0), 0);
  return hazards.reduce<string | null>((best, hazard) => (best !== null && heard(best) >= heard(hazard) ? best : hazard), null);
}

export const gapFeatures = (gaps: Gap[]): FeatureCollection => ({
  type: "FeatureCollection",
  features: gaps.map(({ lon, lat, people, nearest_m }) => ({ type: "Feature", properties: { people, nearest_m }, geometry: { type: "Point", coordinates: [lon, lat] } })),
});

/** Returns the towns with fewest instruments for their people first. */
export const byNeed = ({ towns, hazard }: Coverage): TownCoverage[] =>
  [...towns].sort((a, b) => (a.heard[hazard] ?? 0) / Math.max(1, a.people ?? 1) - (b.heard[hazard] ?? 0) / Math.max(1, b.people ?? 1) || (b.people ?? 0) - (a.people ?? 0));
