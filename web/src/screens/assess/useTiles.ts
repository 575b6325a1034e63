/** Lays the tiles of one view on the map, and fetches those of the next one behind them.
 *
 * A new view is drawn clear until all its tiles are there; only then it takes the place of the one before, so that
 * nothing flickers while moments are played.
 */
import type { Map as MapLibre, RasterTileSource } from "maplibre-gl";
import { useEffect, useRef, useState } from "react";

const PREFIX = "flood-tiles-";
const OPACITY = 0.9;

interface Frame {
  bounds: [number, number, number, number] | null;
  zooms: [number, number];
  side: number;
}

function lay(map: MapLibre, url: string, { bounds, zooms: [minzoom, maxzoom], side }: Frame): void {
  const id = PREFIX + url;
  if (map.getSource(id)) return;
  map.addSource(id, { type: "raster", tiles: [url], tileSize: side, minzoom, maxzoom, ...(bounds ? { bounds } : {}) });
  map.addLayer({ id, type: "raster", source: id, paint: { "raster-opacity": 0, "raster-opacity-transition": { duration: 0 }, "raster-resampling": "nearest", "raster-fade-duration": 0 } }, "roads");
}

function remove(map: MapLibre, kept: Set<string>): void {
  for (const id of map.getLayersOrder().filter((layer) => layer.startsWith(PREFIX) && !kept.has(layer))) {
    if (map.getLayer(id)) map.removeLayer(id); // removing one is told to all who listen, who may remove the rest
    if (map.getSource<RasterTileSource>(id)) map.removeSource(id);
  }
}

function show(map: MapLibre, url: string): void {
  for (const id of map.getLayersOrder()) {
    if (id.startsWith(PREFIX)) map.setPaintProperty(id, "raster-opacity", id === PREFIX + url ? OPACITY : 0);
  }
}

/** Returns the addresses whose tiles are drawn, and whether those to come next are all there. */
export function useTiles(map: MapLibre | null, wanted: string | null, next: string | null, frame: Frame): { drawn: string | null; ahead: boolean } {
  const [drawn, setDrawn] = useState<string | null>(null);
  const [loaded, setLoaded] = useState<string | null>(null);
  const grid = useRef(frame);
  useEffect(() => {
    grid.current = frame;
  }, [frame]);

  useEffect(() => {
    if (!map || !wanted) return;
    lay(map, wanted, grid.current);
    if (next) lay(map, next, grid.current);
    const look = (): void => {
      const there = (url: string): boolean => Boolean(map.getSource(PREFIX + url)) && map.isSourceLoaded(PREFIX + url);
      if (there(wanted)) {
        show(map, wanted);
        remove(map, new Set([PREFIX + wanted, ...(next ? [PREFIX + next] : [])]));
        setDrawn(wanted);
      }
      if (next && there(next)) setLoaded(next);
    };
    const heard = [map.on("sourcedata", look), map.on("idle", look)];
    look();
    return () => heard.forEach((one) => one.unsubscribe());
  }, [map, wanted, next]);

  return { drawn, ahead: next !== null && loaded === next };
}
