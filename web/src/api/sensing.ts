/** One hook per thing that the screens of instruments read. */
import { get, type Answer, type Params } from "./http";
import { useRead, useShaped } from "./queries";
import * as read from "./readers";
import type { Resolution } from "./types";

/** Returns an address with what is asked behind it; what is nothing is left out. For those who cannot use the typed client. */
export function address(path: string, query: Record<string, string | number | boolean | null | undefined> = {}): string {
  const asked = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) if (value !== null && value !== undefined && value !== "") asked.set(key, String(value));
  const behind = asked.toString();
  return behind ? `${path}?${behind}` : path;
}

const SENSOR = "/api/v1/sense/sensors/{sensor_id}";
const SERIES = "/api/v1/sense/series";
const ALARMS = "/api/v1/sense/alarms";

export const useSensor = (sensor_id: string) => useShaped(useRead("sensors", SENSOR, { path: { sensor_id } }, { every: 15_000 }), read.sensorPage);

/** Returns the question for a sensor, for those who ask after several at once. */
export function sensorAsked(sensor_id: string): Asked<typeof SENSOR> {
  const params = { path: { sensor_id } };
  return { queryKey: ["sensors", SENSOR, params], queryFn: () => get(SENSOR, params) };
}

export interface Span {
  since: string;
  until: string;
}

type Asked<P extends typeof SERIES | typeof ALARMS | typeof SENSOR> = { queryKey: unknown[]; queryFn: () => Promise<Answer<P>> };

/** Returns the question for a sensor's series, for those who ask several at once. */
export function seriesAsked(sensor: string, span: Span, resolution: Resolution): Asked<typeof SERIES> {
  const params = { query: { sensor, ...span, resolution } };
  return { queryKey: ["series", SERIES, params], queryFn: () => get(SERIES, params) };
}

export const useSensorSeries = (sensor: string, span: Span, resolution: Resolution, off = false) =>
  useShaped(useRead("series", SERIES, { query: { sensor, ...span, resolution } }, { off, keep: true }), read.sensorSeries);

/** Returns the question for the members of an alarm that gathers others. */
export function membersAsked(cause: string): Asked<typeof ALARMS> {
  const params = { query: { cause } };
  return { queryKey: ["alarms", ALARMS, params], queryFn: () => get(ALARMS, params) };
}

export const useRules = () => useShaped(useRead("rules", "/api/v1/sense/rules"), read.ruleBook);

export const useAlarmSystem = (query: NonNullable<Params<"/api/v1/sense/alarm-system">["query"]>) =>
  useShaped(useRead("alarm-system", "/api/v1/sense/alarm-system", { query }, { every: 30_000, keep: true }), read.alarmSystem);

/** Returns the sensors of one quantity; of all where it is empty. */
export const useSensorsOf = (quantity: string, off = false) =>
  useShaped(useRead("sensors", "/api/v1/sense/sensors", { query: quantity ? { quantity } : {} }, { off }), read.features);

/** Returns the catalog's rules in the catalog's own form, by id. */
export const useRuleBodies = () =>
  useShaped(useRead("catalog", "/api/v1/catalog/{subject}", { path: { subject: "sensor_rules" } }), read.bodies);

export const useIngest = () => useShaped(useRead("sources", "/api/v1/sense/sources", {}, { every: 5_000 }), read.ingest);

export const useLetters = (source: string | null) =>
  useShaped(useRead("dead-letters", "/api/v1/sense/dead-letters", { query: { limit: 500, ...(source ? { source } : {}) } }, { every: 15_000 }), read.letters);

export const useLetter = (letter_id: string, off: boolean) =>
  useShaped(useRead("dead-letters", "/api/v1/sense/dead-letters/{letter_id}", { path: { letter_id } }, { off }), read.letter);

export const useMappings = () =>
  useShaped(useRead("catalog", "/api/v1/catalog/{subject}", { path: { subject: "payload_mappings" } }), read.mappings);

/** Returns alarms that opened since a moment, whether they are still open or not. */
export const useAlarmsSince = (query: NonNullable<Params<typeof ALARMS>["query"]>) =>
  useShaped(useRead("alarms", ALARMS, { query }, { every: 60_000, keep: true }), read.alarms);

export const useVitalSigns = (area: string | null, below: boolean) =>
  useShaped(useRead("vital-signs", "/api/v1/sense/vital-signs", { query: { below, ...(area ? { area } : {}) } }, { every: 20_000, keep: true }), read.vitalSigns);

export const useDataCatalogue = () => useShaped(useRead("data-catalogue", "/api/v1/sense/data-catalogue"), read.resources);

export const useCoverage = (area: string | null, hazard: string | null) =>
  useShaped(useRead("coverage", "/api/v1/sense/coverage", { query: { ...(area ? { area } : {}), ...(hazard ? { hazard } : {}) } }, { keep: true }), read.coverage);
