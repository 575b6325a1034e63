import { describe, expect, it } from "vitest";

import type { Arrival, ClosedRoads, FloodMap } from "../src/api/flooding";
import { picturesOf } from "../src/screens/situation/useMapSources";
import { tally } from "../src/screens/assess/ArrivalList";
import { assetPoints, blockPoints } from "../src/screens/assess/marks";
import { byRoad } from "../src/screens/assess/RoadList";
import { after, choices, classWords, firstView, layerOf, legendOf, newerThan, thresholds, tilesOf, type View } from "../src/screens/assess/view";
import { chanceWord, depthWord, spreadWord } from "../src/screens/assess/words";
import type { Forecast, ForecastLine } from "../src/api/types";

const ids = ["depth", "depth_low", "depth_high", "frame", "chance_0", "chance_1", "arrival"];
const legendOfLayer = (id: string) => (id.startsWith("chance") ? "chance" : id === "arrival" ? "arrival" : "depth");
const layers = (names: string[]) => names.map((id) => ({ id, legend: legendOfLayer(id), threshold_m: id === "chance_0" ? 0.15 : id === "chance_1" ? 0.3 : null }));
const legend = (unit: string) => ({ unit, classes: [{ at_least: 0.05, colour: "#fff", opacity: 1 }, { at_least: 0.3, colour: "#000", opacity: 1 }] });
const MAP = {
  tiles: "/tiles/{layer}/{z}/{x}/{y}.png?v=1",
  layers: layers(ids),
  legends: { depth: legend("m"), chance: legend("%"), arrival: legend("min") },
} as unknown as FloodMap;

describe("a view of a forecast", () => {
  it.each<[Partial<View>, string]>([
    [{}, "depth"],
    [{ spread: "low" }, "depth_low"],
    [{ spread: "high" }, "depth_high"],
    [{ shown: "chance", threshold: 0, spread: "high" }, "chance_0"],
    [{ shown: "arrival" }, "arrival"],
    [{ shown: "moment", frame: 3 }, "frame"],
  ])("%o asks for %s", (part, layer) => {
    expect(layerOf({ ...firstView(), ...part })).toBe(layer);
  });
  it("asks for a moment only where moments are shown", () => {
    expect(tilesOf(MAP, { ...firstView(), shown: "moment", frame: 3 }, "http://here")).toBe("http://here/tiles/frame/{z}/{x}/{y}.png?v=1&frame=3");
    expect(tilesOf(MAP, { ...firstView(), frame: 3 }, "http://here")).toBe("http://here/tiles/depth/{z}/{x}/{y}.png?v=1");
  });
  it("offers what the forecast has", () => {
    const still = { ...MAP, layers: layers(ids.filter((id) => id !== "frame")) } as FloodMap;

    expect(choices(MAP)).toEqual(["depth", "moment", "chance", "arrival"]);
    expect(choices(still)).toEqual(["depth", "chance", "arrival"]);
    expect(thresholds(MAP)).toEqual([0.15, 0.3]);
  });
  it("has the legend of its layer", () => {
    expect(legendOf(MAP, { ...firstView(), shown: "moment" }).legend?.unit).toBe("m");
    expect(legendOf(MAP, { ...firstView(), shown: "chance" }).legend?.unit).toBe("%");
  });
  it("goes round after the last moment", () => {
    expect([0, 1, 2].map((frame) => after(frame, 3))).toEqual([1, 2, 0]);
  });
});

describe("words of a forecast", () => {
  it("say classes with their bounds, the last one open", () => {
    expect(classWords(legend("m"))).toEqual(["0.05–0.3", "≥ 0.3"]);
  });
  it("say a spread once where all agree", () => {
    expect(spreadWord({ low: 0.2, best: 0.4, high: 0.7 }, depthWord)).toBe("0.40 m (0.20 m–0.70 m)");
    expect(spreadWord({ low: 1, best: 1, high: 1 }, chanceWord)).toBe("100 %");
  });
});

const road = (id: string, name: string, closes: string | null, depth_m: number, lon: number) => ({
  type: "Feature",
  id,
  properties: { network: "center", edge: 0, name, kind: "", length_m: 100, wet_m: 20, lon, lat: 31, depth_m, chance: 0.6, closes },
  geometry: { type: "LineString", coordinates: [[121, 31], [121.1, 31]] },
});
const ROADS = {
  type: "FeatureCollection",
  closed_m: 0.3,
  closed_chance: 0.5,
  total_km: 0.4,
  maturity: "screening",
  features: [road("a", "人民路", null, 0.4, 1), road("b", "人民路", "2024-09-16T05:00:00Z", 0.6, 2), road("c", "", null, 0.3, 3), road("d", "", "2024-09-16T04:00:00Z", 0.3, 4)],
} as unknown as ClosedRoads;

describe("closed roads", () => {
  it("are put together by name, at the deepest place and first moment; the nameless stay apart", () => {
    const found = byRoad(ROADS);

    expect(found.map(({ name, length_m, wet_m }) => [name, length_m, wet_m])).toEqual([["", 100, 20], ["人民路", 200, 40], ["", 100, 20]]);
    expect(found[1]).toMatchObject({ place: { lon: 2, lat: 31 }, closes: "2024-09-16T05:00:00Z", depth_m: 0.6 });
  });
  it("leave what was answered as it was", () => {
    byRoad(ROADS);

    expect(ROADS.features[0]?.properties.length_m).toBe(100);
  });
  it("are marked where they stand deepest", () => {
    expect(blockPoints(ROADS).features.map(({ geometry }) => geometry)).toContainEqual({ type: "Point", coordinates: [2, 31] });
  });
});

describe("assets", () => {
  const items = [
    { asset: "u1", type: "underpass", lon: 121, lat: 31, arrival: null },
    { asset: "h1", type: "hospital", lon: 121, lat: 31, arrival: "2024-09-16T04:00:00Z" },
    { asset: "u2", type: "underpass", lon: 121, lat: 31, arrival: "2024-09-16T05:00:00Z" },
  ] as unknown as Arrival[];
  it("are counted by type, the commonest first", () => {
    expect(tally(items)).toEqual([["underpass", 2], ["hospital", 1]]);
  });
  it("tell apart those that the likeliest run reaches", () => {
    expect(assetPoints(items).features.map(({ properties }) => properties?.sure)).toEqual([false, true, true]);
  });
});

describe("the situation's map", () => {
  it("shows each forecast's depth by tiles within its bounds, and none without bounds", () => {
    const forecasts = [{ id: "forecast-1", area: "310117", bounds: [1, 2, 3, 4] }, { id: "forecast-2", area: "310000", bounds: null }] as unknown as Forecast[];

    expect(picturesOf(forecasts, "http://here")).toEqual([
      { key: "310117", url: "http://here/api/v1/assess/forecasts/forecast-1/tiles/depth/{z}/{x}/{y}.png", bounds: [1, 2, 3, 4] },
    ]);
  });
});

describe("a newer forecast", () => {
  const line = (id: string, area: string): ForecastLine => ({ id, area }) as ForecastLine;
  const lines = [line("c", "310115"), line("b", "310117"), line("a", "310117")];
  it("is told where the same area has one", () => {
    expect(newerThan(lines, "a")?.id).toBe("b");
  });
  it("is not told of the newest, nor of one that is not listed", () => {
    expect([newerThan(lines, "b"), newerThan(lines, "c"), newerThan(lines, "z"), newerThan(lines, null)]).toEqual([null, null, null, null]);
  });
});
