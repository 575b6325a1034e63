/** A chart of our colours; only the kinds that are used are loaded. */
import { BarChart, CustomChart, LineChart, ScatterChart } from "echarts/charts";
import { DataZoomComponent, GridComponent, LegendComponent, MarkAreaComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import { init, use as register, type EChartsCoreOption } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";

import { usePreferences } from "../app/preferences";

register([LineChart, BarChart, CustomChart, ScatterChart, GridComponent, TooltipComponent, LegendComponent, MarkAreaComponent, MarkLineComponent, DataZoomComponent, CanvasRenderer]);

export function Chart({ option, height, label }: { option: EChartsCoreOption; height: number; label: string }) {
  const box = useRef<HTMLDivElement>(null);
  const { theme } = usePreferences();
  useEffect(() => {
    if (!box.current) return;
    const chart = init(box.current, null, { renderer: "canvas" });
    const { fontFamily } = getComputedStyle(document.body);
    chart.setOption({ textStyle: { fontFamily }, ...option });
    const watch = new ResizeObserver(() => chart.resize());
    watch.observe(box.current);
    return () => {
      watch.disconnect();
      chart.dispose();
    };
  }, [option, theme]);
  return <div ref={box} role="img" aria-label={label} style={{ height, width: "100%" }} />;
}
