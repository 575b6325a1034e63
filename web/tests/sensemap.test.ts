import { MercatorCoordinate } from "maplibre-gl";
import { describe, expect, it } from "vitest";

import { changes, columnsOf, renew, sameSensors } from "../src/screens/sense/map/columns";
import { clusters } from "../src/screens/sense/map/clusters";
import { chosen, NO_FILTER, tally, tones, TONES } from "../src/screens/sense/map/filter";
import { signOf } from "../src/screens/sense/map/glyphs";
import { boxOf, drawable, mercatorX, mercatorY, near, padded, places, shifted } from "../src/screens/sense/map/mercator";
import { sizes } from "../src/screens/sense/map/PointLayer";
import { address } from "../src/api/sensing";

const told = {
  quantities: ["rain_1h", "tide_level"],
  states: ["normal", "stale", "alarm", "retired"],
  ids: ["a", "b", "c", "d", "e"],
  lon: [121.4, 121.5, 121.6, 121.5, 121.5],
  lat: [31.2, 31.2, 31.3, 31.2, 31.2],
  quantity: [0, 1, 0, 1, 0],
  state: [0, 1, 2, 2, 3],
  grade: [-1, -1, 0, 3, -1],
  value: [1, null, 30, 3.3, 2],
  at: [1000, null, 2000, 3000, 4000],
};

describe("the map's columns", () => {
  it("keep nothing as nothing", () => {
    expect(columnsOf(told).value[1]).toBeNaN();
  });
  it("take the server's own order of grades", () => {
    expect([...columnsOf({ ...told, grades: ["blue", "yellow", "orange", "red"] }).grade]).toEqual([-1, -1, 3, 0, -1]);
  });
  it("tell only the rows that are new, and writing them in gives the new columns", () => {
    const before = columnsOf(told);
    const after = columnsOf({ ...told, value: [1, 0.4, 30, 3.3, 2], state: [0, 0, 2, 2, 3], at: [1000, 5000, 2000, 3000, 4000] });
    const news = changes(before, after);
    renew(before, news);

    expect([...news.rows]).toEqual([1]);
    expect(before).toEqual(after);
    expect(changes(before, after).rows).toHaveLength(0);
  });
  it("are others when a sensor came or went", () => {
    expect(sameSensors(columnsOf(told), columnsOf({ ...told, ids: ["a", "b", "c", "d", "f"] }))).toBe(false);
  });
});

describe("the map's filter", () => {
  const columns = columnsOf(told);
  const tone = tones(columns);
  const only = (part: object) => [...chosen(columns, { ...NO_FILTER, ...part }, tone)].map((row) => columns.ids[row]);

  it("draws the gravest last", () => {
    expect([...tone].map((one) => TONES[one])).toEqual(["normal", "stale", "red", "blue", "out"]);
    expect(only({})).toEqual(["a", "b", "e", "d", "c"]);
  });
  it("lets through what all its parts allow", () => {
    expect(only({ quantities: new Set(["rain_1h"]) })).toEqual(["a", "e", "c"]);
    expect(only({ grades: new Set(["none"]), states: new Set(["normal", "stale"]) })).toEqual(["a", "b"]);
  });
  it("counts each part as if it let everything through, so that the next choice is seen", () => {
    const found = tally(columns, { ...NO_FILTER, states: new Set(["alarm"]) }, tone);

    expect(found.states).toEqual({ normal: 1, stale: 1, alarm: 2, retired: 1 });
    expect(found.grades).toMatchObject({ red: 1, blue: 1, none: 0 });
    expect(found.quantities).toMatchObject({ rain_1h: { total: 1, alarms: 1, worst: 0 }, tide_level: { total: 1, worst: 3 } });
  });
});

describe("the map's places", () => {
  const columns = columnsOf(told);
  const spots = places(columns.lon, columns.lat);
  const rows = Uint32Array.from([0, 1, 2, 3, 4]);

  it("are those of the map's own library", () => {
    const { x, y } = MercatorCoordinate.fromLngLat([121.47, 31.23]);

    expect([mercatorX(121.47), mercatorY(31.23)]).toEqual([expect.closeTo(x, 12), expect.closeTo(y, 12)]);
  });
  it("stay exact to centimetres in single precision", () => {
    const metres = 40_075_017;

    expect(Math.abs((spots.xy[4] ?? 0) + spots.origin[0] - mercatorX(121.6)) * metres).toBeLessThan(0.02);
  });
  it("are found near a click, the topmost first", () => {
    expect(near(spots, rows, [mercatorX(121.5), mercatorY(31.2)], 1e-7, 9)).toEqual([4, 3, 1]);
    expect(near(spots, rows, [mercatorX(121.5), mercatorY(31.2)], 1e-7, 2)).toEqual([4, 3]);
  });
  it("are drawn where they are in sight, and calm ones on each other once", () => {
    const everywhere = boxOf(120, 30, 122, 32);

    expect([...drawable(spots, rows, 5, 8, everywhere)]).toEqual([0, 1, 2]);
    expect([...drawable(spots, rows, 2, 8, everywhere)]).toEqual([0, 1, 2, 3, 4]);
    expect([...drawable(spots, rows, 5, 12, boxOf(121.45, 31.1, 121.55, 31.25))]).toEqual([1, 3, 4]);
    expect(padded([1, 1, 2, 2])).toEqual([0, 0, 3, 3]);
  });
  it("are shifted by the camera as a product of matrices would", () => {
    const camera = [2, 0, 0, 0, 0, 3, 0, 0, 0, 0, 1, 0, 5, 7, 0, 1];

    expect([...shifted(camera, [10, 100])].slice(12)).toEqual([25, 307, 0, 1]);
  });
});

describe("marks", () => {
  it("grow as one comes closer and stop at both ends", () => {
    expect(sizes(3)).toEqual(sizes(7));
    expect(sizes(20)).toEqual(sizes(16));
    expect(sizes(12)[1]).toBeGreaterThan(sizes(9)[1]);
  });
  it("carry the kind's own sign, else the first letter of its name", () => {
    expect([signOf("1小时雨量", "雨"), signOf("6小时雨量", ""), signOf("gas", ""), signOf("1", "")]).toEqual(["雨", "小", "G", "·"]);
  });
  it("gather in squares with all of them counted once", () => {
    const columns = columnsOf(told);
    const heaps = clusters(columns, Uint32Array.from([0, 1, 2, 3, 4]), 3).features;

    expect(heaps.reduce((n, { properties }) => n + (properties?.count as number), 0)).toBe(5);
    expect(heaps.map(({ properties }) => properties?.grade)).toContain("red");
  });
});

describe("addresses", () => {
  it("leave out what is not asked", () => {
    expect(address("/x", { a: null, b: "", c: 0, d: "积水" })).toBe("/x?c=0&d=%E7%A7%AF%E6%B0%B4");
    expect(address("/x", {})).toBe("/x");
  });
});
