/** Alarms counted over time, beside what a person can take in (ISA-18.2, EEMUA 191). Pure. */
import type { Alarm, AlarmSystem, Flood } from "../../../api/types";
import type { Palette } from "../../../app/palette";
import { GRADES } from "../../../parts/grades";
import { dayTime, type Lang } from "../../../parts/time";
import { UNIT_PLACE } from "../sensor/seriesOption";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export type Per = "ten_minutes" | "hour" | "day";

export interface Step {
  size: number;
  per: Per;
  /** The indicator whose target holds for so long a step. */
  indicator: string;
}

/** Returns the step at which a span is well counted: ten minutes, an hour or a day, those for which there are targets. */
export function stepFor(length: number): Step {
  if (length <= 2 * DAY) return { size: 10 * MINUTE, per: "ten_minutes", indicator: "average_10min" };
  return length <= 14 * DAY ? { size: HOUR, per: "hour", indicator: "average_hour" } : { size: DAY, per: "day", indicator: "average_day" };
}

/** Returns how many alarms of each grade opened in each step, as [middle of the step, count]. */
export function counts(alarms: Alarm[], from: number, to: number, size: number): Record<string, [number, number][]> {
  const steps = Math.max(1, Math.ceil((to - from) / size));
  const found = Object.fromEntries(GRADES.map((grade) => [grade, new Array<number>(steps).fill(0)]));
  for (const { opened_at, worst } of alarms) {
    const at = Math.floor((Date.parse(opened_at) - from) / size);
    const row = worst ? found[worst] : undefined;
    if (row && at >= 0 && at < steps) row[at] = (row[at] ?? 0) + 1;
  }
  return Object.fromEntries(Object.entries(found).map(([grade, row]) => [grade, row.map((n, at): [number, number] => [from + (at + 0.5) * size, n])]));
}

interface Drawn {
  alarms: Alarm[];
  system: AlarmSystem;
  from: number;
  to: number;
  words: { target: string; most: string; per: Record<Per, string> };
}

export function ratesOption({ alarms, system, from, to, words }: Drawn, c: Palette, lang: Lang): Record<string, unknown> {
  const { size, per, indicator } = stepFor(to - from);
  const found = counts(alarms, from, to, size);
  const limit = system.indicators.find(({ id }) => id === indicator);
  const lines = ([["target", "done"], ["most", "level-red"]] as const).flatMap(([key, colour]) => {
    const value = limit?.[key];
    return value == null ? [] : [{ yAxis: value * system.operators, label: { formatter: words[key], color: c["text-2"], position: "insideStartTop" }, lineStyle: { color: c[colour], type: "dashed", width: 1.3 } }];
  });
  const band = (flood: Flood): object[] => [{ xAxis: Date.parse(flood.from), itemStyle: { color: c["level-red"], opacity: 0.14 } }, { xAxis: Date.parse(flood.to) }];
  return {
    animation: false,
    grid: { left: 44, right: 20, top: 26, bottom: 26 },
    tooltip: { trigger: "axis", confine: true },
    xAxis: { type: "time", min: from, max: to, axisLabel: { color: c["text-3"], formatter: (at: number) => dayTime(at, lang), hideOverlap: true }, axisLine: { lineStyle: { color: c.edge } } },
    yAxis: { type: "value", name: words.per[per], ...UNIT_PLACE, nameTextStyle: { color: c["text-3"], align: "left" }, minInterval: 1, axisLabel: { color: c["text-3"] }, splitLine: { lineStyle: { color: c.edge } } },
    series: [...GRADES].map((grade, i) => ({
      type: "bar", stack: "rate", name: grade, data: found[grade], barMaxWidth: 16, itemStyle: { color: c[`level-${grade}`] },
      ...(i === 0 ? { markLine: { silent: true, symbol: "none", data: lines }, markArea: { silent: true, data: system.floods.map(band) } } : {}),
    })),
  };
}
