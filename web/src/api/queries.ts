/** One hook per thing that screens read. Keys are the nouns of `names.ts`. */
import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { useMemo } from "react";

import type { ClockReading } from "../live/clock";
import { get, Problem } from "./http";
import * as read from "./readers";
import type { Me } from "./types";

type Query = Record<string, unknown>;

function useRead<T>(noun: string, path: string, query: Query = {}, more: { every?: number; off?: boolean } = {}) {
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

export const useCatalog = () =>
  useShaped(
    useQuery<read.Raw, Problem>({ queryKey: ["catalog"], queryFn: () => get("/catalog"), staleTime: Infinity }),
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

export const useWarnings = () => useShaped(useRead<read.Raw>("warnings", "/warn/warnings"), read.warnings);
export const useWarning = (id: string | null) =>
  useShaped(useRead<read.Raw>("warning", `/warn/warnings/${id}`, {}, { off: !id }), read.warning);

export const useActivations = () => useShaped(useRead<read.Raw>("activations", "/plan/activations"), read.activations);
export const useActivation = (id: string | null) =>
  useShaped(useRead<read.Raw>("activation", `/plan/activations/${id}`, {}, { off: !id }), read.activation);
export const useTasks = (query: Query = {}) => useShaped(useRead<read.Raw>("tasks", "/task/tasks", query), read.tasks);
export const useReports = () => useShaped(useRead<read.Raw>("reports", "/respond/reports"), read.reports);
export const useIncidents = () => useShaped(useRead<read.Raw>("incidents", "/respond/incidents"), read.items);

export const useStock = () => useShaped(useRead<read.Raw>("stock", "/supply/stock"), read.warehouses);
export const useShelters = () => useShaped(useRead<read.Raw>("shelters", "/supply/shelters"), read.shelters);
export const useNeeds = () => useShaped(useRead<read.Raw>("needs", "/supply/needs"), read.needs);

export const useSummary = () => useRead<read.Raw>("review", "/review/summary");
export const useTimeline = () => useShaped(useRead<read.Raw>("review", "/review/timeline"), read.timeline);

export const useJournal = (query: Query) => useRead<{ items: import("./types").Entry[]; next: number | null }>("journal", "/journal", query);
export const useHead = () => useRead<read.Raw>("journal", "/journal/head");
export const useProof = (seq: number | null) =>
  useRead<read.Raw>("proof", `/journal/${seq}/proof`, {}, { off: seq === null });
