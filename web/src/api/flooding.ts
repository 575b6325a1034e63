/** What the screens of a forecast's map read; the shapes are those of the server's document. */
import type { Answer } from "./http";
import { useRead } from "./queries";

const MAP = "/api/v1/assess/forecasts/{forecast_id}/map";
const AT = "/api/v1/assess/forecasts/{forecast_id}/at";
const ARRIVALS = "/api/v1/assess/forecasts/{forecast_id}/arrivals";
const ROADS = "/api/v1/assess/forecasts/{forecast_id}/roads";

export type FloodMap = Answer<typeof MAP>;
export type FloodPlace = Answer<typeof AT>;
export type Arrivals = Answer<typeof ARRIVALS>;
export type Arrival = Arrivals["items"][number];
export type ClosedRoads = Answer<typeof ROADS>;
export type Legend = FloodMap["legends"][string];

export const useFloodMap = (forecast_id: string | null) =>
  useRead("forecast", MAP, { path: { forecast_id: forecast_id ?? "" } }, { off: !forecast_id });

export const useArrivals = (forecast_id: string) => useRead("forecast", ARRIVALS, { path: { forecast_id } });

export const useClosedRoads = (forecast_id: string) => useRead("forecast", ROADS, { path: { forecast_id } });

export const useFloodPlace = (forecast_id: string, place: { lon: number; lat: number } | null) =>
  useRead("forecast", AT, { path: { forecast_id }, query: place ?? { lon: 0, lat: 0 } }, { off: !place, keep: true });
