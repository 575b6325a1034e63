/** Puts the sensors on the map and keeps them in step: places when the sensors change, looks with the news, rows with the filter. */
import type { Map as MapLibre } from "maplibre-gl";
import { useEffect, useRef } from "react";

import type { SensorColumns } from "../../../api/types";
import { palette } from "../../../app/palette";
import { glyphPictures, inkOf } from "./glyphs";
import { boxOf, drawable, inside, padded, type Box, type Places } from "./mercator";
import { PointLayer } from "./PointLayer";

const LAYER = "sensor-points";
const BELOW = "towns-label";

export interface Drawing {
  columns: SensorColumns | null;
  places: Places | null;
  tone: Uint8Array;
  rows: Uint32Array;
  /** One character for each quantity, in the columns' order. */
  signs: string[];
  chosen: number;
}

/** Returns the two bytes of every sensor: which glyph, which tone. */
function looksOf({ quantity }: SensorColumns, tone: Uint8Array): Uint8Array {
  const looks = new Uint8Array(tone.length * 2);
  for (let i = 0; i < tone.length; i++) {
    looks[2 * i] = quantity[i] ?? 0;
    looks[2 * i + 1] = tone[i] ?? 0;
  }
  return looks;
}

/** Returns how many rows at the front are calm. */
const calmOf = (rows: Uint32Array, tone: Uint8Array): number => {
  const first = rows.findIndex((row) => (tone[row] ?? 0) > 0);
  return first < 0 ? rows.length : first;
};

const viewOf = (map: MapLibre): Box => {
  const view = map.getBounds();
  return boxOf(view.getWest(), view.getSouth(), view.getEast(), view.getNorth());
};

const NOTHING = new Uint32Array(0);

export function useSensorLayer(map: MapLibre | null, { columns, places, tone, rows, signs, chosen }: Drawing, hidden: boolean): void {
  const layer = useRef<PointLayer | null>(null);

  useEffect(() => {
    if (!map) return;
    const made = new PointLayer(LAYER, inkOf(palette()));
    map.addLayer(made, map.getLayer(BELOW) ? BELOW : undefined);
    layer.current = made;
    return () => void (layer.current = null); // the map itself is given up with it
  }, [map]);

  // Each of these also speaks to a layer that was just made: they come after it in order, and know its map.
  useEffect(() => layer.current?.setGlyphs(glyphPictures(signs)), [map, signs]);
  useEffect(() => {
    if (places) layer.current?.setPlaces(places);
  }, [map, places]);
  useEffect(() => {
    if (columns) layer.current?.setLooks(looksOf(columns, tone));
  }, [map, columns, tone]);
  useEffect(() => {
    if (!map) return;
    const calm = calmOf(rows, tone);
    let drawn: Box = [0, 0, 0, 0];
    const draw = (): void => {
      drawn = padded(viewOf(map));
      layer.current?.setRows(hidden || !places ? NOTHING : drawable(places, rows, calm, map.getZoom(), drawn));
    };
    const move = (): void => {
      if (!inside(viewOf(map), drawn)) draw();
    };
    draw();
    const heard = [map.on("zoomend", draw), map.on("move", move)];
    return () => heard.forEach((one) => one.unsubscribe());
  }, [map, places, rows, tone, hidden]);
  useEffect(() => layer.current?.setChosen(chosen), [map, chosen]);
}
