/** The map's style: a plain ground and our own layers; no tile, font or picture from anywhere else. */
import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from "maplibre-gl";

import type { Palette } from "../app/palette";
import type { Lang } from "../parts/time";
import { gradeColour, nameField } from "./expressions";

export const SOURCES = [
  "land", "water", "districts", "towns", "labels", "metro", "roads", "sensors", "alarms", "track", "wind", "cyclone", "tasks", "shelters", "warehouses",
] as const;
export type SourceName = (typeof SOURCES)[number];

const FONT = ["Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", "sans-serif"];

/** Marks grow as one comes closer, so that a city of alarms stays readable. */
const SIZE: ExpressionSpecification = ["interpolate", ["linear"], ["zoom"], 7, 0.45, 9, 0.65, 11, 1];

function ground(c: Palette): LayerSpecification[] {
  return [
    { id: "background", type: "background", paint: { "background-color": c["map-water"] } },
    { id: "land", type: "fill", source: "land", paint: { "fill-color": c["map-land"] } },
    { id: "water", type: "line", source: "water", paint: { "line-color": c["map-water"], "line-width": ["interpolate", ["linear"], ["zoom"], 7, 1, 13, 5] } },
    { id: "towns-fill", type: "fill", source: "towns", paint: { "fill-color": c["map-land"], "fill-opacity": 0.01 } },
    { id: "impact-fill", type: "fill", source: "towns", paint: { "fill-color": "rgba(0,0,0,0)", "fill-opacity": 0.42 } },
    { id: "roads", type: "line", source: "roads", minzoom: 8, paint: { "line-color": c["map-road"], "line-width": ["interpolate", ["linear"], ["zoom"], 8, 0.5, 13, 2.2] } },
    { id: "metro", type: "line", source: "metro", paint: { "line-color": c["text-3"], "line-width": 1.3, "line-dasharray": [3, 1.5] } },
    { id: "towns-line", type: "line", source: "towns", minzoom: 8.2, paint: { "line-color": c["map-line"], "line-width": 0.6, "line-opacity": 0.55 } },
    { id: "towns-chosen", type: "line", source: "towns", filter: ["==", ["get", "code"], ""], paint: { "line-color": c.accent, "line-width": 2.5 } },
    { id: "districts-line", type: "line", source: "districts", paint: { "line-color": c["map-line"], "line-width": 1.3 } },
  ];
}

function wind(c: Palette): LayerSpecification[] {
  return [
    { id: "wind-fill", type: "fill", source: "wind", paint: { "fill-color": c.storm, "fill-opacity": 0.03 } },
    { id: "wind-line", type: "line", source: "wind", paint: { "line-color": c.storm, "line-width": 1, "line-dasharray": [4, 3] } },
    { id: "track-line", type: "line", source: "track", filter: ["==", ["geometry-type"], "LineString"], paint: { "line-color": ["match", ["get", "part"], "past", c.storm, c["text-2"]], "line-width": 2 } },
    { id: "track-dots", type: "circle", source: "track", filter: ["==", ["geometry-type"], "Point"], paint: { "circle-radius": 3, "circle-color": ["match", ["get", "part"], "past", c.storm, c.surface], "circle-stroke-color": c["text-2"], "circle-stroke-width": 1 } },
  ];
}

function dots(c: Palette): LayerSpecification[] {
  const graded: ExpressionSpecification = ["!=", ["coalesce", ["get", "grade"], ""], ""];
  return [
    {
      id: "sensors-dot",
      type: "circle",
      source: "sensors",
      maxzoom: 11,
      layout: { "circle-sort-key": ["coalesce", ["get", "order"], 0] },
      paint: {
        "circle-radius": ["interpolate", ["linear"], ["zoom"], 7, ["case", graded, 2.5, 1], 11, ["case", graded, 5, 2.4]],
        "circle-color": gradeColour(c, c["text-3"]),
        "circle-opacity": ["case", graded, 0.95, 0.55],
      },
    },
  ];
}

function labels(c: Palette, lang: Lang): LayerSpecification[] {
  const halo = { "text-color": c["map-text"], "text-halo-color": c["map-halo"], "text-halo-width": 1.4 };
  return [
    { id: "towns-label", type: "symbol", source: "labels", filter: ["==", ["get", "level"], "town"], minzoom: 10, layout: { "text-field": nameField(lang), "text-font": FONT, "text-size": 12, "text-max-width": 7 }, paint: halo },
    { id: "districts-label", type: "symbol", source: "labels", filter: ["==", ["get", "level"], "district"], maxzoom: 10.6, layout: { "text-field": nameField(lang), "text-font": FONT, "text-size": ["interpolate", ["linear"], ["zoom"], 7, 10, 10, 15] }, paint: halo },
  ];
}

function marks(c: Palette): LayerSpecification[] {
  const icon = { "icon-image": ["get", "symbol"], "icon-allow-overlap": true, "icon-size": SIZE, "symbol-sort-key": ["coalesce", ["get", "order"], 0] } as const;
  const plain = { "icon-image": ["get", "symbol"], "icon-allow-overlap": true } as const;
  return [
    { id: "sensors", type: "symbol", source: "sensors", minzoom: 11, layout: { ...icon } as never },
    { id: "warehouses", type: "symbol", source: "warehouses", layout: { ...plain } as never },
    { id: "shelters", type: "symbol", source: "shelters", minzoom: 9, layout: { ...plain } as never },
    { id: "tasks", type: "symbol", source: "tasks", layout: { ...plain, "text-field": ["to-string", ["get", "count"]], "text-font": FONT, "text-size": 11, "text-allow-overlap": true } as never, paint: { "text-color": "#fff" } },
    { id: "alarms-halo", type: "circle", source: "alarms", paint: { "circle-radius": ["interpolate", ["linear"], ["zoom"], 7, 7, 11, 17], "circle-color": gradeColour(c, c["text-3"]), "circle-opacity": 0.16 } },
    { id: "alarms", type: "symbol", source: "alarms", layout: { ...icon } as never },
    { id: "cyclone", type: "symbol", source: "cyclone", layout: { ...plain } as never },
  ];
}

/** Returns the whole style for one palette and language, with every source still empty. */
export function mapStyle(colour: Palette, lang: Lang): StyleSpecification {
  const empty = { type: "FeatureCollection", features: [] } as const;
  return {
    version: 8,
    sources: Object.fromEntries(SOURCES.map((name) => [name, { type: "geojson", data: empty as never }])),
    layers: [...ground(colour), ...wind(colour), ...dots(colour), ...labels(colour, lang), ...marks(colour)],
  };
}
