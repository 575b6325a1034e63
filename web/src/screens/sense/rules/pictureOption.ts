/** The picture of a rule: what it compares, over time, and the levels at which its grades begin. */
import type { Palette } from "../../../app/palette";
import { GRADES, NUMERAL } from "../../../parts/grades";
import { dayTime, type Lang } from "../../../parts/time";
import { UNIT_PLACE } from "../sensor/seriesOption";
import type { Point } from "./compared";
import type { Draft } from "./draft";

const MOST = 6; // levels further off than so many times what was seen are named above the frame and not drawn

interface Drawn {
  points: Point[];
  draft: Draft;
  /** What a level has to be multiplied by to stand in the picture's unit: a sensor's cadence, where levels count it. */
  scale: number;
  value: string;
  /** Of what is compared; empty for what has none. */
  unit: string;
  clear: string;
}

export function pictureOption({ points, draft, scale, value, unit, clear }: Drawn, c: Palette, lang: Lang): Record<string, unknown> {
  const seen = points.reduce((most, [, v]) => Math.max(most, Math.abs(v ?? 0)), 0);
  const near = (level: number): boolean => seen === 0 || Math.abs(level) <= seen * MOST;
  const levels = GRADES.flatMap((grade) => {
    const level = draft.levels[grade]?.value;
    return level == null || !near(level * scale) ? [] : [{ grade, level: level * scale }];
  });
  const first = points[0]?.[0] ?? 0;
  const lines = levels.map(({ grade, level }) => ({
    yAxis: level,
    label: { formatter: NUMERAL[grade], color: c["text-2"], position: "end" },
    lineStyle: { color: c[`level-${grade}`], type: "dashed", width: 1.4 },
  }));
  const ended = { yAxis: draft.clear * scale, label: { formatter: clear, color: c["text-3"], position: "insideStartTop", fontSize: 10 }, lineStyle: { color: c["text-3"], type: "dotted", width: 1 } };
  return {
    animation: false,
    grid: { left: 46, right: 28, top: 24, bottom: 24 },
    tooltip: { trigger: "axis", confine: true, valueFormatter: (v: unknown) => (typeof v === "number" ? String(Number(v.toPrecision(4))) : "–") },
    xAxis: { type: "time", axisLabel: { color: c["text-3"], formatter: (at: number) => dayTime(at, lang), hideOverlap: true }, axisLine: { lineStyle: { color: c.edge } } },
    yAxis: { type: "value", name: unit, ...UNIT_PLACE, nameTextStyle: { color: c["text-3"], align: "right" }, scale: true, axisLabel: { color: c["text-3"] }, splitLine: { lineStyle: { color: c.edge } } },
    series: [
      { type: "line", name: value, data: points, showSymbol: false, sampling: "minmax", lineStyle: { width: 1.6, color: c.accent }, itemStyle: { color: c.accent } },
      {
        type: "line", silent: true, data: levels.map(({ level }) => [first, level]), showSymbol: false, lineStyle: { opacity: 0 }, tooltip: { show: false },
        markLine: { silent: true, symbol: "none", data: draft.kind !== "faulty" && near(draft.clear * scale) ? [...lines, ended] : lines },
      },
    ],
  };
}
