import { describe, expect, it } from "vitest";

import * as read from "../src/api/readers";
import type { Palette } from "../src/app/palette";
import { sparkPath } from "../src/parts/Sparkline";
import { cityTime, typedTime } from "../src/parts/time";
import { levelTexts } from "../src/screens/sense/rules/levels";
import { alarmBands, band, goodLine, marks, ruleLines } from "../src/screens/sense/sensor/lines";
import { nearLines, seriesOption } from "../src/screens/sense/sensor/seriesOption";
import { fitting, lately, moved, SPANS } from "../src/screens/sense/sensor/span";

const at = (minute: number): string => new Date(Date.UTC(2024, 8, 16, 0, minute)).toISOString();
const ms = (minute: number): number => Date.parse(at(minute));
const HOUR = 3_600_000;

const rule = read.rule({
  id: "ponding", zh: "积水", kind: "threshold", quantity: "ponding_depth", op: ">=", unit: "m",
  grades: [{ grade: "red", value: 0.5 }, { grade: "blue", value: 0.05 }],
});

describe("a sensor's readings", () => {
  const readings = read.sensorSeries({
    resolution: "raw",
    items: [
      { at: at(0), value: 1, quality: "good" },
      { at: at(5), value: null, quality: "missing" },
      { at: at(10), value: 9, quality: "out_of_range" },
      { at: at(15), value: 2, quality: "good", late: true },
      { at: at(60), value: 3, quality: "good" },
    ],
  }).readings;

  it("are a line that breaks at what is not good and where nothing came for three cadences", () => {
    expect(goodLine(readings, 300)).toEqual([[ms(0), 1], [ms(5), null], [ms(10), null], [ms(15), 2], [ms(15) + 1, null], [ms(60), 3]]);
    expect(goodLine(readings, null)).toHaveLength(5);
  });
  it("are marked by what is the matter with them", () => {
    expect(marks(readings)).toEqual({ missing: [ms(5)], suspect: [], out_of_range: [[ms(10), 9]], late: [[ms(15), 2]] });
  });
});

describe("means of hours", () => {
  it("carry least and most, and break over hours of which nothing is known", () => {
    const { buckets } = read.sensorSeries({ resolution: "hour", items: [{ at: at(0), value: 2, low: 1, high: 4, count: 12 }, { at: at(180), value: 3, low: 3, high: 3, count: 1 }] });
    const drawn = band(buckets, HOUR);

    expect(drawn.mean).toEqual([[ms(0), 2], [ms(30), null], [ms(180), 3]]);
    expect(drawn.low[0]).toEqual([ms(0), 1]);
    expect(drawn.width[0]).toEqual([ms(0), 3]);
  });
});

describe("a rule's lines", () => {
  it("come mildest first, and only from rules about the value itself", () => {
    const silence = read.rule({ id: "silent", kind: "silence", grades: [{ grade: "blue", value: 600 }] });

    expect(ruleLines([rule, silence]).map(({ grade, value }) => [grade, value])).toEqual([["blue", 0.05], ["red", 0.5]]);
    expect(levelTexts(rule)).toEqual(["Ⅳ\u00a0≥\u00a00.05", "Ⅰ\u00a0≥\u00a00.5"]);
  });
  it("too far from what was measured are left out, so that the curve is not flat", () => {
    expect(nearLines(ruleLines([rule]), [0.04, 0.06]).map(({ grade }) => grade)).toEqual(["blue"]);
  });
});

describe("an alarm's band", () => {
  const alarm = (opened: number, returned: number | null) =>
    read.alarm({ id: `a${opened}`, grade: "blue", worst: "red", state: "x", active: returned === null, opened_at: at(opened), changed_at: at(opened), returned_at: returned === null ? null : at(returned) });

  it("is cut to what the chart shows, and an open one lasts to its end", () => {
    expect(alarmBands([alarm(10, 20), alarm(30, null), alarm(0, 5)], ms(15), ms(60))).toEqual([
      { id: "a10", grade: "red", from: ms(15), to: ms(20) },
      { id: "a30", grade: "red", from: ms(30), to: ms(60) },
    ]);
  });
});

describe("the chart of a series", () => {
  const colour = new Proxy({}, { get: () => "#123456" }) as Palette;
  const words = { unit: "m", value: "value", range: "range", missing: "missing", suspect: "suspect", out_of_range: "out", late: "late", repair: "repair" };
  const window = { from: ms(0), to: ms(60) };
  const draw = (raw: object) => seriesOption({ series: read.sensorSeries(raw as never), others: [{ name: "<b>", points: [[ms(0), 1]] }], lines: [], bands: [], repairs: [], window, cadence_s: 300 }, colour, "en", words);

  it("names in its legend only what it shows", () => {
    const { legend } = draw({ resolution: "raw", items: [{ at: at(0), value: 1, quality: "good" }, { at: at(5), value: 1, quality: "suspect" }] }) as { legend: { data: string[] } };

    expect(legend.data).toEqual(["value", "suspect", "<b>"]);
  });
  it("tells least and most under the pointer, and escapes names", () => {
    const { tooltip } = draw({ resolution: "hour", items: [{ at: at(0), value: 2, low: 1, high: 4 }] }) as { tooltip: { formatter: (told: object) => string } };
    const said = tooltip.formatter([
      { seriesName: "low", value: [ms(0), 1], axisValue: ms(0) },
      { seriesName: "range", value: [ms(0), 3] },
      { seriesName: "<b>", value: [ms(0), 1], marker: "" },
      { seriesName: "levels", value: [ms(0), 9] },
    ]);

    expect(said).toContain("range 1 – 4");
    expect(said).toContain("&#60;b&#62;");
    expect(said).not.toContain("levels");
  });
});

describe("the span of a chart", () => {
  const now = ms(7);

  it("is shown as finely as can be seen", () => {
    expect(["24h", "7d", "90d", "1y"].map((name) => fitting(SPANS[name] ?? 0))).toEqual(["raw", "hour", "hour", "day"]);
  });
  it("ends at the next whole step after now, so that it is not asked anew every second", () => {
    expect(lately(SPANS["24h"] ?? 0, now)).toEqual(lately(SPANS["24h"] ?? 0, now - 60_000));
    expect(lately(SPANS["24h"] ?? 0, now).to).toBeGreaterThanOrEqual(now);
  });
  it("moves back and forth, and never past now", () => {
    const day = { from: now - 48 * HOUR, to: now - 24 * HOUR };

    expect(moved(day, -0.5, now)).toEqual({ from: day.from - 12 * HOUR, to: day.to - 12 * HOUR });
    expect(moved(day, 1, now)).toBeNull();
  });
  it("is typed by the city's clock", () => {
    expect(typedTime(ms(0))).toBe("2024-09-16T08:00");
    expect(Date.parse(cityTime(typedTime(ms(0))))).toBe(ms(0));
  });
});

describe("a small line", () => {
  it("needs two numbers and breaks where there is none", () => {
    expect(sparkPath([[0, 1], [1, Number.NaN]])).toBeNull();
    expect(sparkPath([[0, 1], [1, Number.NaN], [2, 3]])?.d).toMatch(/^M[\d. ]+M[\d. ]+$/);
  });
});
