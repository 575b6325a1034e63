/** Reads everything that the map shows, and builds its sources; what is switched off is not read. */
import { useMemo } from "react";

import {
  useAlarms, useAreas, useCyclone, useOutlook, useSensors, useShelters, useSites, useTasks,
} from "../../api/queries";
import type { Forecast } from "../../api/types";
import { useLang } from "../../app/preferences";
import { useNow } from "../../live/ClockProvider";
import {
  alarmFeatures, cycloneFeatures, placesOf, sensorFeatures, shelterFeatures, taskFeatures, warehouseFeatures,
} from "../../map/build";
import type { Shown } from "../../map/groups";
import { useGround } from "../../map/useGround";
import type { MapSources, Picture } from "../../map/useMapData";

/** Returns the tiles of the forecasts' depths, one set an area. */
export function picturesOf(forecasts: Forecast[], origin: string): Picture[] {
  return forecasts.flatMap(({ id, area, bounds }) => (bounds ? [{ key: area, url: `${origin}/api/v1/assess/forecasts/${id}/tiles/depth/{z}/{x}/{y}.png`, bounds }] : []));
}

const MINUTE = 60_000;

export function useMapSources(shown: Shown) {
  const lang = useLang();
  const ground = useGround(shown);
  const minute = Math.floor(useNow() / MINUTE) * MINUTE;
  const { data: areas } = useAreas();
  const { data: sensors } = useSensors();
  const { data: alarms } = useAlarms();
  const { data: cyclone } = useCyclone();
  const { data: tasks } = useTasks({ open: true, limit: 1000 });
  const { data: shelters } = useShelters();
  const { data: sites } = useSites("warehouse");
  const outlook = useOutlook();

  const field = useMemo<MapSources>(
    () => ({
      ...(sensors ? { sensors: sensorFeatures(sensors) } : {}),
      ...(alarms ? { alarms: alarmFeatures(alarms, sensors ? placesOf(sensors) : new Map(), areas) } : {}),
      ...(tasks ? { tasks: taskFeatures(tasks, areas) } : {}),
      ...(shelters ? { shelters: shelterFeatures(shelters, lang) } : {}),
      ...(sites ? { warehouses: warehouseFeatures(sites) } : {}),
    }),
    [sensors, alarms, areas, tasks, shelters, sites, lang],
  );
  const storm = useMemo(() => cycloneFeatures(cyclone, minute), [cyclone, minute]);
  const sources = useMemo(() => ({ ...ground, ...field, ...storm }), [ground, field, storm]);
  const pictures = useMemo(() => picturesOf(outlook?.forecasts ?? [], window.location.origin), [outlook]);
  return { sources, outlook, pictures };
}
