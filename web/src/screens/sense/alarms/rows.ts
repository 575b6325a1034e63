/** The rows of the desk's table: alarms in order, in heaps where asked for, with the members of those that are opened. Pure. */
import type { Alarm } from "../../../api/types";
import { gravest, rank, type Grade } from "../../../parts/grades";

export const SORTS = ["gravest", "newest", "oldest"] as const;
export type Sort = (typeof SORTS)[number];

export const HEAPS = ["none", "rule", "area", "asset_type"] as const;
export type Heap = (typeof HEAPS)[number];

export interface AlarmRow {
  kind: "alarm";
  key: string;
  alarm: Alarm;
  depth: number;
}

export interface HeapRow {
  kind: "heap";
  key: string;
  /** The code of what its alarms share. */
  code: string;
  alarms: Alarm[];
  grade: Grade | null;
  waiting: number;
  newest: string;
}

export type DeskRow = AlarmRow | HeapRow;

const byTime = (a: Alarm, b: Alarm): number => b.opened_at.localeCompare(a.opened_at) || a.id.localeCompare(b.id);

const ORDERS: Record<Sort, (a: Alarm, b: Alarm) => number> = {
  gravest: (a, b) => rank(a.grade) - rank(b.grade) || byTime(a, b),
  newest: byTime,
  oldest: (a, b) => byTime(b, a),
};

const SHARED: Record<Exclude<Heap, "none">, (alarm: Alarm) => string> = {
  rule: (alarm) => alarm.rule,
  area: (alarm) => alarm.area.slice(0, 9),
  asset_type: (alarm) => alarm.asset_type ?? "",
};

/** Returns alarms that are no member of another shown one; those are found under it. */
export function heads(alarms: Alarm[]): Alarm[] {
  const shown = new Set(alarms.map(({ id }) => id));
  return alarms.filter(({ cause }) => cause === null || !shown.has(cause));
}

interface Wish {
  sort: Sort;
  heap: Heap;
  opened: ReadonlySet<string>;
  /** Members of opened alarms, where they have been read. */
  members: ReadonlyMap<string, Alarm[]>;
}

function rowsOf(alarms: Alarm[], { sort, opened, members }: Wish, depth: number): AlarmRow[] {
  return [...alarms].sort(ORDERS[sort]).flatMap((alarm): AlarmRow[] => {
    const row: AlarmRow = { kind: "alarm", key: alarm.id, alarm, depth };
    if (!opened.has(alarm.id)) return [row];
    const inside = [...(members.get(alarm.id) ?? [])].sort(ORDERS[sort]);
    return [row, ...inside.map((member): AlarmRow => ({ kind: "alarm", key: `${alarm.id}/${member.id}`, alarm: member, depth: depth + 1 }))];
  });
}

/** In which order heaps stand: that of their alarms, and of two that are alike the one with more. */
const HEAP_ORDERS: Record<Sort, (a: HeapRow, b: HeapRow) => number> = {
  gravest: (a, b) => rank(a.grade) - rank(b.grade),
  newest: (a, b) => b.newest.localeCompare(a.newest),
  oldest: (a, b) => a.newest.localeCompare(b.newest),
};

/** Returns the rows; a heap is opened by its key like an alarm by its id. */
export function deskRows(alarms: Alarm[], wish: Wish, waiting: (alarm: Alarm) => boolean): DeskRow[] {
  if (wish.heap === "none") return rowsOf(alarms, wish, 0);
  const code = SHARED[wish.heap];
  const heaps = new Map<string, Alarm[]>();
  for (const alarm of alarms) heaps.set(code(alarm), [...(heaps.get(code(alarm)) ?? []), alarm]);
  return [...heaps]
    .map(([shared, inside]): HeapRow => ({
      kind: "heap",
      key: `heap:${shared}`,
      code: shared,
      alarms: inside,
      grade: gravest(inside.map(({ grade }) => grade)),
      waiting: inside.filter(waiting).length,
      newest: inside.reduce((latest, { opened_at }) => (opened_at > latest ? opened_at : latest), ""),
    }))
    .sort((a, b) => HEAP_ORDERS[wish.sort](a, b) || b.alarms.length - a.alarms.length || a.code.localeCompare(b.code))
    .flatMap((row): DeskRow[] => (wish.opened.has(row.key) ? [row, ...rowsOf(row.alarms, wish, 1)] : [row]));
}
