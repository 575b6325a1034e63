import { describe, expect, it } from "vitest";

import type { Chances, GaugePlumes } from "../src/api/backtest";
import type { Palette } from "../src/app/palette";
import { opening, plumeOption, pointSize, reliabilityOption, telling } from "../src/screens/assess/backtest/options";

const colours = new Proxy({}, { get: () => "#123456" }) as Palette;

const made = (hour: number, best: number) => ({
  forecast: `forecast-${hour}`,
  at: `2024-09-16T0${hour}:00:00Z`,
  moments: [`2024-09-16T0${hour}:10:00Z`, `2024-09-16T0${hour}:20:00Z`],
  low: [0, 0.1],
  best: [best, best],
  high: [0.4, 0.5],
});

const plumes: GaugePlumes = {
  sensor: "a",
  name_zh: "甲",
  name_en: "A",
  synthetic: true,
  since: "2024-09-16T00:00:00Z",
  until: "2024-09-16T06:00:00Z",
  depths_m: [0.15, 0.3, 1.0],
  observed: [["2024-09-16T03:00:00Z", 0.1], ["2024-09-16T03:20:00Z", 0.4], ["2024-09-16T05:00:00Z", 0.2]],
  forecasts: [made(1, 0.2), made(2, 0.3), made(3, 0.4)],
};

interface Line {
  name?: string;
  data: [number, number][];
  stack?: string;
  markLine?: { data: { yAxis?: number; xAxis?: number }[] };
}

const series = (option: Record<string, unknown>): Line[] => option.series as Line[];

describe("the forecast that is shown first", () => {
  it("is the last one made half an hour before the peak", () => {
    expect(telling(plumes)?.forecast).toBe("forecast-2");
  });
  it("is the first one where none was made before, and none where there is none", () => {
    expect(telling({ ...plumes, observed: [["2024-09-16T00:30:00Z", 1]] })?.forecast).toBe("forecast-1");
    expect(telling({ ...plumes, observed: [] })?.forecast).toBe("forecast-1");
    expect(telling({ ...plumes, forecasts: [] })).toBeNull();
  });
});

describe("the plume", () => {
  const words = { observed: "o", best: "b", range: "r", others: "x" };
  const drawn = series(plumeOption(plumes, plumes.forecasts[1] ?? null, words, colours, "en"));
  it("stacks the range of the members on their least", () => {
    const [low, range] = drawn.filter(({ stack }) => stack === "range");
    expect(low?.data.map(([, v]) => v)).toEqual([0, 0.1]);
    expect(range?.data.map(([, v]) => v)).toEqual([0.4, 0.4]);
    expect(range?.data[0]?.[0]).toBe(Date.parse("2024-09-16T02:10:00Z"));
  });
  it("draws the other forecasts faintly, and what was observed on top of all", () => {
    expect(drawn.filter(({ name }) => name === "x")).toHaveLength(2);
    expect(drawn.at(-1)?.name).toBe("o");
    expect(drawn.at(-1)?.data).toHaveLength(3);
  });
  it("marks the depths that are near, and when the forecast was made", () => {
    const marks = drawn.at(-1)?.markLine?.data ?? [];
    expect(marks.flatMap(({ yAxis }) => (yAxis === undefined ? [] : [yAxis]))).toEqual([0.15, 0.3]);
    expect(marks.flatMap(({ xAxis }) => (xAxis === undefined ? [] : [xAxis]))).toEqual([Date.parse("2024-09-16T02:00:00Z")]);
  });
  it("stands without a forecast", () => {
    expect(series(plumeOption({ ...plumes, forecasts: [] }, null, words, colours, "zh"))).toHaveLength(1);
  });
});

describe("the reliability diagram", () => {
  const chances: Chances = {
    depth_m: 0.3,
    brier: 0.1,
    reliability: 0.02,
    resolution: 0.05,
    uncertainty: 0.13,
    points: [{ count: 100, chance: 0.1, frequency: 0.05 }, { count: 0, chance: null, frequency: null }, { count: 4, chance: 1, frequency: 0.75 }],
  };
  it("shows classes that have cases, in per cent, and the diagonal", () => {
    const words = { said: "s", came: "c", cases: String, perfect: "p" };
    const [diagonal, points] = series(reliabilityOption(chances, words, colours, "en")) as unknown as { data: { value: number[]; symbolSize: number }[] }[];
    expect(diagonal?.data).toEqual([[0, 0], [100, 100]]);
    expect(points?.data.map(({ value }) => value)).toEqual([[10, 5], [100, 75]]);
  });
  it("gives many cases a larger point, but no point is too large", () => {
    expect(pointSize(4)).toBe(10);
    expect(pointSize(10_000)).toBe(34);
  });
});

describe("where the plume begins", () => {
  it("is two hours before the first water or forecast, but not before the span", () => {
    expect(opening({ ...plumes, since: "2024-09-15T00:00:00Z" })).toBe(Date.parse("2024-09-15T23:00:00Z"));
    expect(opening(plumes)).toBe(Date.parse(plumes.since));
    expect(opening({ ...plumes, forecasts: [] })).toBe(Date.parse("2024-09-16T01:00:00Z"));
    expect(opening({ ...plumes, forecasts: [], observed: [] })).toBe(Date.parse(plumes.since));
  });
});
