/** A trial's alarms over time: how many a day, and when each subject would have been in alarm. Pure. */
import type { Palette } from "../../../app/palette";
import type { TriedAlarm } from "../../../api/types";
import { GRADES, isGrade, rank } from "../../../parts/grades";
import { dayTime, type Lang } from "../../../parts/time";
import { UNIT_PLACE } from "../sensor/seriesOption";

const DAY = 86_400_000;
const LANES = 12;

export interface Lane {
  subject: string;
  count: number;
}

/** Returns the subjects with most alarms. */
export function lanes(alarms: TriedAlarm[]): Lane[] {
  const counts = new Map<string, number>();
  for (const { subject } of alarms) counts.set(subject, (counts.get(subject) ?? 0) + 1);
  return [...counts].map(([subject, count]) => ({ subject, count })).sort((a, b) => b.count - a.count || a.subject.localeCompare(b.subject)).slice(0, LANES);
}

/** Returns for each grade how many alarms began in each day of the span, days told by their beginning. */
export function perDay(alarms: TriedAlarm[], from: number, to: number): Record<string, [number, number][]> {
  const days = Math.max(1, Math.ceil((to - from) / DAY));
  const counts = Object.fromEntries(GRADES.map((grade) => [grade, new Array<number>(days).fill(0)]));
  for (const { since, worst } of alarms) {
    const day = Math.min(days - 1, Math.floor((Date.parse(since) - from) / DAY));
    const row = isGrade(worst) ? counts[worst] : undefined;
    if (row && day >= 0) row[day] = (row[day] ?? 0) + 1;
  }
  return Object.fromEntries(Object.entries(counts).map(([grade, row]) => [grade, row.map((n, day): [number, number] => [from + day * DAY + DAY / 2, n])]));
}

interface Render {
  value: (dimension: number) => number;
  coord: (point: [number, number]) => [number, number];
  size: (size: [number, number]) => [number, number];
}

export interface Words {
  subject: (subject: string) => string;
  /** Of the axis that counts. */
  per_day: string;
  /** How much room names have, px. */
  room: number;
}

export function trialOption(alarms: TriedAlarm[], from: number, to: number, words: Words, c: Palette, lang: Lang): { option: Record<string, unknown>; height: number } {
  const shown = lanes(alarms);
  const rows = shown.map(({ subject }) => subject);
  const bars = alarms
    .filter(({ subject }) => rows.includes(subject))
    .map(({ subject, since, until, worst }) => ({ value: [rows.indexOf(subject), Date.parse(since), until ? Date.parse(until) : to, rank(worst)] }));
  const colours = [...GRADES.map((grade) => c[`level-${grade}`]), c["text-3"]];
  const daily = perDay(alarms, from, to);
  const top = 98;
  const left = words.room + 14;
  const height = top + 46 + shown.length * 20;
  const time = { type: "time", min: from, max: to, axisLine: { lineStyle: { color: c.edge } } };
  const option = {
    animation: false,
    grid: [{ left, right: 16, top: 22, height: top - 38 }, { left, right: 16, top: top + 6, bottom: 26 }],
    tooltip: { trigger: "item", confine: true },
    xAxis: [{ ...time, gridIndex: 0, axisLabel: { show: false } }, { ...time, gridIndex: 1, axisLabel: { color: c["text-3"], hideOverlap: true, formatter: (at: number) => dayTime(at, lang) } }],
    yAxis: [
      { type: "value", gridIndex: 0, name: words.per_day, ...UNIT_PLACE, nameTextStyle: { color: c["text-3"], align: "right" }, minInterval: 1, axisLabel: { color: c["text-3"] }, splitLine: { lineStyle: { color: c.edge } } },
      { type: "category", gridIndex: 1, inverse: true, data: rows.map(words.subject), axisLabel: { color: c["text-2"], width: words.room, overflow: "truncate" }, axisTick: { show: false }, axisLine: { lineStyle: { color: c.edge } } },
    ],
    series: [
      ...GRADES.map((grade) => ({ type: "bar", stack: "day", xAxisIndex: 0, yAxisIndex: 0, data: daily[grade], itemStyle: { color: c[`level-${grade}`] }, barMaxWidth: 14, tooltip: { show: false } })),
      {
        type: "custom", xAxisIndex: 1, yAxisIndex: 1, data: bars, encode: { x: [1, 2], y: 0 },
        tooltip: { formatter: ({ value }: { value: number[] }) => `${dayTime(value[1] ?? 0, lang)} – ${dayTime(value[2] ?? 0, lang)}` },
        renderItem: (_: unknown, api: Render) => {
          const [x, y] = api.coord([api.value(1), api.value(0)]);
          const [end] = api.coord([api.value(2), api.value(0)]);
          return { type: "rect", shape: { x, y: y - 6, width: Math.max(2, end - x), height: 12 }, style: { fill: colours[api.value(3)] } };
        },
      },
    ],
  };
  return { option, height };
}
