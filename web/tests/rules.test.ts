import type { TFunction } from "i18next";
import { beforeAll, describe, expect, it } from "vitest";

import * as read from "../src/api/readers";
import type { Palette } from "../src/app/palette";
import i18n from "../src/i18n";
import { unitFor } from "../src/parts/DurationInput";
import { bodyOf } from "../src/screens/sense/rules/body";
import { compared } from "../src/screens/sense/rules/compared";
import { blank, draftOf, KINDS, PARTS, unitOf } from "../src/screens/sense/rules/draft";
import { pictureOption } from "../src/screens/sense/rules/pictureOption";
import { sentence } from "../src/screens/sense/rules/sentence";
import { lanes, perDay } from "../src/screens/sense/rules/trialChart";
import { span } from "../src/screens/sense/words";

/** A rule as `GET /catalog/sensor_rules` tells it: every key there is, with null and empty where it says nothing. */
const told = (more: object) => ({
  id: "x", layer: "cn", zh: "积水", en: "ponding", source: "this project", confidence: "P", from: null, note: null, about: "hazard", kind: "threshold", asset_types: [], stations: [],
  quantity: "ponding_depth", op: ">=", unit: "m", grades: {}, hold_s: 120, clear: 0.03, clear_hold_s: 600, max_gap_s: null, window_s: null, season: null, tolerance: null,
  schedule: null, suppressed_by: [], overrides: [], over: null, level: null, network: null, all: [], any: [], gathers: false, ...more,
});
const level = (value: number, more: object = {}) => ({ source: "this project", confidence: "P", from: null, value, hold_s: null, clear_hold_s: null, escalate_after_s: null, ...more });

describe("a rule in the editor", () => {
  it("comes out in the catalog's form as it came in, without what its kind does not have", () => {
    const body = bodyOf(draftOf("x", told({ asset_types: ["underpass"], grades: { blue: level(0.05), red: level(0.5, { source: "usual practice", confidence: "G", clear_hold_s: 60 }) } })));

    expect(body).toEqual({
      zh: "积水", en: "ponding", source: "this project", confidence: "P", from: null, about: "hazard", kind: "threshold", asset_types: ["underpass"], quantity: "ponding_depth", op: ">=", unit: "m",
      grades: { blue: { value: 0.05 }, red: { value: 0.5, source: "usual practice", confidence: "G", from: null, clear_hold_s: 60 } }, hold_s: 120, clear: 0.03, clear_hold_s: 600,
    });
  });
  it("keeps terms with counts by grade, and where they are looked for", () => {
    const all = [{ rule: "ponding", grade: "yellow", count: { yellow: 3, orange: 8 } }, { rule: "rain_1h", grade: null, count: 1 }];
    const body = bodyOf(draftOf("x", told({ kind: "compound", quantity: "*", unit: "1", over: "area", level: "town", window_s: 1800, all, gathers: true })));

    expect(body).toMatchObject({ over: "area", level: "town", window_s: 1800, gathers: true, all: [all[0], { rule: "rain_1h", count: 1 }] });
    expect(Object.keys(body)).not.toEqual(expect.arrayContaining(["grades"]));
  });
  it("keeps schedules, suppression and overrides", () => {
    const schedule = { days: [1, 2], from: "08:00", to: "20:00" };
    const overrides = [{ area: "310117", sensor: null, grades: { blue: level(0.1) }, hold_s: 60, clear: null, clear_hold_s: null, max_gap_s: null, source: "this project", confidence: "P", from: null }];
    const body = bodyOf(draftOf("x", told({ grades: { blue: level(1) }, schedule, suppressed_by: ["silent"], overrides })));

    expect(body).toMatchObject({ schedule, suppressed_by: ["silent"], overrides: [{ area: "310117", grades: { blue: { value: 0.1 } }, hold_s: 60 }] });
  });
  it.each(KINDS)("of kind %s says only what that kind may say", (kind) => {
    const body = bodyOf({ ...blank("x"), kind, quantity: "q", window_s: 1, tolerance: 1, season: { period_s: 1, bins: 1, warm: 2 }, max_gap_s: 5, terms: [{ rule: "r", grade: null, count: 1 }] });
    const always = ["kind", "about", "confidence", "from", "hold_s", "clear_hold_s"];
    const own = kind === "compound" ? ["all"] : [];

    expect(Object.keys(body).filter((key) => !always.includes(key) && !PARTS[kind].has(key) && !own.includes(key))).toEqual([]);
  });
  it("has the unit of its quantity, seconds or none, by its kind", () => {
    expect([unitOf("threshold", "m", "s"), unitOf("stuck", "m", "m"), unitOf("silence", "m", "{cadence}"), unitOf("deviation", "m", "m")]).toEqual(["m", "s", "{cadence}", "1"]);
  });
});

const reading = (minute: number, value: number, quality = "good") => ({ at: minute * 60_000, value, quality, late: false });

describe("what a rule compares", () => {
  it("is the change against the newest reading at least a window older", () => {
    const points = compared({ ...blank(), kind: "rate", window_s: 600 }, [reading(0, 1), reading(5, 2), reading(10, 4), reading(20, 4)]);

    expect(points.map(([, value]) => value)).toEqual([null, null, 3, 0]);
  });
  it("is how long a value has stood still", () => {
    const points = compared({ ...blank(), kind: "stuck", tolerance: 0.1 }, [reading(0, 1), reading(10, 1.05), reading(20, 1.2), reading(30, 1.2)]);

    expect(points.map(([, value]) => value)).toEqual([0, 600, 0, 600]);
  });
  it("is how long nothing was heard, up to each reading", () => {
    expect(compared({ ...blank(), kind: "silence" }, [reading(0, 1), reading(30, 1)]).map(([, value]) => value)).toEqual([0, 1800, 0]);
  });
  it("is how far from usual at this hour, in scales of 1.4826 median deviations", () => {
    const season = { period_s: 3600, bins: 1, warm: 2 };
    const values = [1, 2, 3, 4, 100];
    const points = compared({ ...blank(), kind: "deviation", season, tolerance: 0 }, values.map((value, i) => reading(i, value)));

    expect(points.at(-1)?.[1]).toBeCloseTo((100 - 3) / 1.4826, 6);
  });
  it("is one where a sample is no good", () => {
    expect(compared({ ...blank(), kind: "faulty" }, [reading(0, 1), reading(1, Number.NaN, "missing")]).map(([, value]) => value)).toEqual([0, 1]);
  });
});

describe("a rule's picture", () => {
  it("leaves out levels so far off that the curve would be flat", () => {
    const draft = { ...blank(), levels: { blue: { value: 2, hold_s: null, escalate_after_s: null, kept: {} }, red: { value: 900, hold_s: null, escalate_after_s: null, kept: {} } } };
    const colour = new Proxy({}, { get: () => "#123" }) as Palette;
    const { series } = pictureOption({ points: [[0, 1]], draft, scale: 1, value: "v", unit: "m", clear: "c" }, colour, "en") as { series: { data: unknown[] }[] };

    expect(series[1]?.data).toEqual([[0, 2]]);
  });
});

describe("a trial", () => {
  const DAY = 86_400_000;
  const from = Date.parse("2024-09-01T00:00:00Z");
  const { alarms } = read.trial({ alarms: [["a", 0.2, "red"], ["b", 0.4, "blue"], ["a", 1.5, "blue"]].map(([subject, day, worst]) => ({ subject, since: new Date(from + Number(day) * DAY).toISOString(), worst, grade: worst })) });

  it("counts the alarms of each day by grade, every one once", () => {
    const counts = perDay(alarms, from, from + 2 * DAY);

    expect([counts.red, counts.blue].map((row) => row?.map(([, n]) => n))).toEqual([[1, 0], [1, 1]]);
  });
  it("has most alarms in its first lane", () => {
    expect(lanes(alarms)).toEqual([{ subject: "a", count: 2 }, { subject: "b", count: 1 }]);
  });
});

describe("a rule's sentence", () => {
  beforeAll(() => i18n.changeLanguage("zh"));
  const same = (code: string): string => code;
  const words = (lang: string) => ({ t: i18n.getFixedT(lang) as TFunction, quantity: same, assetType: same, rule: same, unit: same });
  const draft = draftOf("x", told({ asset_types: ["underpass"], grades: { blue: level(0.05), red: level(0.5) } }));

  it("says where, what, for how long, and how it ends", () => {
    expect(sentence(draft, words("zh"))).toBe("Underpass：当ponding_depth ≥ 0.05 m（蓝色）、0.5 m（红色），并持续 2 分钟，即产生灾害报警。回到 0.03 m 并平静 10 分钟后解除。");
    expect(sentence(draft, words("en"))).toBe("Underpass: when ponding_depth ≥ 0.05 m (Blue), 0.5 m (Red), for 2 min, there is a hazard alarm. It ends once back at 0.03 m for 10 min.");
  });
  it.each(KINDS)("of kind %s is said in both languages without a gap", (kind) => {
    const one = { ...draft, kind, window_s: 600, tolerance: 0.1, unit: unitOf(kind, "m", ""), terms: [{ rule: "rain", grade: null, count: 2 }], suppressed_by: ["silent"] };

    for (const lang of ["zh", "en"]) expect(sentence(one, words(lang))).not.toMatch(/\{\{|rule\.|undefined|null/);
  });
});

describe("a length of time", () => {
  it("is said in the greatest unit in which it is whole", () => {
    const t = i18n.getFixedT("en") as TFunction;

    expect([45, 120, 5400, 86_400, 90].map((seconds) => span(seconds, t))).toEqual(["45 s", "2 min", "90 min", "1 d", "90 s"]);
    expect([0, null, 60, 5400, 172_800].map(unitFor)).toEqual(["seconds", "seconds", "minutes", "minutes", "days"]);
  });
});
