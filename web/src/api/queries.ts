/** One hook per thing that screens read. Keys are the nouns of `names.ts`. */
import { keepPreviousData, useQueries, useQuery, type UseQueryResult } from "@tanstack/react-query";
import { useMemo } from "react";

import type { ClockReading } from "../live/clock";
import { useDemo } from "./demo";
import { get, type Answer, type Params, type Problem, type Readable } from "./http";
import * as read from "./readers";
import type { City, Me, Outlook } from "./types";

const MOST_FORECASTS = 20;
const DAY = 86_400_000;

interface More {
  every?: number;
  off?: boolean | undefined;
  /** Shows what was answered before while something else is asked. */
  keep?: boolean;
}

export function useRead<P extends Readable>(noun: string, path: P, params: Params<P> = {}, more: More = {}) {
  return useQuery<Answer<P>, Problem>({
    queryKey: [noun, path, params],
    queryFn: () => get(path, params),
    enabled: !more.off,
    ...(more.every ? { refetchInterval: more.every } : {}),
    ...(more.keep ? { placeholderData: keepPreviousData } : {}),
  });
}

const QUIET = { staleTime: Infinity };

/** Reads, then shapes the answer; the shaping is pure and tested in `readers`. */
export function useShaped<T>(result: UseQueryResult<read.Raw, Problem>, shape: (raw: read.Raw) => T) {
  const { data: raw, isLoading, error } = result;
  const data = useMemo(() => (raw === undefined ? undefined : shape(raw)), [raw, shape]);
  return { data, isLoading, error };
}

export const useMe = () =>
  useQuery<Me, Problem>({
    queryKey: ["me"],
    queryFn: () => get("/api/v1/me"),
    retry: false,
    staleTime: 60_000,
  });

export const useClockReading = () =>
  useQuery<ClockReading & { readAt: number }, Problem>({
    queryKey: ["clock"],
    queryFn: async () => ({ ...(await get("/api/v1/clock")), readAt: Date.now() }),
    refetchInterval: 5_000,
  });

export const useLayer = (name: string, on = true) =>
  useQuery({
    queryKey: ["layer", name],
    queryFn: () => get("/api/v1/city/layers/{name}.geojson", { path: { name } }) as Promise<GeoJSON.FeatureCollection>,
    enabled: on,
    staleTime: Infinity,
  });

export const useCity = () =>
  useQuery<City, Problem>({ queryKey: ["city"], queryFn: () => get("/api/v1/city"), staleTime: Infinity });

/** Returns the names that policy gives to things: the subjects that screens need, read once. */
export const useCatalog = () =>
  useShaped(
    useQuery<read.Raw, Problem>({
      queryKey: ["catalog"],
      queryFn: async () => {
        const answers = await Promise.all(read.SUBJECTS.map((subject) => get("/api/v1/catalog/{subject}", { path: { subject } })));
        return Object.fromEntries(read.SUBJECTS.map((subject, i) => [subject, answers[i]?.items]));
      },
      staleTime: Infinity,
    }),
    read.catalog,
  );

export const useAreas = () =>
  useShaped(
    useQuery<read.Raw, Problem>({ queryKey: ["areas"], queryFn: () => get("/api/v1/city/areas"), ...QUIET }),
    read.areas,
  );

export const useAssets = (type: string, on = true) =>
  useShaped(useRead("assets", "/api/v1/city/assets", { query: { type } }, { off: !on }), read.features);

export const useSensors = () => useShaped(useRead("sensors", "/api/v1/sense/sensors"), read.features);
export const useAlarms = () => useShaped(useRead("alarms", "/api/v1/sense/alarms", { query: { open: true } }), read.alarms);
export const useAlarm = (id: string | null) =>
  useShaped(useRead("alarms", "/api/v1/sense/alarms/{alarm_id}", { path: { alarm_id: id ?? "" } }, { off: !id }), read.alarmDetail);
export const useSeries = (sensor: string | null, since?: string) =>
  useShaped(useRead("series", "/api/v1/sense/series", { query: { sensor: sensor ?? "", ...(since ? { since } : {}) } }, { off: !sensor }), read.series);

export const useCyclone = () => useShaped(useRead("cyclone", "/api/v1/assess/cyclone", {}, { every: 15_000 }), read.cyclone);
export const useForecasts = () => useShaped(useRead("forecasts", "/api/v1/assess/forecasts"), read.forecasts);
export const useForecast = (id: string | null) =>
  useShaped(useRead("forecast", "/api/v1/assess/forecasts/{forecast_id}", { path: { forecast_id: id ?? "" } }, { off: !id }), read.forecast);

/** Returns what the newest forecasts of all areas in sight say together. */
export function useOutlook(): Outlook | undefined {
  const { data: lines } = useForecasts();
  const wanted = useMemo(() => read.current(lines ?? []).slice(0, MOST_FORECASTS), [lines]);
  const details = useQueries({
    queries: wanted.map(({ id }) => ({
      queryKey: ["forecast", FORECAST, { path: { forecast_id: id } }],
      queryFn: () => get(FORECAST, { path: { forecast_id: id } }),
      staleTime: Infinity,
    })),
    combine: readAll,
  });
  return useMemo(() => (lines ? read.outlook(lines, details) : undefined), [lines, details]);
}

const FORECAST = "/api/v1/assess/forecasts/{forecast_id}";

const readAll = (results: UseQueryResult<read.Raw>[]) => results.flatMap(({ data }) => (data ? [read.forecast(data)] : []));

export const useWarnings = () => useShaped(useRead("warnings", "/api/v1/warn/warnings"), read.warnings);
export const useWarning = (id: string | null) =>
  useShaped(useRead("warning", "/api/v1/warn/warnings/{id}", { path: { id: id ?? "" } }, { off: !id }), read.warningDetail);

export const useActivations = () => useShaped(useRead("activations", "/api/v1/plan/activations"), read.activations);
export const useActivation = (id: string | null) =>
  useShaped(useRead("activation", "/api/v1/plan/activations/{activation}", { path: { activation: id ?? "" } }, { off: !id }), read.activationDetail);
export const useTasks = (query: Params<"/api/v1/task/tasks">["query"] = {}) => useShaped(useRead("tasks", "/api/v1/task/tasks", { query }), read.tasks);
export const useTaskCounts = () => useShaped(useRead("tasks", "/api/v1/task/tasks", { query: { limit: 1 } }), read.taskCounts);
export const useTask = (id: string | null) =>
  useShaped(useRead("tasks", "/api/v1/task/tasks/{task}", { path: { task: id ?? "" } }, { off: !id }), read.taskDetail);
export const useReports = () => useShaped(useRead("reports", "/api/v1/respond/reports"), read.reports);
export const useReport = (id: string, on: boolean) =>
  useShaped(useRead("reports", "/api/v1/respond/reports/{report}", { path: { report: id ?? "" } }, { off: !on }), read.reportDetail);
export const useIncidents = (on = true) => useShaped(useRead("incidents", "/api/v1/respond/incidents", {}, { off: !on }), read.items);

export const useStock = () => useShaped(useRead("stock", "/api/v1/supply/stock"), read.warehouses);
export const useShelters = () => useShaped(useRead("shelters", "/api/v1/supply/shelters"), read.shelters);
export const useAllocations = () => useShaped(useRead("allocations", "/api/v1/supply/allocations"), read.allocations);
export const useFlows = (id: string, on: boolean) =>
  useShaped(useRead("allocations", "/api/v1/supply/allocations/{allocation}", { path: { allocation: id ?? "" } }, { off: !on }), read.flows);
export const useSites = (kind: "warehouse" | "shelter") => useShaped(useRead("stock", "/api/v1/supply/sites", { query: { kind } }), read.features);
export const useNeeds = () => useShaped(useRead("needs", "/api/v1/supply/needs"), read.needs);

/** Returns the summary since the night began; without a demonstration, of the last day. */
export function useSummary() {
  const { data: me } = useMe();
  const { data: demo } = useDemo(me?.demo ?? false);
  const { data: clock } = useClockReading();
  const day = clock ? clock.now.slice(0, 10) : null;
  const since = demo?.start ?? (day && new Date(Date.parse(`${day}T00:00:00Z`) - DAY).toISOString());
  return useRead("review", "/api/v1/review/summary", { query: { since: since ?? "" } }, { off: !since || (me?.demo && !demo) });
}
export const useGantt = () => useShaped(useRead("review", "/api/v1/review/gantt"), read.bars);

export const useJournal = (query: Params<"/api/v1/journal">["query"], off = false) =>
  useRead("journal", "/api/v1/journal", { query }, { off });
export const useHead = () => useRead("journal", "/api/v1/journal/head");
export const useProof = (seq: number) => useRead("proof", "/api/v1/journal/{seq}/proof", { path: { seq } });

const LATEST = Number.MAX_SAFE_INTEGER;
export const useStory = () =>
  useShaped(useRead("story", "/api/v1/review/timeline", { query: { before: LATEST, limit: 150 } }), read.story);
