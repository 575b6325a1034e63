/** Sensors gathered in squares of the screen, for those who want to count rather than see each. */
import type { FeatureCollection } from "geojson";

import { GRADES } from "../../../parts/grades";
import type { SensorColumns } from "../../../api/types";

const SQUARE = 72; // pixels

interface Heap {
  lon: number;
  lat: number;
  count: number;
  alarms: number;
  worst: number;
}

/** Returns one point a square at its sensors' middle, with how many there are, how many in alarm, and the gravest grade. */
export function clusters({ lon, lat, grade }: SensorColumns, rows: Uint32Array, zoom: number): FeatureCollection {
  const step = (360 / (512 * 2 ** Math.floor(zoom))) * SQUARE; // degrees of longitude a square
  const heaps = new Map<string, Heap>();
  for (const row of rows) {
    const [x, y, g] = [lon[row] ?? 0, lat[row] ?? 0, grade[row] ?? -1];
    const key = `${Math.floor(x / step)}:${Math.floor(y / (step * 0.86))}`; // squares look square at 31° N
    const heap = heaps.get(key) ?? { lon: 0, lat: 0, count: 0, alarms: 0, worst: -1 };
    heap.lon += x;
    heap.lat += y;
    heap.count += 1;
    if (g >= 0) {
      heap.alarms += 1;
      if (heap.worst < 0 || g < heap.worst) heap.worst = g;
    }
    heaps.set(key, heap);
  }
  return {
    type: "FeatureCollection",
    features: [...heaps.values()].map(({ lon: x, lat: y, count, alarms, worst }) => ({
      type: "Feature",
      properties: { count, alarms, grade: GRADES[worst] ?? null },
      geometry: { type: "Point", coordinates: [x / count, y / count] },
    })),
  };
}
