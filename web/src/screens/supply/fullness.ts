import type { Shelter } from "../../api/types";

const NEARLY = 0.9;

/** Returns how full a shelter is, and whether that calls for attention. */
export function fullness(shelter: Shelter): { share: number; tone: "calm" | "soon" | "late" } {
  const share = shelter.capacity > 0 ? shelter.occupied / shelter.capacity : 0;
  return { share, tone: share >= 1 ? "late" : share >= NEARLY ? "soon" : "calm" };
}
