import { describe, expect, it } from "vitest";

import * as read from "../src/api/readers";
import type { Palette } from "../src/app/palette";
import { mostWatched } from "../src/screens/sense/city/coverageMap";
import { ratesOption } from "../src/screens/sense/system/rates";

describe("the map of coverage", () => {
  const coverage = (heard: Record<string, number>[]) =>
    read.coverage({ hazards: ["quake", "wind", "flood"], towns: heard.map((counts, i) => ({ area: String(i), heard: counts, sensors: counts })) });

  it("begins with the hazard that most instruments tell of", () => {
    expect(mostWatched(coverage([{ quake: 0, wind: 3, flood: 9 }, { quake: 4, wind: 3, flood: 1 }]))).toBe("flood");
  });
  it("begins with the first where no instrument was heard", () => {
    expect(mostWatched(coverage([{ quake: 0, wind: 0, flood: 0 }]))).toBe("quake");
  });
});

describe("the chart of alarm rates", () => {
  const colour = new Proxy({}, { get: () => "#123456" }) as Palette;
  const words = { target: "target", most: "most", per: { ten_minutes: "alarms / 10 min", hour: "alarms / hour", day: "alarms / day" } };
  const system = read.alarmSystem({ until: "2024-09-15T19:05:00Z", operators: 1, indicators: [], floods: [] });

  it.each([
    [1, "alarms / 10 min"],
    [7, "alarms / hour"],
    [30, "alarms / day"],
  ])("says over %i days that it counts %s", (days, said) => {
    const { yAxis } = ratesOption({ alarms: [], system, from: 0, to: days * 86_400_000, words }, colour, "en") as { yAxis: { name: string } };

    expect(yAxis.name).toBe(said);
  });
});
