/** Turns what the screens read into what the map draws: feature collections, made purely. */
import type { Feature, FeatureCollection, Point } from "geojson";

import { isDone, type Areas } from "../api/readers";
import type { Alarm, Cyclone, Shapes, Shelter, Task } from "../api/types";
import { name } from "../parts/names";
import { gravest, rank } from "../parts/grades";
import type { Lang } from "../parts/time";
import { circle } from "./geometry";

export const EMPTY: FeatureCollection = { type: "FeatureCollection", features: [] };

const collection = (features: Feature[]): FeatureCollection => ({ type: "FeatureCollection", features });

const point = (lon: number, lat: number, properties: Record<string, unknown>): Feature<Point> => ({
  type: "Feature",
  properties,
  geometry: { type: "Point", coordinates: [lon, lat] },
});

type Place = { lon: number; lat: number };

/** Returns where each sensor stands, by its id. */
export function placesOf(sensors: Shapes): Map<string, Place> {
  const places = new Map<string, Place>();
  for (const { properties, geometry } of sensors.features) {
    if (geometry.type !== "Point" || typeof properties?.id !== "string") continue;
    const [lon, lat] = geometry.coordinates;
    if (lon !== undefined && lat !== undefined) places.set(properties.id, { lon, lat });
  }
  return places;
}

/** Returns sensors with a symbol each; the graver are drawn over the others. */
export function sensorFeatures(sensors: Shapes): FeatureCollection {
  return collection(
    sensors.features.map((feature) => ({
      ...feature,
      properties: {
        ...feature.properties,
        symbol: `sensor:${String(feature.properties?.quantity ?? "")}:${String(feature.properties?.grade ?? "none")}`,
        order: -rank(feature.properties?.grade as string | null),
      },
    })),
  );
}

/** Returns alarms at their own place, that of their sensor, or the middle of their area. */
export function alarmFeatures(alarms: Alarm[], sensors: Map<string, Place>, areas: Areas | undefined): FeatureCollection {
  return collection(
    alarms.flatMap((alarm) => {
      const own = alarm.lon === undefined ? undefined : ({ lon: alarm.lon, lat: alarm.lat ?? 0 } as Place);
      const place = own ?? sensors.get(alarm.subject) ?? middle(areas, alarm.area);
      if (!place) return [];
      return [point(place.lon, place.lat, { id: alarm.id, grade: alarm.grade, symbol: `alarm:${alarm.grade ?? "none"}`, order: -rank(alarm.grade) })];
    }),
  );
}

function middle(areas: Areas | undefined, code: string): Place | undefined {
  const area = areas?.get(code) ?? areas?.get(code.slice(0, 9)) ?? areas?.get(code.slice(0, 6));
  return area?.lon == null || area.lat == null ? undefined : { lon: area.lon, lat: area.lat };
}

/** Returns one mark per area with the number of its open tasks, and whether any is late. */
export function taskFeatures(tasks: Task[], areas: Areas | undefined): FeatureCollection {
  const open = new Map<string, Task[]>();
  for (const task of tasks) if (!isDone(task)) open.set(task.area, [...(open.get(task.area) ?? []), task]);
  return collection(
    [...open].flatMap(([area, group]) => {
      const place = middle(areas, area);
      if (!place) return [];
      const late = group.filter((task) => task.overdue).length;
      return [point(place.lon, place.lat, { id: area, area, count: group.length, late, symbol: late > 0 ? "task:late" : "task:open" })];
    }),
  );
}

export function shelterFeatures(shelters: Shelter[], lang: Lang): FeatureCollection {
  return collection(
    shelters.flatMap(({ id, name: names, state, lon, lat }) =>
      lon === null || lat === null ? [] : [point(lon, lat, { id, name: name(names, lang), symbol: `shelter:${state === "open" ? "open" : "closed"}` })],
    ),
  );
}

/** Returns sites with the symbol of a warehouse. */
export const warehouseFeatures = (sites: Shapes): FeatureCollection =>
  collection(sites.features.map((site) => ({ ...site, properties: { ...site.properties, symbol: "warehouse" } })));

/** Returns the track behind and ahead of the cyclone, its points, its wind circles and itself. */
export function cycloneFeatures(cyclone: Cyclone | null | undefined, now: number): Record<"track" | "wind" | "cyclone", FeatureCollection> {
  if (!cyclone) return { track: EMPTY, wind: EMPTY, cyclone: EMPTY };
  const { track, now: here } = cyclone;
  const line = (points: { lon: number; lat: number }[], part: string): Feature[] =>
    points.length < 2 ? [] : [{ type: "Feature", properties: { part }, geometry: { type: "LineString", coordinates: points.map((p) => [p.lon, p.lat]) } }];
  const past = track.filter((p) => Date.parse(p.at) <= now);
  const ahead = track.filter((p) => Date.parse(p.at) > now);
  const joint = here ? [here] : past.slice(-1);
  const dots = track.map((p) => point(p.lon, p.lat, { part: Date.parse(p.at) <= now ? "past" : "ahead", at: p.at, wind: p.wind_m_s }));
  const circles = here ? Object.entries(here.radii_km ?? {}).map(([key, km]) => circle([here.lon, here.lat], km, { key })) : [];
  return {
    track: collection([...line([...past, ...joint], "past"), ...line([...joint, ...ahead], "ahead"), ...dots]),
    wind: collection(circles),
    cyclone: here ? collection([point(here.lon, here.lat, { id: "cyclone", symbol: "cyclone", name: name(cyclone.name, "zh") })]) : EMPTY,
  };
}

export const worst = (alarms: Alarm[]): string | null => gravest(alarms.map((alarm) => alarm.grade));
