/** Keeps the map's sources, visibility and pictures in step with what the screen has read. */
import type { FeatureCollection } from "geojson";
import type { GeoJSONSource, Map as MapLibre, RasterTileSource } from "maplibre-gl";
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

export function useShown(map: MapLibre | null, shown: Shown): void {
  useEffect(() => {
    if (!map) return;
    for (const { key, layers } of GROUPS) {
      for (const layer of layers) {
        if (map.getLayer(layer)) map.setLayoutProperty(layer, "visibility", shown[key] ? "visible" : "none");
      }
    }
  }, [map, shown]);
}

export interface Picture {
  key: string;
  url: string;
  bounds: [number, number, number, number];
}

const DEPTH = "depth-";
const [FARTHEST, NEAREST] = [5, 14]; // levels at which the server makes tiles

/** Lays tiles (the depth of the flood, one set an area) over the land and under the roads. */
export function usePictures(map: MapLibre | null, pictures: Picture[], visible: boolean): void {
  useEffect(() => {
    if (!map) return;
    const wanted = new Set(pictures.map(({ key }) => DEPTH + key));
    for (const id of map.getLayersOrder().filter((layer) => layer.startsWith(DEPTH) && !wanted.has(layer))) {
      map.removeLayer(id);
      map.removeSource(id);
    }
    for (const { key, url, bounds } of pictures) lay(map, DEPTH + key, url, bounds);
    for (const id of wanted) map.setLayoutProperty(id, "visibility", visible ? "visible" : "none");
  }, [map, pictures, visible]);
}

function lay(map: MapLibre, id: string, url: string, bounds: Picture["bounds"]): void {
  const source = map.getSource<RasterTileSource>(id);
  if (source?.tiles[0] === url) return;
  if (source) source.setTiles([url]);
  else {
    map.addSource(id, { type: "raster", tiles: [url], tileSize: 256, minzoom: FARTHEST, maxzoom: NEAREST, bounds });
    map.addLayer({ id, type: "raster", source: id, paint: { "raster-opacity": 0.8, "raster-resampling": "nearest", "raster-fade-duration": 0 } }, "roads");
  }
}
