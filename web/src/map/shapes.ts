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
