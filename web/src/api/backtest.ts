/** What the backtest reads; the shapes are those of the server's document. */
import type { Answer, Params } from "./http";
import { useRead } from "./queries";

const SCORES = "/api/v1/assess/backtest";
const PLUMES = "/api/v1/assess/backtest/gauges/{sensor_id}";

export type Backtest = Answer<typeof SCORES>;
export type Counts = Backtest["tables"][number];
export type EventCounts = Backtest["events"][number];
export type Chances = Backtest["chances"][number];
export type Gauge = Backtest["gauges"][number];
export type ScoreIndicator = Backtest["indicators"][number];
export type GaugePlumes = Answer<typeof PLUMES>;
export type Plume = GaugePlumes["forecasts"][number];

export type Span = Pick<NonNullable<Params<typeof SCORES>["query"]>, "since" | "until">;

/** Kept under the noun of forecasts, for a new forecast makes it stale. */
export const useBacktest = (area: string, span: Span) => useRead("forecast", SCORES, { query: { area, ...span } }, { keep: true, off: !area });

export const usePlumes = (sensor_id: string, span: Span) => useRead("forecast", PLUMES, { path: { sensor_id }, query: span }, { keep: true });
