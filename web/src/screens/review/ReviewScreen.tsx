/** 复盘: the night in numbers and as one chart, what was late, and whether the record holds. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Segmented } from "antd";

import { useGantt, useSummary } from "../../api/queries";
import { Panel } from "../../parts/Panel";
import { Loaded, Nothing } from "../../parts/States";
import { HeadPanel } from "../journal/HeadPanel";
import { GanttChart } from "./GanttChart";
import { LANES, type Lane } from "./gantt";
import { SummaryView } from "./SummaryView";

export default function ReviewScreen() {
  const { t } = useTranslation();
  const [lane, setLane] = useState<Lane | "all">("all");
  const summary = useSummary();
  const gantt = useGantt();
  return (
    <div className="page">
      <header className="screen-head">
        <h1>{t("nav.review")}</h1>
      </header>
      <Loaded of={summary}>{(data) => <SummaryView summary={data} />}</Loaded>
      <Panel
        title={t("review.chart")}
        extra={
          <Segmented
            size="small"
            value={lane}
            onChange={setLane}
            options={(["all", ...LANES] as const).map((value) => ({ value, label: t(`review.lane.${value}`) }))}
          />
        }
      >
        <Loaded of={gantt}>
          {(bars) => {
            const kept = lane === "all" ? bars : bars.filter((bar) => bar.lane === lane);
            return kept.length === 0 ? <Nothing>{t("review.nothing")}</Nothing> : <GanttChart bars={kept} most={lane === "all" ? 40 : 400} />;
          }}
        </Loaded>
      </Panel>
      <Panel title={t("review.record")}>
        <HeadPanel />
      </Panel>
    </div>
  );
}
