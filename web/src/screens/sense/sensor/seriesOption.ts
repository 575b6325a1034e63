/** The chart of a sensor's series, put together for the chart library. */
import type { SensorSeries } from "../../../api/types";
import type { Palette } from "../../../app/palette";
import { GRADES, NUMERAL } from "../../../parts/grades";
import { dayTime, shortTime, type Lang } from "../../../parts/time";
import { band, goodLine, marks, type AlarmBand, type Point, type RuleLine } from "./lines";
import type { Window } from "./span";

export interface Drawn {
  series: SensorSeries;
  others: { name: string; points: Point[] }[];
  lines: RuleLine[];
  bands: AlarmBand[];
  repairs: Window[];
  window: Window;
  cadence_s: number | null;
}

export interface Words {
  /** Written above the axis of values. */
  unit: string;
  value: string;
  range: string;
  missing: string;
  suspect: string;
  out_of_range: string;
  late: string;
  repair: string;
}

const HOUR = 3_600_000;
/** Where a chart writes the unit: above its axis of values. */
export const UNIT_PLACE = { nameLocation: "end", nameGap: 9 } as const;

const STEP = { raw: 0, hour: HOUR, day: 24 * HOUR };
const TWO_DAYS = 48 * HOUR;

const finite = (points: Point[]): number[] => points.flatMap(([, value]) => (value === null || !Number.isFinite(value) ? [] : [value]));

/** Returns the lines that lie near enough to what was measured to be drawn without squeezing it flat. */
export function nearLines(lines: RuleLine[], values: number[]): RuleLine[] {
  if (values.length === 0) return lines;
  const low = values.reduce((a, b) => Math.min(a, b));
  const high = values.reduce((a, b) => Math.max(a, b));
  const room = Math.max(high - low, Math.abs(high) * 0.2, 1e-9) * 1.2;
  return lines.filter(({ value }) => value >= low - room && value <= high + room);
}

function bandSeries(drawn: Drawn, c: Palette, words: Words): object[] {
  const { mean, low, width } = band(drawn.series.buckets, STEP[drawn.series.resolution]);
  const plain = { type: "line", showSymbol: false, silent: true, tooltip: { show: false } };
  return [
    { ...plain, name: "low", stack: "range", data: low, lineStyle: { opacity: 0 } },
    { ...plain, name: words.range, stack: "range", data: width, lineStyle: { opacity: 0 }, areaStyle: { color: c.accent, opacity: 0.2 } },
    { type: "line", name: words.value, data: mean, showSymbol: mean.length < 2, lineStyle: { width: 1.6, color: c.accent }, itemStyle: { color: c.accent } },
  ];
}

function rawSeries(drawn: Drawn, c: Palette, words: Words): object[] {
  const line = goodLine(drawn.series.readings, drawn.cadence_s);
  const wrong = marks(drawn.series.readings);
  const dots = (name: string, data: Point[], symbol: string, color: string, hollow = false): object => ({
    type: "scatter", name, data, symbol, symbolSize: 8, z: 4, itemStyle: hollow ? { color: "transparent", borderColor: color, borderWidth: 1.6 } : { color },
  });
  return [
    { type: "line", name: words.value, data: line, showSymbol: line.length < 40, symbolSize: 4, lineStyle: { width: 1.8, color: c.accent }, itemStyle: { color: c.accent }, sampling: "minmax" },
    dots(words.suspect, wrong.suspect, "triangle", c["level-orange"], true),
    dots(words.out_of_range, wrong.out_of_range, "diamond", c["level-red"]),
    dots(words.late, wrong.late, "circle", c.storm, true),
    { type: "scatter", name: words.missing, yAxisIndex: 1, data: wrong.missing.map((at) => [at, 0.015]), symbol: "rect", symbolSize: [4, 9], itemStyle: { color: c["text-3"] }, tooltip: { show: false } },
  ];
}

function areas({ bands, repairs }: Drawn, c: Palette, words: Words): object[] {
  return [
    ...repairs.map(({ from, to }) => [{ xAxis: from, name: words.repair, itemStyle: { color: c["text-3"], opacity: 0.14 }, label: { color: c["text-2"], position: "insideTop" } }, { xAxis: to }]),
    ...bands.map(({ from, to, grade }) => [{ xAxis: from, itemStyle: { color: grade ? c[`level-${grade}`] : c["text-3"], opacity: 0.16 } }, { xAxis: to }]),
  ];
}

function levelLines(lines: RuleLine[], c: Palette, lang: Lang): object[] {
  const several = new Set(lines.map(({ rule }) => rule.id)).size > 1;
  return [...lines]
    .sort((a, b) => GRADES.indexOf(b.grade) - GRADES.indexOf(a.grade))
    .map(({ grade, value, rule }) => ({
      yAxis: value,
      label: { formatter: several ? `${NUMERAL[grade]} ${(lang === "en" ? rule.names.en : null) ?? rule.names.zh}` : NUMERAL[grade], color: c["text-2"], position: several ? "insideEndTop" : "end" },
      lineStyle: { color: c[`level-${grade}`], type: "dashed", width: 1.3 },
    }));
}

interface Told {
  seriesName?: string;
  marker?: string;
  axisValue?: number;
  value?: Point;
}

const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
const figure = (value: number | null | undefined): string => (typeof value === "number" && Number.isFinite(value) ? String(Number(value.toPrecision(5))) : "–");

/** Returns the words under the pointer: what each visible line says there, of hours and days also the least and the most. */
function hint(names: ReadonlySet<string>, words: Words, lang: Lang): (told: Told | Told[]) => string {
  return (told) => {
    const all = Array.isArray(told) ? told : [told];
    const low = all.find(({ seriesName }) => seriesName === "low")?.value?.[1];
    const rows = all.flatMap(({ seriesName = "", marker = "", value }) => {
      if (seriesName === words.range && typeof low === "number") return [`${escaped(words.range)} ${figure(low)} – ${figure(low + (value?.[1] ?? 0))}`];
      return names.has(seriesName) && value?.[1] != null ? [`${marker}${escaped(seriesName)} <b>${figure(value[1])}</b>`] : [];
    });
    return [dayTime(all[0]?.axisValue ?? Number.NaN, lang), ...rows].join("<br>");
  };
}

const slider = (c: Palette, lang: Lang): object => ({
  type: "slider", height: 18, bottom: 8, filterMode: "none", showDataShadow: false, labelFormatter: (at: number) => dayTime(at, lang), textStyle: { color: c["text-3"] },
  borderColor: c.edge, backgroundColor: c["surface-2"], fillerColor: `${c.accent}22`, handleStyle: { color: c.surface, borderColor: c.accent }, moveHandleStyle: { color: c.edge },
});

interface Part {
  name?: string;
  data?: unknown[];
}

export function seriesOption(drawn: Drawn, c: Palette, lang: Lang, words: Words): Record<string, unknown> {
  const { series, others, window } = drawn;
  const own = series.resolution === "raw" ? rawSeries(drawn, c, words) : bandSeries(drawn, c, words);
  const seen = series.resolution === "raw" ? finite(goodLine(series.readings, null)) : series.buckets.flatMap(({ low, high }) => [low, high]);
  const lines = nearLines(drawn.lines, seen.filter(Number.isFinite));
  const more = others.map(({ name, points }) => ({ type: "line", name, data: points, showSymbol: false, lineStyle: { width: 1.2, color: c["text-3"], type: "dotted" }, itemStyle: { color: c["text-3"] } }));
  const shown = [...own, ...more].filter((one: Part) => one.name !== "low" && (one.data?.length ?? 0) > 0).map((one: Part) => one.name ?? "");
  const time = (at: number): string => (window.to - window.from > TWO_DAYS ? dayTime(at, lang) : shortTime(at, lang));
  return {
    animation: false,
    grid: { left: 46, right: 30, top: 26, bottom: 58 },
    legend: { top: 0, right: 0, itemWidth: 14, itemHeight: 8, textStyle: { color: c["text-2"], fontSize: 11 }, data: shown },
    tooltip: { trigger: "axis", confine: true, formatter: hint(new Set(shown), words, lang) },
    dataZoom: [{ type: "inside", filterMode: "none" }, slider(c, lang)],
    xAxis: { type: "time", min: window.from, max: window.to, axisLabel: { color: c["text-3"], formatter: time, hideOverlap: true }, axisLine: { lineStyle: { color: c.edge } } },
    yAxis: [
      { type: "value", name: words.unit, ...UNIT_PLACE, nameTextStyle: { color: c["text-3"], align: "right" }, scale: true, axisLabel: { color: c["text-3"] }, splitLine: { lineStyle: { color: c.edge } } },
      { type: "value", min: 0, max: 1, show: false },
    ],
    series: [
      ...own,
      ...more,
      {
        // An unseen line through the levels: the axis grows to them by itself, and keeps its round figures.
        type: "line", name: "levels", data: lines.map(({ value }) => [window.from, value]), showSymbol: false, silent: true, lineStyle: { opacity: 0 },
        markLine: { silent: true, symbol: "none", data: levelLines(lines, c, lang) },
        markArea: { silent: true, data: areas(drawn, c, words) },
      },
    ],
  };
}
