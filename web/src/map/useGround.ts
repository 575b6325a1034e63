/** The city's own ground under every map: land, water, districts and towns with their labels, and what is switched on of the rest. */
import { useMemo } from "react";

import { useLayer } from "../api/queries";
import type { Shown } from "./groups";
import { labelPoints, named } from "./shapes";
import type { MapSources } from "./useMapData";

export function useGround(shown: Shown): MapSources {
  const { data: land } = useLayer("city_land");
  const { data: districts } = useLayer("districts");
  const { data: towns } = useLayer("towns");
  const { data: metro } = useLayer("metro_lines", shown.metro);
  const { data: roads } = useLayer("expressways", shown.roads);
  const { data: water } = useLayer("waterways");
  return useMemo(() => {
    const ground: MapSources = {};
    const areas = { districts: named(districts), towns: named(towns) };
    const points = [...labelPoints(areas.districts, "district"), ...labelPoints(areas.towns, "town")];
    const all = { land, ...areas, metro, roads, water, labels: { type: "FeatureCollection" as const, features: points } };
    for (const [key, data] of Object.entries(all)) if (data) ground[key as keyof MapSources] = data;
    return ground;
  }, [land, districts, towns, metro, roads, water]);
}
