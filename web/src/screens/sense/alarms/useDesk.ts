/** What the desk shows and in which order, kept in its address; what is opened and chosen, kept while it is looked at. */
import { useQueries, type UseQueryResult } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import { useSearchParams } from "react-router";

import { alarms as readAlarms, needsAcknowledging, type Raw } from "../../../api/readers";
import { useMe } from "../../../api/queries";
import { membersAsked } from "../../../api/sensing";
import type { Alarm } from "../../../api/types";
import { useWorldClock } from "../../../live/ClockProvider";
import { passes, STANDINGS, stands, type DeskFilter, type Standing } from "./filter";
import { deskRows, heads, HEAPS, SORTS, type Heap, type Sort } from "./rows";
import { useAlarmList } from "./useAlarmList";

const NOTHING: Alarm[] = [];
const DAY_MS = 86_400_000;
const PAST_DAYS = 7;

function one<T extends string>(told: string | null, known: readonly T[], fallback: T): T {
  return known.find((name) => name === told) ?? fallback;
}

export function useDeskFilter() {
  const [search, setSearch] = useSearchParams();
  const told = search.toString();
  const filter = useMemo(() => {
    const asked = new URLSearchParams(told);
    return {
      standing: one<Standing>(asked.get("standing"), STANDINGS, "open"),
      grades: new Set((asked.get("grades") ?? "").split(",").filter(Boolean)),
      quantity: asked.get("quantity"),
      about: asked.get("about"),
      rule: asked.get("rule"),
      assigned: asked.get("assigned"),
      text: asked.get("text") ?? "",
      area: asked.get("area"),
      sort: one<Sort>(asked.get("sort"), SORTS, "gravest"),
      heap: one<Heap>(asked.get("heap"), HEAPS, "none"),
    } satisfies DeskFilter & { area: string | null; sort: Sort; heap: Heap };
  }, [told]);
  const write = (key: string, value: string | null): void =>
    setSearch(
      (before) => {
        const after = new URLSearchParams(before);
        if (value) after.set(key, value);
        else after.delete(key);
        return after;
      },
      { replace: true },
    );
  return { filter, write };
}

function useMembers(opened: ReadonlySet<string>): ReadonlyMap<string, Alarm[]> {
  const ids = useMemo(() => [...opened].filter((key) => key.startsWith("alarm-")), [opened]);
  const combine = useCallback(
    (answers: UseQueryResult<Raw>[]): ReadonlyMap<string, Alarm[]> => new Map(answers.flatMap(({ data }, i): [string, Alarm[]][] => (data ? [[ids[i] ?? "", readAlarms(data)]] : []))),
    [ids],
  );
  return useQueries({ queries: ids.map(membersAsked), combine });
}

/** Returns the desk's alarms: how many stand how, and the rows to show. */
export function useDesk() {
  const { filter, write } = useDeskFilter();
  const { data: me } = useMe();
  const { reading } = useWorldClock();
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const past = filter.standing === "past";
  const since = reading ? new Date(Math.floor(Date.parse(reading.now) / DAY_MS) * DAY_MS - PAST_DAYS * DAY_MS).toISOString() : null;
  const answer = useAlarmList({ open: !past, area: filter.area, since });
  const members = useMembers(opened);
  const all = answer.data ?? NOTHING;

  const kept = useMemo(() => all.filter((alarm) => passes(alarm, filter, me?.user ?? "")), [all, filter, me]);
  const counts = useMemo(() => Object.fromEntries(STANDINGS.map((standing) => [standing, kept.filter((alarm) => stands(alarm, standing)).length])), [kept]);
  const shown = useMemo(() => heads(kept.filter((alarm) => stands(alarm, filter.standing))), [kept, filter.standing]);
  const rows = useMemo(
    () => deskRows(shown, { sort: filter.sort, heap: filter.heap, opened, members }, needsAcknowledging),
    [shown, filter.sort, filter.heap, opened, members],
  );
  const toggle = (key: string): void =>
    setOpened((before) => {
      const after = new Set(before);
      if (!after.delete(key)) after.add(key);
      return after;
    });
  return { answer, all, shown, rows, counts, filter, write, opened, toggle };
}

export type Desk = ReturnType<typeof useDesk>;
