import { describe, expect, it } from "vitest";

import openapi from "../openapi.json";
import en from "../src/i18n/en.json";
import zh from "../src/i18n/zh.json";
import { worldTime } from "../src/live/clock";
import { merge } from "../src/live/merge";
import { impactFill, townLabel } from "../src/map/expressions";
import { circle, destination } from "../src/map/geometry";
import { viewOf } from "../src/map/view";
import { cycloneFeatures, taskFeatures } from "../src/map/build";
import { gravest } from "../src/parts/grades";
import { duration } from "../src/parts/time";
import { layout } from "../src/screens/review/gantt";
import { fullness } from "../src/screens/supply/fullness";
import { standing } from "../src/screens/plans/standing";
import { outlines } from "../src/screens/warnings/outlines";
import type { Palette } from "../src/app/palette";
import type { Entry, Task, TimelineBar } from "../src/api/types";

const keys = (node: object, path = ""): string[] =>
  Object.entries(node).flatMap(([key, value]) => (typeof value === "object" ? keys(value, `${path}${key}.`) : [path + key]));

describe("translations", () => {
  it("have the same keys in both languages", () => {
    expect(keys(en)).toEqual(keys(zh));
  });
  it("name every verb of the server", () => {
    const verbs = Object.keys(openapi.paths).flatMap((path) => /\/actions\/([\w.]+)$/.exec(path)?.[1] ?? []);
    const named = new Set([...keys(zh.entry), ...keys(zh.verb)]);

    expect(verbs.length).toBeGreaterThan(40);
    expect(verbs.filter((verb) => !named.has(verb))).toEqual([]);
  });
  it("keep the same parameters", () => {
    const parameters = (text: string) => [...text.matchAll(/{{(\w+)}}/g)].map(([, name]) => name).sort();
    const flat = (node: object): string[] => Object.values(node).flatMap((v) => (typeof v === "string" ? [v] : flat(v)));

    expect(flat(en).map(parameters)).toEqual(flat(zh).map(parameters));
  });
});

describe("the world's clock", () => {
  const reading = { now: "2024-09-15T09:00:00Z", speed: 60, running: true, simulated: true };

  it("goes on at its own speed between two readings", () => {
    expect(new Date(worldTime(reading, 1000, 3000)).toISOString()).toBe("2024-09-15T09:02:00.000Z");
  });
  it("stands while it is paused", () => {
    expect(new Date(worldTime({ ...reading, running: false }, 0, 99_000)).toISOString()).toBe("2024-09-15T09:00:00.000Z");
  });
});

describe("the live journal", () => {
  it("keeps each entry once, the newest first", () => {
    const entry = (seq: number) => ({ seq }) as Entry;

    expect(merge([entry(2), entry(1)], [entry(3), entry(2)]).map((one) => one.seq)).toEqual([3, 2, 1]);
  });
});

describe("grades and durations", () => {
  it("finds the gravest", () => {
    expect(gravest(["blue", null, "orange"])).toBe("orange");
    expect(gravest([])).toBeNull();
  });
  it.each([[65_000, "01:05"], [-3_725_000, "1:02:05"], [0, "00:00"]])("writes %i ms as %s", (ms, text) => {
    expect(duration(ms)).toBe(text);
  });
});

describe("the map's geometry", () => {
  it("puts one degree of latitude 111.195 km to the north", () => {
    const [lon, lat] = destination([121.5, 31], 111.195, 0);

    expect(lon).toBeCloseTo(121.5, 6);
    expect(lat).toBeCloseTo(32, 4);
  });
  it("closes its circles", () => {
    const ring = circle([121, 31], 50).geometry.coordinates[0] ?? [];

    expect(ring[0]).toEqual(ring.at(-1));
  });
  it("looks at the district of those who work in one, else at the city", () => {
    const square = { type: "Polygon" as const, coordinates: [[[1, 2], [3, 2], [3, 5], [1, 2]]] };
    const districts = { type: "FeatureCollection" as const, features: [{ type: "Feature" as const, properties: { code: "310117" }, geometry: square }] };

    expect(viewOf("310117001", districts, [0, 0, 9, 9])).toEqual([1, 2, 3, 5]);
    expect(viewOf("310000", districts, [0, 0, 9, 9])).toEqual([0, 0, 9, 9]);
  });
});

describe("the map's data", () => {
  const colour = { "level-red": "#f00", "level-blue": "#00f" } as Palette;
  const towns = [{ area: "310117001", grade: "red" as const, people: { low: 0, best: 1, high: 2 }, depth_m: 0.4, flooded_km2: null, rain_mm: null, gust_m_s: null, critical_assets: null }];

  it("colours the towns that are hit and writes their numeral, so that colour is not alone", () => {
    expect(impactFill(towns, colour)).toEqual(["match", ["get", "code"], "310117001", "#f00", "rgba(0,0,0,0)"]);
    expect(JSON.stringify(townLabel(towns, "zh"))).toContain("Ⅰ");
  });
  it("draws no expression without towns", () => {
    expect(impactFill([], colour)).toBe("rgba(0,0,0,0)");
  });
  it("joins the track behind and ahead at the cyclone itself", () => {
    const point = (at: string, lon: number) => ({ at, lon, lat: 30, wind_m_s: 40, pressure_hpa: 960 });
    const track = [point("2024-09-15T00:00:00Z", 124), point("2024-09-16T00:00:00Z", 121)];
    const now = { ...point("2024-09-15T12:00:00Z", 122), radii_km: { r17: 100 } };
    const made = cycloneFeatures({ name: "x", track, now }, Date.parse("2024-09-15T12:00:00Z"));
    const lines = made.track.features.filter(({ geometry }) => geometry.type === "LineString");

    expect(lines.map(({ properties, geometry }) => [properties?.part, "coordinates" in geometry && geometry.coordinates])).toEqual([
      ["past", [[124, 30], [122, 30]]],
      ["ahead", [[122, 30], [121, 30]]],
    ]);
    expect(made.wind.features).toHaveLength(1);
  });
  it("counts open tasks an area and says if one is late", () => {
    const area = { code: "310117001", names: { zh: "x" }, level: "town", parent: null, lon: 121, lat: 31, population: null };
    const areas = { list: [area], get: (code: string) => (code === area.code ? area : undefined) };
    const task = (state: string, overdue: boolean) => ({ area: area.code, state, overdue }) as Task;
    const made = taskFeatures([task("handling", true), task("handling", false), task("closed", false)], areas);

    expect(made.features[0]?.properties).toMatchObject({ count: 2, late: 1, symbol: "task:late" });
  });
});

describe("the chart of the night", () => {
  const bar = (lane: string, start: string, end: string | null, due: string | null): TimelineBar => ({ id: start, lane, names: { zh: "" }, area: "", start, end, due, grade: null, state: null });
  const now = Date.parse("2024-09-16T06:00:00Z");

  it("marks only the part past the limit as late", () => {
    const [late, timely] = layout([bar("tasks", "2024-09-16T01:00:00Z", "2024-09-16T03:00:00Z", "2024-09-16T02:00:00Z"), bar("tasks", "2024-09-16T02:00:00Z", "2024-09-16T03:00:00Z", "2024-09-16T04:00:00Z")], now, 10);

    expect(late?.lateFrom).toBe(Date.parse("2024-09-16T02:00:00Z"));
    expect(timely?.lateFrom).toBeNull();
  });
  it("lets what lasts run until now, and keeps so many a lane", () => {
    const drawn = layout([bar("alarms", "2024-09-16T01:00:00Z", null, null), bar("alarms", "2024-09-16T02:00:00Z", null, null), bar("warnings", "2024-09-16T03:00:00Z", null, null)], now, 1);

    expect(drawn.map(({ bar: one, row, to }) => [one.lane, row, to])).toEqual([["warnings", 0, now], ["alarms", 1, now]]);
  });
});

describe("supply, plans and areas", () => {
  it("says when a shelter is nearly full", () => {
    const shelter = { id: "", name: { zh: "" }, area: "", capacity: 100, state: "open", lon: null, lat: null, synthetic: true };

    expect([89, 90, 100].map((occupied) => fullness({ ...shelter, occupied }).tone)).toEqual(["calm", "soon", "late"]);
  });
  it("tells one late task before many open ones", () => {
    const progress = { total: 3, by_state: {}, open: 2, overdue: 0, late: 0, done_share: 0.3 };

    expect([{ ...progress, total: 0 }, { ...progress, overdue: 1 }, progress, { ...progress, open: 0 }].map(standing)).toEqual(["none", "late", "open", "done"]);
  });
  it("draws the outlines of areas within one square", () => {
    const square = { type: "Polygon" as const, coordinates: [[[121, 31], [122, 31], [122, 32], [121, 31]]] };
    const shapes = { type: "FeatureCollection" as const, features: [{ type: "Feature" as const, properties: { code: "1" }, geometry: square }] };
    const { paths } = outlines(shapes, () => true);

    expect(paths[0]?.d).toMatch(/^M0\.0 300\.0L/);
  });
});
