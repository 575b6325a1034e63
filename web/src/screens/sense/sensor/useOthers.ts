/** The series of the neighbours that were chosen for comparison. */
import { useQueries, type UseQueryResult } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";

import { seriesAsked } from "../../../api/sensing";
import { sensorSeries, type Raw } from "../../../api/readers";
import type { Neighbour, Resolution } from "../../../api/types";
import { useLang } from "../../../app/preferences";
import { name } from "../../../parts/names";
import { goodLine } from "./lines";
import type { Other } from "./SeriesPanel";
import { iso, type Window } from "./span";

export function useOthers(neighbours: Neighbour[], chosen: ReadonlySet<string>, window: Window, resolution: Resolution): Other[] {
  const lang = useLang();
  const wanted = useMemo(() => neighbours.filter(({ id }) => chosen.has(id)), [neighbours, chosen]);
  const span = { since: iso(window.from), until: iso(window.to) };
  const combine = useCallback(
    (answers: UseQueryResult<Raw>[]) =>
      answers.flatMap(({ data }, i): Other[] => {
        if (!data) return [];
        const { readings, buckets } = sensorSeries(data);
        const points = resolution === "raw" ? goodLine(readings, null) : buckets.map(({ at, mean }): [number, number] => [at, mean]);
        return [{ name: name(wanted[i]?.name, lang, wanted[i]?.id), points }];
      }),
    [wanted, resolution, lang],
  );
  return useQueries({ queries: wanted.map(({ id }) => seriesAsked(id, span, resolution)), combine });
}
