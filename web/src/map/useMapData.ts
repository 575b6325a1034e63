/** Keeps the map's sources, visibility and pictures in step with what the screen has read. */
import type { FeatureCollection } from "geojson";
import type { GeoJSONSource, ImageSource, Map as MapLibre } from "maplibre-gl";
import { useEffect, useRef } from "react";

import { GROUPS, type Shown } from "./groups";
import { SOURCES, type SourceName } from "./style";

export type MapSources = Partial<Record<SourceName, FeatureCollection>>;

/** Hands each source its data when that data is new, and not again. */
export function useSources(map: MapLibre | null, sources: MapSources): void {
  const given = useRef<{ map: MapLibre | null; data: MapSources }>({ map: null, data: {} });
  useEffect(() => {
    if (!map) return;
    const before = given.current.map === map ? given.current.data : {};
    for (const name of SOURCES) {
      const data = sources[name];
      if (data && data !== before[name]) map.getSource<GeoJSONSource>(name)?.setData(data);
    }
    given.current = { map, data: sources };
  }, [map, sources]);
}

export function useShown(map: MapLibre | null, shown: Shown, extra: unknown): void {
  useEffect(() => {
    if (!map) return;
    for (const { key, layers } of GROUPS) {
      for (const layer of layers) {
        if (map.getLayer(layer)) map.setLayoutProperty(layer, "visibility", shown[key] ? "visible" : "none");
      }
    }
  }, [map, shown, extra]);
}

export interface Picture {
  url: string;
  bounds: [number, number, number, number];
}

/** Lays a picture (the depth of the flood) over the land, under the borders. */
export function usePicture(map: MapLibre | null, picture: Picture | null): void {
  const url = picture?.url;
  const corners = picture?.bounds.join(",");
  useEffect(() => {
    if (!map || !url || !corners) return;
    const [w, s, e, n] = corners.split(",").map(Number) as [number, number, number, number];
    const coordinates: [[number, number], [number, number], [number, number], [number, number]] = [[w, n], [e, n], [e, s], [w, s]];
    const source = map.getSource<ImageSource>("depth");
    if (source) source.updateImage({ url, coordinates });
    else {
      map.addSource("depth", { type: "image", url, coordinates });
      map.addLayer({ id: "depth", type: "raster", source: "depth", paint: { "raster-opacity": 0.75, "raster-resampling": "nearest" } }, "roads");
    }
  }, [map, url, corners]);
}
