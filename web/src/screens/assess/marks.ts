/** Closed roads, assets and the chosen place as the map draws them. */
import type { FeatureCollection } from "geojson";
import type { GeoJSONSource, Map as MapLibre } from "maplibre-gl";
import { useEffect } from "react";

import type { Arrival, ClosedRoads } from "../../api/flooding";
import { palette } from "../../app/palette";
import { EMPTY } from "../../map/build";

export const ROADS = "closed-roads";
export const ASSETS = "flood-assets";
const BLOCKS = "closed-blocks";
const PLACE = "flood-place";

/** Returns where closed edges stand deepest. */
export function blockPoints({ features }: ClosedRoads): FeatureCollection {
  return {
    type: "FeatureCollection",
    features: features.map(({ id, properties: { lon, lat } }) => ({ type: "Feature", properties: { id }, geometry: { type: "Point", coordinates: [lon, lat] } })),
  };
}

/** Returns assets as points; `sure` are those that the control's water reaches. */
export function assetPoints(items: Arrival[]): FeatureCollection {
  return {
    type: "FeatureCollection",
    features: items.map(({ asset, lon, lat, arrival }) => ({
      type: "Feature",
      properties: { id: asset, sure: arrival !== null },
      geometry: { type: "Point", coordinates: [lon, lat] },
    })),
  };
}

function add(map: MapLibre): void {
  const c = palette();
  for (const id of [ROADS, BLOCKS, ASSETS, PLACE]) map.addSource(id, { type: "geojson", data: EMPTY });
  const width = (far: number, near: number) => ["interpolate", ["linear"], ["zoom"], 8, far, 14, near] as const;
  map.addLayer({ id: `${ROADS}-casing`, type: "line", source: ROADS, paint: { "line-color": c.surface, "line-width": width(2.4, 7) as never } }, "towns-label");
  map.addLayer({ id: ROADS, type: "line", source: ROADS, paint: { "line-color": c.late, "line-width": width(1.2, 4) as never, "line-dasharray": [2, 1] } }, "towns-label");
  map.addLayer(
    {
      id: BLOCKS,
      type: "circle",
      source: BLOCKS,
      minzoom: 9,
      paint: { "circle-radius": width(2.5, 7) as never, "circle-color": c.surface, "circle-stroke-color": c.late, "circle-stroke-width": width(1.5, 4) as never },
    },
    "towns-label",
  );
  map.addLayer(
    {
      id: ASSETS,
      type: "circle",
      source: ASSETS,
      minzoom: 10,
      paint: {
        "circle-radius": width(2, 6) as never,
        "circle-color": ["case", ["get", "sure"], c.late, c.surface],
        "circle-stroke-color": ["case", ["get", "sure"], c.surface, c["text-2"]],
        "circle-stroke-width": 1.2,
      },
    },
    "towns-label",
  );
  map.addLayer({ id: PLACE, type: "circle", source: PLACE, paint: { "circle-radius": 7, "circle-color": "rgba(0,0,0,0)", "circle-stroke-color": c.accent, "circle-stroke-width": 3 } });
}

interface Marks {
  roads: ClosedRoads | undefined;
  roadsShown: boolean;
  assets: Arrival[] | undefined;
  place: { lon: number; lat: number } | null;
}

export function useMarks(map: MapLibre | null, { roads, roadsShown, assets, place }: Marks): void {
  useEffect(() => {
    if (map) add(map);
  }, [map]);
  useEffect(() => {
    const there = roads && roadsShown ? roads : null;
    map?.getSource<GeoJSONSource>(ROADS)?.setData(there ? (there as unknown as FeatureCollection) : EMPTY);
    map?.getSource<GeoJSONSource>(BLOCKS)?.setData(there ? blockPoints(there) : EMPTY);
  }, [map, roads, roadsShown]);
  useEffect(() => {
    map?.getSource<GeoJSONSource>(ASSETS)?.setData(assets ? assetPoints(assets) : EMPTY);
  }, [map, assets]);
  useEffect(() => {
    const data: FeatureCollection = place
      ? { type: "FeatureCollection", features: [{ type: "Feature", properties: {}, geometry: { type: "Point", coordinates: [place.lon, place.lat] } }] }
      : EMPTY;
    map?.getSource<GeoJSONSource>(PLACE)?.setData(data);
  }, [map, place]);
}
