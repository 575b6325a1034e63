/** The alarms of the desk: asked for whole now and then, and in between brought up to date by the journal as it grows. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";

import { get, type Problem } from "../../../api/http";
import { alarms as readAlarms } from "../../../api/readers";
import type { Alarm, Entry } from "../../../api/types";
import { batch } from "../../../live/batch";
import { useLive } from "../../../live/LiveProvider";
import { noun } from "../../../parts/entries";
import { followed } from "./follow";

const MOST = 5000;
const EVERY_MS = 30_000;
const AGAIN_MS = 4_000;
const SOON_MS = 60;
const BURST_MS = 200;

export interface AlarmQuery {
  open: boolean;
  area: string | null;
  since: string | null;
}

export function useAlarmList({ open, area, since }: AlarmQuery) {
  const client = useQueryClient();
  const { hear } = useLive();
  const query = useMemo(() => ({ limit: MOST, ...(open ? { open } : since ? { since } : {}), ...(area ? { area } : {}) }), [open, area, since]);
  const key = useMemo(() => ["alarm-desk", query], [query]);
  const answer = useQuery<Alarm[], Problem>({
    queryKey: key,
    queryFn: async () => readAlarms(await get("/api/v1/sense/alarms", { query })),
    refetchInterval: EVERY_MS,
    structuralSharing: false,
  });

  useEffect(() => {
    const quick = batch<Entry>((entries) => client.setQueryData<Alarm[]>(key, (known) => known && followed(known, entries, open, area)), BURST_MS, SOON_MS);
    // What members and comments there are, and what came while nobody listened, only the whole list can say.
    const whole = batch<Entry>(() => void client.invalidateQueries({ queryKey: key }), AGAIN_MS, AGAIN_MS);
    const deaf = hear((entry) => {
      if (noun(entry.verb) !== "alarm") return;
      quick.add(entry);
      whole.add(entry);
    });
    return () => {
      deaf();
      quick.stop();
      whole.stop();
    };
  }, [client, hear, key, open, area]);

  return answer;
}
