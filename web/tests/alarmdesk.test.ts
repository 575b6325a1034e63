import { describe, expect, it } from "vitest";

import * as read from "../src/api/readers";
import type { Alarm, Entry } from "../src/api/types";
import { batch } from "../src/live/batch";
import { passes, stands, type DeskFilter } from "../src/screens/sense/alarms/filter";
import { floodNow } from "../src/screens/sense/alarms/flood";
import { after, followed } from "../src/screens/sense/alarms/follow";
import { deskRows, heads } from "../src/screens/sense/alarms/rows";
import { runEach, type Progress } from "../src/screens/sense/alarms/runEach";
import { tickOf } from "../src/screens/sense/alarms/useChoice";

const made = (id: string, more: object = {}): Alarm =>
  read.alarm({
    id, subject: `sensor-${id}`, rule: "ponding", about: "hazard", quantity: "ponding_depth", area: "310117001", grade: "blue", worst: "blue", state: "unacknowledged", active: true,
    open: true, opened_at: "2024-09-15T19:00:00Z", changed_at: "2024-09-15T19:00:00Z", name_zh: "广富林", name_en: "Guangfulin", ...more,
  });

const entry = (verb: string, subject: string, data: object, more: object = {}): Entry =>
  ({ seq: 1, at: "2024-09-15T19:30:00Z", by: "system:rules", verb, subject, area: "310117001", args: {}, data: { alarm: subject, state: "unacknowledged", grade: "blue", ...data }, because: null, why: "", ...more }) as Entry;

describe("the desk follows the journal", () => {
  it("knows an alarm from the entry that opens it", () => {
    const [one] = followed([], [entry("alarm.open", "alarm-1", { subject: "s", rule: "rain_1h", value: 30, name_zh: "雨", unit: "mm" })], true, null);

    expect(one).toMatchObject({ id: "alarm-1", subject: "s", rule: "rain_1h", grade: "blue", open: true, active: true, value: 30, opened_at: "2024-09-15T19:30:00Z" });
  });
  it("raises, eases, clears and acknowledges as the entries say, and keeps the worst", () => {
    const raised = after(made("alarm-1"), entry("alarm.raise", "alarm-1", { grade: "red", value: 0.6 }));
    const eased = raised && after(raised, entry("alarm.ease", "alarm-1", { grade: "yellow" }));
    const cleared = eased && after(eased, entry("alarm.clear", "alarm-1", { grade: "yellow", state: "returned_unacknowledged" }));
    const seen = cleared && after(cleared, entry("alarm.acknowledge", "alarm-1", { grade: "yellow", state: "normal" }, { by: "duty" }));

    expect([raised?.grade, eased?.grade, eased?.worst]).toEqual(["red", "yellow", "red"]);
    expect(cleared).toMatchObject({ active: false, open: true, returned_at: "2024-09-15T19:30:00Z" });
    expect(seen).toMatchObject({ open: false, acknowledged_by: "duty", opened_at: "2024-09-15T19:00:00Z" });
  });
  it("lets closed ones go, takes none of another area, and leaves the list as it is for entries about something else", () => {
    const list = [made("alarm-1")];

    expect(followed(list, [entry("alarm.acknowledge", "alarm-1", { state: "normal" })], true, null)).toEqual([]);
    expect(followed(list, [entry("alarm.acknowledge", "alarm-1", { state: "normal" })], false, null)).toHaveLength(1);
    expect(followed(list, [entry("alarm.open", "alarm-2", {}, { area: "310115001" })], true, "310117")).toHaveLength(1);
    expect(followed(list, [entry("task.open", "task-1", {})], true, null)).toBe(list);
    expect(followed(list, [entry("alarm.raise", "alarm-9", {})], true, null).map(({ id }) => id)).toEqual(["alarm-1"]);
  });
  it("counts a comment and changes nothing else", () => {
    expect(after(made("alarm-1"), entry("alarm.comment", "alarm-1", { note: "x" }))).toMatchObject({ comments: 1, active: true, open: true });
  });
});

describe("the desk's filter", () => {
  const all: DeskFilter = { standing: "open", grades: new Set(), quantity: null, about: null, rule: null, assigned: null, text: "" };

  it("tells what waits, what is hidden and what is open apart (ISA-18.2)", () => {
    const states = ["unacknowledged", "acknowledged", "returned_unacknowledged", "shelved", "suppressed_by_design", "out_of_service"].map((state) => made(state, { state }));
    const standing = (name: "waiting" | "open" | "hidden") => states.filter((one) => stands(one, name)).map(({ state }) => state);

    expect(standing("waiting")).toEqual(["unacknowledged", "returned_unacknowledged"]);
    expect(standing("open")).toEqual(["unacknowledged", "acknowledged", "returned_unacknowledged"]);
    expect(standing("hidden")).toEqual(["shelved", "suppressed_by_design", "out_of_service"]);
  });
  it.each([
    [{ text: " guangFU" }, true],
    [{ text: "pudong" }, false],
    [{ grades: new Set(["red"]) }, false],
    [{ assigned: "me" }, true],
    [{ assigned: "nobody" }, false],
    [{ about: "instrument" }, false],
    [{ quantity: "ponding_depth", rule: "ponding" }, true],
  ])("by %j lets through: %s", (part, expected) => {
    expect(passes(made("alarm-1", { assigned_to: "me.1" }), { ...all, ...part }, "me.1")).toBe(expected);
  });
});

describe("the desk's rows", () => {
  const wish = { sort: "gravest" as const, heap: "none" as const, opened: new Set<string>(), members: new Map<string, Alarm[]>() };
  const waiting = (one: Alarm) => one.state === "unacknowledged";
  const list = [made("alarm-1"), made("alarm-2", { grade: "red", rule: "rain_1h" }), made("alarm-3", { opened_at: "2024-09-15T20:00:00Z", state: "acknowledged" })];

  it("begin with the gravest, then the newest", () => {
    expect(deskRows(list, wish, waiting).map(({ key }) => key)).toEqual(["alarm-2", "alarm-3", "alarm-1"]);
    expect(deskRows(list, { ...wish, sort: "oldest" }, waiting).map(({ key }) => key).at(-1)).toBe("alarm-3");
  });
  it("heap what shares a rule, say the gravest and how many wait, and open", () => {
    const rows = deskRows(list, { ...wish, heap: "rule", opened: new Set(["heap:ponding"]) }, waiting);

    expect(rows.map(({ key }) => key)).toEqual(["heap:rain_1h", "heap:ponding", "alarm-3", "alarm-1"]);
    expect(rows[0]).toMatchObject({ grade: "red" });
    expect(rows[1]).toMatchObject({ waiting: 1, grade: "blue", newest: "2024-09-15T20:00:00Z" });
  });
  it("stand as heaps in the order that was chosen, and where that does not tell, with most alarms first", () => {
    const heaps = (sort: "gravest" | "newest" | "oldest", alarms = list) => deskRows(alarms, { ...wish, heap: "rule", sort }, waiting).map(({ key }) => key);

    expect(heaps("newest")).toEqual(["heap:ponding", "heap:rain_1h"]);
    expect(heaps("oldest")).toEqual(["heap:rain_1h", "heap:ponding"]);
    expect(heaps("gravest", list.map((one) => ({ ...one, grade: "red" as const })))).toEqual(["heap:ponding", "heap:rain_1h"]);
  });
  it("hide a member under the alarm that gathers it, and show it when that is opened", () => {
    const cause = made("alarm-4", { members: 1 });
    const member = made("alarm-5", { cause: "alarm-4" });

    expect(heads([cause, member]).map(({ id }) => id)).toEqual(["alarm-4"]);
    expect(heads([member])).toHaveLength(1);
    expect(deskRows([cause], { ...wish, opened: new Set(["alarm-4"]), members: new Map([["alarm-4", [member]]]) }, waiting).map((row) => row.kind === "alarm" && [row.alarm.id, row.depth])).toEqual([["alarm-4", 0], ["alarm-5", 1]]);
  });
  it("are ticked with their heap", () => {
    const heap = deskRows(list, { ...wish, heap: "rule" }, waiting).find(({ key }) => key === "heap:ponding");

    expect(heap && [new Set<string>(), new Set(["alarm-1"]), new Set(["alarm-1", "alarm-3"])].map((ticked) => tickOf(heap, ticked))).toEqual(["none", "some", "all"]);
  });
});

describe("a flood", () => {
  const now = Date.parse("2024-09-15T19:05:00Z");
  const system = (raw: object) => read.alarmSystem({ until: "2024-09-15T19:05:00Z", operators: 2, indicators: [{ id: "peak_10min", target: 10 }], floods: [], ...raw });
  const alarms = (n: number) => Array.from({ length: n }, (_, i) => made(`alarm-${i}`));

  it("is when more come in ten minutes than those at the desk can take in", () => {
    expect(floodNow(alarms(20), system({}), now)).toBeNull();
    expect(floodNow(alarms(21), system({}), now)).toMatchObject({ count: 21, target: 20, since: null });
  });
  it("lasts while the server says so, though fewer come", () => {
    const floods = [{ from: "2024-09-15T18:00:00Z", to: "2024-09-15T19:00:00Z", count: 90, peak: 30 }];

    expect(floodNow(alarms(3), system({ floods }), now)).toMatchObject({ count: 3, since: "2024-09-15T18:00:00Z" });
    expect(floodNow(alarms(3), system({ floods: [{ ...floods[0], to: "2024-09-15T18:20:00Z" }] }), now)).toBeNull();
  });
});

describe("one act for many", () => {
  it("tells of each how it went, and goes on after one that was refused", async () => {
    const told: Progress[] = [];
    const act = (n: number): Promise<number> => (n === 2 ? Promise.reject(new Error("no")) : Promise.resolve(n));
    await runEach([1, 2, 3, 4, 5, 6], act, (at, progress) => (told[at] = progress), () => false);

    expect(told.map(({ turn }) => turn)).toEqual(["done", "refused", "done", "done", "done", "done"]);
    expect(told[1]?.why).toBe("no");
  });
  it("leaves the rest once it is stopped", async () => {
    const told: Progress[] = [];
    await runEach([1, 2], () => Promise.resolve(), (at, progress) => (told[at] = progress), () => true);

    expect(told.map(({ turn }) => turn)).toEqual(["left", "left"]);
  });
});

describe("a burst", () => {
  it("is told soon after it begins, and then together", async () => {
    const flushed: number[][] = [];
    const burst = batch<number>((items) => flushed.push(items), 60, 5);
    burst.add(1);
    await new Promise((later) => setTimeout(later, 30));
    burst.add(2);
    burst.add(3);
    await new Promise((later) => setTimeout(later, 100));

    expect(flushed).toEqual([[1], [2, 3]]);
  });
});
