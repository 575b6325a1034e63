/** The city's layers as the server gives them, with `code`, `zh` and `en` on every feature. */
import type { FeatureCollection } from "geojson";

import { first, names, text, type Raw } from "../api/raw";

export function named(shapes: FeatureCollection | undefined): FeatureCollection | undefined {
  if (!shapes) return undefined;
  return {
    type: "FeatureCollection",
    features: shapes.features.map((feature) => {
      const raw = (feature.properties ?? {}) as Raw;
      const { zh, en } = names(raw, "", ["names", "name", "town_name", "district"]);
      return { ...feature, properties: { ...raw, code: text(first(raw, "code", "town_code", "district_code")) ?? "", zh, en: en ?? zh } };
    }),
  };
}

/** Returns one point per area, at the place that the city names for its label, so that an area of islands is named once. */
export function labelPoints(shapes: FeatureCollection | undefined, level: string): FeatureCollection["features"] {
  return (shapes?.features ?? []).flatMap(({ properties }) => {
    const { lon, lat } = (properties ?? {}) as { lon?: unknown; lat?: unknown };
    if (typeof lon !== "number" || typeof lat !== "number") return [];
    return [{ type: "Feature" as const, properties: { ...properties, level }, geometry: { type: "Point" as const, coordinates: [lon, lat] } }];
  });
}
