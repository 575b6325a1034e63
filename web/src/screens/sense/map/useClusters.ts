/** Draws the gathered sensors while they are asked for, anew at every zoom. */
import type { GeoJSONSource, Map as MapLibre } from "maplibre-gl";
import { useEffect } from "react";

import type { SensorColumns } from "../../../api/types";
import { palette } from "../../../app/palette";
import { EMPTY } from "../../../map/build";
import { gradeColour } from "../../../map/expressions";
import { clusters } from "./clusters";

const SOURCE = "sensor-heaps";
const FONT = ["Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", "sans-serif"];

export function useClusters(map: MapLibre | null, columns: SensorColumns | null, rows: Uint32Array, on: boolean): void {
  useEffect(() => {
    if (!map) return;
    const colour = palette();
    map.addSource(SOURCE, { type: "geojson", data: EMPTY });
    map.addLayer({
      id: SOURCE,
      type: "circle",
      source: SOURCE,
      paint: {
        "circle-radius": ["interpolate", ["linear"], ["log10", ["get", "count"]], 0, 10, 2, 17, 4, 28],
        "circle-color": gradeColour(colour, colour.accent),
        "circle-stroke-color": colour["map-halo"],
        "circle-stroke-width": 1.5,
        "circle-opacity": 0.9,
      },
    });
    map.addLayer({
      id: `${SOURCE}-count`,
      type: "symbol",
      source: SOURCE,
      layout: { "text-field": ["get", "count"], "text-font": FONT, "text-size": 12, "text-allow-overlap": true },
      paint: { "text-color": ["match", ["coalesce", ["get", "grade"], ""], "yellow", "#1c1600", "#fff"] as never },
    });
  }, [map]);

  useEffect(() => {
    if (!map) return;
    const draw = (): void => void map.getSource<GeoJSONSource>(SOURCE)?.setData(on && columns ? clusters(columns, rows, map.getZoom()) : EMPTY);
    draw();
    if (!on) return;
    map.on("zoomend", draw);
    return () => void map.off("zoomend", draw);
  }, [map, columns, rows, on]);
}
