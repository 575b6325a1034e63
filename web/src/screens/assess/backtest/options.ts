/** The charts of the backtest, put together for the chart library. Pure. */
import type { Chances, GaugePlumes, Plume } from "../../../api/backtest";
import type { Palette } from "../../../app/palette";
import { number } from "../../../parts/names";
import { dayTime, shortTime, type Lang } from "../../../parts/time";

const axis = (c: Palette) => ({ axisLabel: { color: c["text-3"] }, axisLine: { lineStyle: { color: c.edge } }, splitLine: { lineStyle: { color: c.edge } } });

/** A diagram's points are as large as the root of their cases, so that few cases do not weigh like many. */
export const pointSize = (count: number): number => Math.min(34, 6 + 2 * Math.sqrt(count));

export function reliabilityOption(chances: Chances, words: { said: string; came: string; cases: (count: number) => string; perfect: string }, c: Palette, lang: Lang): Record<string, unknown> {
  const points = chances.points.flatMap(({ chance, frequency, count }) => (chance === null || frequency === null ? [] : [{ value: [chance * 100, frequency * 100], symbolSize: pointSize(count), count }]));
  const percent = { type: "value", min: 0, max: 100, nameLocation: "middle", nameTextStyle: { color: c["text-3"] }, ...axis(c) };
  return {
    animation: false,
    grid: { left: 48, right: 18, top: 12, bottom: 40 },
    tooltip: {
      trigger: "item",
      confine: true,
      formatter: ({ data }: { data?: { value: number[]; count: number } }) => (data?.count === undefined ? words.perfect : `${words.said} ${number(data.value[0], lang)}% · ${words.came} ${number(data.value[1], lang)}%<br/>${words.cases(data.count)}`),
    },
    xAxis: { ...percent, name: `${words.said} (%)`, nameGap: 24 },
    yAxis: { ...percent, name: `${words.came} (%)`, nameGap: 32 },
    series: [
      { type: "line", silent: true, symbol: "none", data: [[0, 0], [100, 100]], lineStyle: { color: c["text-3"], type: "dashed", width: 1 } },
      { type: "line", data: points, symbol: "circle", lineStyle: { color: c.accent, width: 1.5 }, itemStyle: { color: c.accent, opacity: 0.85 } },
    ],
  };
}

const at = (moment: string): number => Date.parse(moment);

/** Returns the forecast that says most about a peak: the last one made at least half an hour before it, else the first. */
export function telling(plumes: GaugePlumes): Plume | null {
  const [peak] = plumes.observed.reduce<[string, number]>((best, one) => (one[1] > best[1] ? one : best), ["", 0]);
  const before = peak ? plumes.forecasts.filter(({ at: made }) => at(made) <= at(peak) - 1_800_000) : [];
  return before.at(-1) ?? plumes.forecasts[0] ?? null;
}

const BEFORE = 2 * 3_600_000;

/** Returns where the chart begins: a while before the first water and the first forecast, for a dry day tells nothing. */
export function opening({ since, observed, forecasts }: GaugePlumes): number {
  const wet = observed.find(([, depth]) => depth > 0);
  const first = [...(wet ? [wet[0]] : []), ...(forecasts[0] ? [forecasts[0].at] : [])].map(at);
  return first.length === 0 ? at(since) : Math.max(at(since), Math.min(...first) - BEFORE);
}

export interface PlumeWords {
  observed: string;
  best: string;
  range: string;
  others: string;
}

/** Draws what a gauge told, the range of one forecast's members, and faintly the middle members of the other forecasts. */
export function plumeOption(plumes: GaugePlumes, chosen: Plume | null, words: PlumeWords, c: Palette, lang: Lang): Record<string, unknown> {
  const line = (one: Plume, values: number[]): [number, number][] => one.moments.map((moment, i) => [at(moment), values[i] ?? 0]);
  const others = plumes.forecasts
    .filter((one) => one.forecast !== chosen?.forecast)
    .map((one) => ({ type: "line", name: words.others, silent: true, symbol: "none", data: line(one, one.best), lineStyle: { color: c["text-3"], width: 0.8, opacity: 0.35 } }));
  const band = { type: "line", stack: "range", stackStrategy: "all", symbol: "none", silent: true, lineStyle: { opacity: 0 }, tooltip: { show: false } };
  const range = chosen
    ? [
        { ...band, name: "low", data: line(chosen, chosen.low) },
        { ...band, name: words.range, data: line(chosen, chosen.high.map((high, i) => high - (chosen.low[i] ?? 0))), areaStyle: { color: c.accent, opacity: 0.22 }, itemStyle: { color: c.accent } },
        { type: "line", name: words.best, symbol: "none", data: line(chosen, chosen.best), lineStyle: { color: c.accent, width: 1.6, type: "dashed" }, itemStyle: { color: c.accent } },
      ]
    : [];
  const top = Math.max(0.2, ...plumes.observed.map(([, depth]) => depth), ...plumes.forecasts.flatMap(({ best }) => best), ...(chosen?.high ?? []));
  const limits = plumes.depths_m.filter((depth) => depth <= top * 1.2);
  const made = chosen ? [{ xAxis: at(chosen.at), label: { formatter: shortTime(chosen.at, lang), color: c["text-2"], position: "end" }, lineStyle: { color: c.accent } }] : [];
  return {
    animation: false,
    grid: { left: 40, right: 14, top: 26, bottom: 24 },
    tooltip: { trigger: "axis", confine: true, valueFormatter: (v: unknown) => (typeof v === "number" ? `${v.toFixed(2)} m` : "–") },
    xAxis: { type: "time", min: opening(plumes), axisLabel: { color: c["text-3"], formatter: (v: number) => dayTime(v, lang), hideOverlap: true }, axisLine: { lineStyle: { color: c.edge } } },
    yAxis: { type: "value", name: "m", nameGap: 6, nameTextStyle: { color: c["text-3"] }, min: 0, ...axis(c) },
    series: [
      ...others,
      ...range,
      {
        type: "line",
        name: words.observed,
        symbol: "none",
        data: plumes.observed.map(([moment, depth]) => [at(moment), depth]),
        lineStyle: { color: c.text, width: 2 },
        itemStyle: { color: c.text },
        markLine: {
          silent: true,
          symbol: "none",
          data: [...limits.map((depth) => ({ yAxis: depth, label: { formatter: `${depth}`, color: c["text-3"], position: "insideEndTop" }, lineStyle: { color: c["text-3"], type: "dotted" } })), ...made],
        },
      },
    ],
  };
}
