/** The readings around an alarm, with the rule's lines and the time in which its condition held. */
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import type { Alarm, RuleView, Series } from "../../../api/types";
import { palette } from "../../../app/palette";
import { usePreferences } from "../../../app/preferences";
import { Chart } from "../../../charts/Chart";
import { Nothing } from "../../../parts/States";
import { useWords } from "../../../parts/useWords";
import { alarmBands, ruleLines } from "../sensor/lines";
import { seriesOption } from "../sensor/seriesOption";

export function AlarmSeries({ alarm, series, rule }: { alarm: Alarm; series: Series; rule: RuleView | null }) {
  const { t } = useTranslation();
  const { lang, theme } = usePreferences();
  const sign = useWords().unit(alarm.unit);
  const option = useMemo(() => {
    void theme; // the colours are those of the theme
    const [first, last] = [series.points[0], series.points.at(-1)];
    if (!first || !last) return null;
    const window = { from: first[0], to: last[0] };
    const readings = series.points.map(([at, value]) => ({ at, value, quality: "good", late: false }));
    const drawn = {
      series: { resolution: "raw" as const, quantity: series.quantity, unit: series.unit, synthetic: false, readings, buckets: [] },
      others: [],
      lines: rule ? ruleLines([rule]) : [],
      bands: alarmBands([alarm], window.from, window.to),
      repairs: [],
      window,
      cadence_s: null,
    };
    const words = { unit: sign, value: t("sense.marks.value"), range: "", missing: "", suspect: "", out_of_range: "", late: "", repair: "" };
    return { ...seriesOption(drawn, palette(), lang, words), dataZoom: [], legend: { show: false }, grid: { left: 42, right: 30, top: 24, bottom: 24 } };
  }, [alarm, series, rule, sign, lang, theme, t]);
  return option ? <Chart option={option} height={180} label={t("chart.series")} /> : <Nothing>{t("chart.no_readings")}</Nothing>;
}
