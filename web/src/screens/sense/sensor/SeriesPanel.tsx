/** What the sensor measured in the chosen span, with its rules' lines, its alarms, and its neighbours where asked for. */
import { Checkbox } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";

import { useSensorSeries } from "../../../api/sensing";
import type { SensorPage, SensorSeries } from "../../../api/types";
import { palette } from "../../../app/palette";
import { usePreferences } from "../../../app/preferences";
import { Chart } from "../../../charts/Chart";
import { Panel } from "../../../parts/Panel";
import { Loaded, Nothing } from "../../../parts/States";
import { useWords } from "../../../parts/useWords";
import { Synthetic } from "../../../parts/Why";
import { alarmBands, ruleLines, type Point } from "./lines";
import { seriesOption } from "./seriesOption";
import { iso } from "./span";
import { SpanPicker } from "./SpanPicker";
import type { useWindow } from "./useWindow";

export interface Other {
  name: string;
  points: Point[];
}

interface Props {
  page: SensorPage;
  time: ReturnType<typeof useWindow>;
  others: Other[];
}

function Drawing({ page, series, time, others, levels }: Props & { series: SensorSeries; levels: boolean }) {
  const { t } = useTranslation();
  const { lang, theme } = usePreferences();
  const sign = useWords().unit(page.card.unit);
  const { window } = time.chosen;
  const option = useMemo(() => {
    void theme; // the colours are those of the theme
    const drawn = {
      series,
      others,
      window,
      lines: levels ? ruleLines(page.rules) : [],
      bands: alarmBands(page.alarms, window.from, window.to),
      repairs: page.maintenance.map(({ begins, ends }) => ({ from: Date.parse(begins), to: Date.parse(ends) })),
      cadence_s: page.card.cadence_s,
    };
    const words = Object.fromEntries(["range", "missing", "suspect", "out_of_range", "late", "repair"].map((key) => [key, t(`sense.marks.${key}`)]));
    return seriesOption(drawn, palette(), lang, { ...words, unit: sign, value: t(series.resolution === "raw" ? "sense.marks.value" : "sense.marks.mean") } as Parameters<typeof seriesOption>[3]);
  }, [series, others, window, levels, page, sign, lang, theme, t]);
  if (series.readings.length + series.buckets.length === 0) return <Nothing>{t("chart.no_readings")}</Nothing>;
  return <Chart option={option} height={320} label={t("chart.series")} />;
}

export function SeriesPanel({ page, time, others }: Props) {
  const { t } = useTranslation();
  const words = useWords();
  const { window, resolution } = time.chosen;
  const [levels, setLevels] = useState(true);
  const answer = useSensorSeries(page.card.id, { since: iso(window.from), until: iso(window.to) }, resolution);
  const title = (
    <>
      {words.quantity(page.card.quantity)} <small>{words.unit(page.card.unit)}</small> {answer.data?.synthetic && <Synthetic />}
    </>
  );
  return (
    <Panel
      title={title}
      extra={
        <Checkbox checked={levels} onChange={(event) => setLevels(event.target.checked)}>
          {t("sense.rule_lines")}
        </Checkbox>
      }
    >
      <SpanPicker {...time} />
      <Loaded of={answer}>{(series) => <Drawing page={page} series={series} time={time} others={others} levels={levels} />}</Loaded>
    </Panel>
  );
}
