/** What one sensor measured, with the lines at which its rule's grades begin. */
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import type { Level, Series } from "../api/types";
import { palette } from "../app/palette";
import { usePreferences } from "../app/preferences";
import { isGrade, NUMERAL } from "../parts/grades";
import { shortTime } from "../parts/time";
import { Nothing } from "../parts/States";
import { Chart } from "./Chart";

interface Line {
  grade: Level;
  value: number | null;
}

export function SeriesChart({ series, levels }: { series: Series; levels: Line[] }) {
  const { t } = useTranslation();
  const { lang, theme } = usePreferences();
  const option = useMemo(() => {
    void theme; // the colours below are those of the theme
    const colour = palette();
    const lines = levels.flatMap(({ grade, value }) => (isGrade(grade) && value !== null ? [{ grade, value }] : []));
    const top = Math.max(...series.points.map(([, v]) => v), 0);
    return {
      animation: false,
      grid: { left: 38, right: 30, top: 12, bottom: 22 },
      tooltip: { trigger: "axis", confine: true, valueFormatter: (v: unknown) => (typeof v === "number" ? v.toFixed(2) : "–") },
      xAxis: { type: "time", axisLabel: { color: colour["text-3"], formatter: (v: number) => shortTime(v, lang), hideOverlap: true }, axisLine: { lineStyle: { color: colour.edge } } },
      yAxis: { type: "value", scale: true, axisLabel: { color: colour["text-3"] }, splitLine: { lineStyle: { color: colour.edge } } },
      series: [
        {
          type: "line",
          data: series.points,
          showSymbol: series.points.length < 2,
          lineStyle: { width: 1.8, color: colour.accent },
          itemStyle: { color: colour.accent },
          markLine: {
            silent: true,
            symbol: "none",
            data: lines
              .filter(({ value }) => value <= top * 1.6 || top === 0)
              .map(({ grade, value }) => ({
                yAxis: value,
                label: { formatter: NUMERAL[grade], color: colour["text-2"], position: "end" },
                lineStyle: { color: colour[`level-${grade}`], type: "dashed", width: 1.2 },
              })),
          },
        },
      ],
    };
  }, [series, levels, lang, theme]);
  if (series.points.length === 0) return <Nothing>{t("chart.no_readings")}</Nothing>;
  return <Chart option={option} height={150} label={t("chart.series")} />;
}
