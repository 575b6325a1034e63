/** 回顾检验: forecasts of depth against what gauges then observed. */
import { Segmented } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";

import { useBacktest, type Backtest, type Span } from "../../../api/backtest";
import { useMe } from "../../../api/queries";
import { useNow } from "../../../live/ClockProvider";
import { NamedSelect } from "../../../parts/NamedSelect";
import { Loaded, Nothing } from "../../../parts/States";
import { Synthetic } from "../../../parts/Why";
import "./backtest.css";
import { GaugesPanel } from "./GaugesPanel";
import { IndicatorTile } from "./IndicatorTile";
import { ReliabilityPanel } from "./ReliabilityPanel";
import { CasesTable, DepthsTable, EventsTable } from "./Scores";

const HOUR = 3_600_000;
const SPANS = { "6h": 6 * HOUR, "24h": 24 * HOUR, "7d": 168 * HOUR } as const;
/** A new look at a forecast is past so often. */
const STEP = 600_000;

function View({ scores, span }: { scores: Backtest; span: Span }) {
  const { t } = useTranslation();
  return (
    <>
      {scores.forecasts === 0 && <Nothing>{t("backtest.none")}</Nothing>}
      <div className="indicators">
        {scores.indicators.map((one) => (
          <IndicatorTile key={one.id} one={one} />
        ))}
      </div>
      <div className="backtest-grid">
        <div className="backtest-tables">
          <CasesTable scores={scores} />
          <EventsTable scores={scores} />
        </div>
        <div className="backtest-tables">
          <ReliabilityPanel scores={scores} />
          <DepthsTable scores={scores} />
        </div>
      </div>
      <GaugesPanel scores={scores} span={span} />
    </>
  );
}

export default function BacktestScreen() {
  const { t } = useTranslation();
  const now = useNow();
  const { data: me } = useMe();
  const [length, setLength] = useState<keyof typeof SPANS>("24h");
  const [picked, setArea] = useState<string | null>(null);
  const area = picked ?? me?.roles[0]?.area ?? "";
  const to = Math.floor(now / STEP) * STEP;
  const span = useMemo(() => ({ since: new Date(to - SPANS[length]).toISOString(), until: new Date(to).toISOString() }), [to, length]);
  const answer = useBacktest(area, span);
  return (
    <div className="page">
      <header className="screen-head">
        <h1>{t("flood.tab.backtest")}</h1>
        <Segmented size="small" aria-label={t("sense.span")} value={length} options={(Object.keys(SPANS) as (keyof typeof SPANS)[]).map((value) => ({ value, label: t(`sense.spans.${value}`) }))} onChange={setLength} />
        <NamedSelect kind="area" {...{ size: "small", className: "desk-select", placeholder: t("sense.every_area"), value: area || null, onChange: (code: string | null) => setArea(code ?? null) }} />
        {answer.data && (
          <small className="num">
            {t("backtest.told", { count: answer.data.forecasts, partial: answer.data.partial })} {answer.data.synthetic && <Synthetic />}
          </small>
        )}
      </header>
      <Loaded of={answer}>{(scores) => <View scores={scores} span={span} />}</Loaded>
    </div>
  );
}
