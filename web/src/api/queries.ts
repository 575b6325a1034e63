/** One hook per thing that screens read. Keys are the nouns of `names.ts`. */
import { useQueries, useQuery, type UseQueryResult } from "@tanstack/react-query";
import { useMemo } from "react";

import type { ClockReading } from "../live/clock";
import { useDemo } from "./demo";
import { get, Problem } from "./http";
import * as read from "./readers";
import type { City, JournalPage, Me, Outlook, Proof } from "./types";

const MOST_FORECASTS = 20;
const DAY = 86_400_000;

type Query = Record<string, unknown>;

function useRead<T>(noun: string, path: string, query: Query = {}, more: { every?: number; off?: boolean | undefined } = {}) {
  return useQuery<T, Problem>({
    queryKey: [noun, path, query],
    queryFn: () => get<T>(path, query),
    enabled: !more.off,
    ...(more.every ? { refetchInterval: more.every } : {}),
  });
}

/** Reads, then shapes the answer; the shaping is pure and tested in `readers`. */
function useShaped<R, T>(result: UseQueryResult<R, Problem>, shape: (raw: R) => T) {
  const { data: raw, isLoading, error } = result;
  const data = useMemo(() => (raw === undefined ? undefined : shape(raw)), [raw, shape]);
  return { data, isLoading, error };
}

export const useMe = () =>
  useQuery<Me, Problem>({
    queryKey: ["me"],
    queryFn: () => get<Me>("/me"),
    retry: false,
    staleTime: 60_000,
  });

export const useClockReading = () =>
  useQuery<ClockReading & { readAt: number }, Problem>({
    queryKey: ["clock"],
    queryFn: async () => ({ ...(await get<ClockReading>("/clock")), readAt: Date.now() }),
    refetchInterval: 5_000,
  });

export const useLayer = (name: string, on = true) =>
  useQuery({
    queryKey: ["layer", name],
    queryFn: () => get<GeoJSON.FeatureCollection>(`/city/layers/${name}.geojson`),
    enabled: on,
    staleTime: Infinity,
  });

export const useCity = () =>
  useQuery<City, Problem>({ queryKey: ["city"], queryFn: () => get("/city"), staleTime: Infinity });

/** Returns the names that policy gives to things: the subjects that screens need, read once. */
export const useCatalog = () =>
  useShaped(
    useQuery<read.Raw, Problem>({
      queryKey: ["catalog"],
      queryFn: async () => {
        const answers = await Promise.all(read.SUBJECTS.map((subject) => get<{ items: read.Raw }>(`/catalog/${subject}`)));
        return Object.fromEntries(read.SUBJECTS.map((subject, i) => [subject, answers[i]?.items]));
      },
      staleTime: Infinity,
    }),
    read.catalog,
  );

export const useAreas = () =>
  useShaped(
    useQuery<read.Raw, Problem>({ queryKey: ["areas"], queryFn: () => get("/city/areas"), staleTime: Infinity }),
    read.areas,
  );

export const useAssets = (type: string, on = true) =>
  useShaped(useRead<read.Raw>("assets", "/city/assets", { type }, { off: !on }), read.features);

export const useSensors = () => useShaped(useRead<read.Raw>("sensors", "/sense/sensors"), read.features);
export const useAlarms = () => useShaped(useRead<read.Raw>("alarms", "/sense/alarms", { open: true }), read.alarms);
export const useAlarm = (id: string | null) =>
  useShaped(useRead<read.Raw>("alarms", `/sense/alarms/${id}`, {}, { off: !id }), read.alarmDetail);
export const useSeries = (sensor: string | null, since?: string) =>
  useShaped(useRead<read.Raw>("series", "/sense/series", { sensor, since }, { off: !sensor }), read.series);

export const useCyclone = () => useShaped(useRead<read.Raw>("cyclone", "/assess/cyclone", {}, { every: 15_000 }), read.cyclone);
export const useForecasts = () => useShaped(useRead<read.Raw>("forecasts", "/assess/forecasts"), read.forecasts);
export const useForecast = (id: string | null) =>
  useShaped(useRead<read.Raw>("forecast", `/assess/forecasts/${id}`, {}, { off: !id }), read.forecast);

/** Returns what the newest forecasts of all areas in sight say together. */
export function useOutlook(): Outlook | undefined {
  const { data: lines } = useForecasts();
  const wanted = useMemo(() => read.current(lines ?? []).slice(0, MOST_FORECASTS), [lines]);
  const details = useQueries({
    queries: wanted.map(({ id }) => ({
      queryKey: ["forecast", `/assess/forecasts/${id}`, {}],
      queryFn: () => get<read.Raw>(`/assess/forecasts/${id}`),
      staleTime: Infinity,
    })),
    combine: readAll,
  });
  return useMemo(() => (lines ? read.outlook(lines, details) : undefined), [lines, details]);
}

const readAll = (results: UseQueryResult<read.Raw>[]) => results.flatMap(({ data }) => (data ? [read.forecast(data)] : []));

export const useWarnings = () => useShaped(useRead<read.Raw>("warnings", "/warn/warnings"), read.warnings);
export const useWarning = (id: string | null) =>
  useShaped(useRead<read.Raw>("warning", `/warn/warnings/${id}`, {}, { off: !id }), read.warningDetail);

export const useActivations = () => useShaped(useRead<read.Raw>("activations", "/plan/activations"), read.activations);
export const useActivation = (id: string | null) =>
  useShaped(useRead<read.Raw>("activation", `/plan/activations/${id}`, {}, { off: !id }), read.activationDetail);
export const useTasks = (query: Query = {}) => useShaped(useRead<read.Raw>("tasks", "/task/tasks", query), read.tasks);
export const useTaskCounts = () => useShaped(useRead<read.Raw>("tasks", "/task/tasks", { limit: 1 }), read.taskCounts);
export const useTask = (id: string | null) =>
  useShaped(useRead<read.Raw>("tasks", `/task/tasks/${id}`, {}, { off: !id }), read.taskDetail);
export const useReports = () => useShaped(useRead<read.Raw>("reports", "/respond/reports"), read.reports);
export const useReport = (id: string, on: boolean) =>
  useShaped(useRead<read.Raw>("reports", `/respond/reports/${id}`, {}, { off: !on }), read.reportDetail);
export const useIncidents = () => useShaped(useRead<read.Raw>("incidents", "/respond/incidents"), read.items);

export const useStock = () => useShaped(useRead<read.Raw>("stock", "/supply/stock"), read.warehouses);
export const useShelters = () => useShaped(useRead<read.Raw>("shelters", "/supply/shelters"), read.shelters);
export const useAllocations = () => useShaped(useRead<read.Raw>("allocations", "/supply/allocations"), read.allocations);
export const useFlows = (id: string, on: boolean) =>
  useShaped(useRead<read.Raw>("allocations", `/supply/allocations/${id}`, {}, { off: !on }), read.flows);
export const useSites = (kind: string) => useShaped(useRead<read.Raw>("stock", "/supply/sites", { kind }), read.features);
export const useNeeds = () => useShaped(useRead<read.Raw>("needs", "/supply/needs"), read.needs);

/** Returns the summary since the night began; without a demonstration, of the last day. */
export function useSummary() {
  const { data: me } = useMe();
  const { data: demo } = useDemo(me?.demo ?? false);
  const { data: clock } = useClockReading();
  const day = clock ? clock.now.slice(0, 10) : null;
  const since = demo?.start ?? (day && new Date(Date.parse(`${day}T00:00:00Z`) - DAY).toISOString());
  return useRead<read.Raw>("review", "/review/summary", { since }, { off: !since || (me?.demo && !demo) });
}
export const useGantt = () => useShaped(useRead<read.Raw>("review", "/review/gantt"), read.bars);

export const useJournal = (query: Query, off = false) => useRead<JournalPage>("journal", "/journal", query, { off });
export const useHead = () => useRead<read.Raw>("journal", "/journal/head");
export const useProof = (seq: number) => useRead<Proof>("proof", `/journal/${seq}/proof`);

const LATEST = Number.MAX_SAFE_INTEGER;
export const useStory = () =>
  useShaped(useRead<read.Raw>("story", "/review/timeline", { before: LATEST, limit: 150 }), read.story);
