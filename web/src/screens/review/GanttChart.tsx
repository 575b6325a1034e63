/** Alarms, warnings, plans, tasks and shelters over time; what ran past its limit is hatched and says so. */
import type { CustomSeriesRenderItemAPI, CustomSeriesRenderItemParams } from "echarts";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import type { TimelineBar } from "../../api/types";
import { palette, type Palette } from "../../app/palette";
import { usePreferences } from "../../app/preferences";
import { Chart } from "../../charts/Chart";
import { useNow } from "../../live/ClockProvider";
import { isGrade, NUMERAL } from "../../parts/grades";
import { name } from "../../parts/names";
import { useWide } from "../../parts/useWide";
import { dayTime, shortTime, type Lang } from "../../parts/time";
import { layout, type Drawn } from "./gantt";

const ROW = 20;

const MINUTE = 60_000;

function colourOf({ bar }: Drawn, colour: Palette): string {
  return isGrade(bar.grade) ? colour[`level-${bar.grade}`] : colour.accent;
}

function renderBar(drawn: Drawn[], colour: Palette) {
  return (_: CustomSeriesRenderItemParams, api: CustomSeriesRenderItemAPI) => {
    const one = drawn[api.value(0) as number];
    if (!one) return null;
    const [x1 = 0, y = 0] = api.coord([one.from, one.row]);
    const [x2 = 0] = api.coord([one.to, one.row]);
    const height = ROW * 0.55;
    const rect = (left: number, right: number, style: object) => ({
      type: "rect" as const,
      shape: { x: left, y: y - height / 2, width: Math.max(2, right - left), height, r: 2 },
      style,
    });
    const children = [rect(x1, x2, { fill: colourOf(one, colour), opacity: 0.75 })];
    if (one.lateFrom !== null) {
      const [late = x1] = api.coord([one.lateFrom, one.row]);
      const decal = { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [3, 3], rotation: -Math.PI / 4, color: colour.surface };
      children.push(rect(late, x2, { fill: colour.late, decal }));
    }
    return { type: "group" as const, children };
  };
}

function tooltip(one: Drawn, lang: Lang, late: string): string {
  const text = document.createElement("div");
  const { bar } = one;
  const grade = isGrade(bar.grade) ? `${NUMERAL[bar.grade]} ` : "";
  text.append(`${grade}${name(bar.names, lang)}`, document.createElement("br"), `${dayTime(bar.start, lang)} – ${bar.end ? shortTime(bar.end, lang) : "…"}`);
  if (one.lateFrom !== null) text.append(document.createElement("br"), late);
  return text.innerHTML;
}

export function GanttChart({ bars, most }: { bars: TimelineBar[]; most: number }) {
  const { t } = useTranslation();
  const { lang, theme } = usePreferences();
  const minute = Math.floor(useNow() / MINUTE) * MINUTE;
  const wide = useWide();
  const drawn = useMemo(() => layout(bars, minute, most), [bars, minute, most]);
  const option = useMemo(() => {
    void theme; // the colours below are those of the theme
    const colour = palette();
    return {
      animation: false,
      grid: { left: 8, right: 16, top: 26, bottom: 8, containLabel: true },
      tooltip: { trigger: "item", confine: true, formatter: ({ dataIndex }: { dataIndex: number }) => (drawn[dataIndex] ? tooltip(drawn[dataIndex], lang, t("review.late")) : "") },
      xAxis: { type: "time", position: "top", axisLabel: { color: colour["text-3"], formatter: (v: number) => shortTime(v, lang), hideOverlap: true }, splitLine: { show: true, lineStyle: { color: colour.edge } } },
      yAxis: {
        type: "category",
        inverse: true,
        data: drawn.map(({ row }) => row),
        axisLabel: { interval: 0, color: colour["text-2"], width: wide ? 230 : 120, overflow: "truncate", fontSize: 11, formatter: (row: string) => name(drawn[Number(row)]?.bar.names, lang) },
        axisTick: { show: false },
      },
      series: [{ type: "custom", renderItem: renderBar(drawn, colour), encode: { x: [1, 2], y: 0 }, data: drawn.map(({ row, from, to }) => [row, from, to]) }],
    };
  }, [drawn, lang, theme, t, wide]);
  return (
    <>
      <div className="gantt">
        <Chart option={option} height={drawn.length * ROW + 50} label={t("review.chart")} />
      </div>
      <p className="legend">
        <i className="legend-late" aria-hidden /> {t("review.late")}
        {bars.length > drawn.length && <span> · {t("review.first", { most: drawn.length, all: bars.length })}</span>}
      </p>
    </>
  );
}
