import { describe, expect, it } from "vitest";

import { STALE, staleBy } from "../src/api/names";
import * as read from "../src/api/readers";
import { names, range } from "../src/api/raw";
import { argsOf, fieldsOf } from "../src/api/forms";
import acknowledged from "../fixtures/verb-shelter-admit.json";

describe("what an entry makes stale", () => {
  it("is always the journal and the story", () => {
    expect(staleBy("unheard.of")).toEqual(["journal", "story"]);
  });
  it("follows the noun of the verb", () => {
    expect(staleBy("task.submit")).toEqual(expect.arrayContaining(["tasks", "activation"]));
    expect(Object.keys(STALE)).toContain("warning");
  });
});

describe("names", () => {
  it.each([
    [{ zh: "甲", en: "A" }, { zh: "甲", en: "A" }],
    [{ title_zh: "乙", title_en: "B" }, { zh: "乙", en: "B" }],
    [{ name: { zh: "丙", en: "C" } }, { zh: "丙", en: "C" }],
    [{ name: "plain" }, { zh: "plain", en: null }],
    [{}, { zh: "?" }],
  ])("of %j", (raw, found) => {
    expect(names(raw, "?")).toEqual(found);
  });
});

describe("ranges", () => {
  it("take a number as certain", () => {
    expect(range(5)).toEqual({ low: 5, best: 5, high: 5 });
  });
  it("are nothing without a best estimate", () => {
    expect(range({ low: 1 })).toBeNull();
  });
});

describe("lists", () => {
  it("put the gravest alarm first and the newest of equals before the older", () => {
    const items = [
      { id: "a", grade: "blue", state: "unacknowledged", open: true, opened_at: "2024-09-16T01:00:00Z" },
      { id: "b", grade: "red", state: "acknowledged", open: true, opened_at: "2024-09-16T00:00:00Z" },
      { id: "c", grade: "blue", state: "returned_unacknowledged", open: true, opened_at: "2024-09-16T02:00:00Z" },
    ];
    const found = read.alarms({ items });

    expect(found.map((one) => one.id)).toEqual(["b", "c", "a"]);
    expect(found.filter(read.needsAcknowledging).map((one) => one.id)).toEqual(["c", "a"]);
  });
  it("put warnings that wait for a decision before those on air", () => {
    const items = ["issued", "draft", "in_review", "expired"].map((state) => ({ id: state, state, drafted: "2024-09-16T00:00:00Z" }));

    expect(read.warnings({ items }).map((one) => one.id)).toEqual(["in_review", "draft", "issued", "expired"]);
  });
  it("gather stock by its site", () => {
    const row = (site: string, item: string) => ({ site, site_zh: site, area: "310117", item, item_zh: item, quantity: 3, unit: "piece" });
    const found = read.warehouses({ items: [row("w1", "tent"), row("w2", "tent"), row("w1", "boat")] });

    expect(found.map(({ id, stock }) => [id, stock.length])).toEqual([["w1", 2], ["w2", 1]]);
  });
  it("leave the administration of users out of the story, and turn it newest first", () => {
    const items = [{ seq: 1, room: "kernel" }, { seq: 2, room: "task" }, { seq: 3, room: "warn" }];

    expect(read.story({ items }).map((line) => line.seq)).toEqual([3, 2]);
  });
});

describe("forecasts together", () => {
  const line = (id: string, area: string, at: string) => ({ id, area, at, people: { low: 0, best: 1, high: 2 } });
  const town = (area: string, best: number) => ({ area, grade: "blue", people: { low: 0, best, high: 9 } });

  it("keep the newest of each area, and drop what a newer one of a wider area has overtaken", () => {
    const items = [line("old", "310117", "2024-09-15T01:00:00Z"), line("city", "310000", "2024-09-15T02:00:00Z"), line("new", "310115", "2024-09-15T03:00:00Z")];

    expect(read.current(read.forecasts({ items })).map((one) => one.id)).toEqual(["new", "city"]);
  });
  it("take each town once, from the newest", () => {
    const details = [read.forecast({ id: "new", towns: [town("310115001", 5)] }), read.forecast({ id: "city", towns: [town("310115001", 7), town("310117001", 1)] })];

    expect(read.outlook([], details).people).toEqual({ low: 0, best: 6, high: 18 });
  });
});

describe("jurisdiction", () => {
  it.each([
    ["310117001", "310117", true],
    ["310117001", "310000", true],
    ["310115001", "310117", false],
    ["310117", "310117001", false],
  ])("%s within %s: %s", (inner, outer, expected) => {
    expect(read.within(inner, outer)).toBe(expected);
  });
});

describe("a verb's form", () => {
  const { arguments: schema } = acknowledged;

  it("asks for what is required and not yet known", () => {
    expect(fieldsOf(schema, {}, { shelter: "s-1" }).map(({ name, kind, required }) => [name, kind, required])).toEqual([["people", "integer", true]]);
  });
  it("follows references and takes X out of X or null", () => {
    const nested = { properties: { level: { anyOf: [{ $ref: "#/$defs/Level" }, { type: "null" }], default: null } } };
    const fields = fieldsOf(nested, { Level: { enum: ["I", "II"], type: "string" } });

    expect(fields).toEqual([{ name: "level", kind: "choice", required: false, choices: ["I", "II"] }]);
  });
  it("leaves out what was left empty and writes times in UTC", () => {
    const fields = fieldsOf({ properties: { due: { type: "string", format: "date-time" }, note: { type: "string" } } }, {});

    expect(argsOf(fields, { due: "2024-09-16T02:00", note: "" })).toEqual({ due: "2024-09-15T18:00:00.000Z" });
  });
});
