/** The desk's table: only the rows in sight are drawn, so that thousands are no burden. */
import { Table, type TableColumnType } from "antd";
import { useEffect, useRef, type ComponentRef } from "react";
import { useTranslation } from "react-i18next";

import { needsAcknowledging } from "../../../api/readers";
import { useLang } from "../../../app/preferences";
import { ActButton } from "../../../parts/ActButton";
import { By } from "../../../parts/By";
import { GradeTag } from "../../../parts/GradeTag";
import { name } from "../../../parts/names";
import { Nothing } from "../../../parts/States";
import { StateTag } from "../../../parts/StateTag";
import { dayTime } from "../../../parts/time";
import { useSize } from "../../../parts/useSize";
import { useWords } from "../../../parts/useWords";
import { CardCell, Clipped, HeapCell, SubjectCell, TickCell, ValueCell } from "./cells";
import type { AlarmRow, DeskRow } from "./rows";
import type { Choice } from "./useChoice";
import { tickOf } from "./useChoice";
import type { Desk } from "./useDesk";

interface Props {
  desk: Desk;
  choice: Choice;
  chosen: string | null;
  onOpen: (id: string) => void;
}

type Column = TableColumnType<DeskRow>;

const ROOMY = 1060;
const NARROW = 640;
const HEAD = 34;
const LESSER: ReadonlySet<unknown> = new Set(["area", "assigned", "acts"]); // left out where there is little room

/** Returns a cell only for alarms; of a heap it stays empty. */
const ofAlarm = (cell: (row: AlarmRow) => React.ReactNode) => (_: unknown, row: DeskRow): React.ReactNode => (row.kind === "alarm" ? cell(row) : null);

function useColumns({ desk, choice }: Pick<Props, "desk" | "choice">, width: number): Column[] {
  const { t } = useTranslation();
  const lang = useLang();
  const words = useWords();
  const { filter, opened, toggle } = desk;
  const open = (row: DeskRow): boolean => opened.has(row.kind === "heap" ? row.key : row.alarm.id);
  const fold = (row: DeskRow) => (): void => toggle(row.kind === "heap" ? row.key : row.alarm.id);
  const tick: Column = {
    key: "tick", width: 38, className: "cell-tick", title: <TickCell tick={choice.chosen.length === 0 ? "none" : "some"} onTick={choice.tickAll} label={t("alarm.tick_all")} />,
    render: (_, row) => <TickCell tick={tickOf(row, choice.ticked)} onTick={() => choice.tick(row)} label={t("alarm.tick")} />,
  };
  if (width < NARROW) return [tick, { key: "card", title: t("object.alarm"), render: (_, row) => <CardCell row={row} heap={filter.heap} open={open(row)} onFold={fold(row)} /> }];
  const columns: Column[] = [
    tick,
    { key: "grade", width: 58, title: t("alarm.grade"), render: (_, row) => <GradeTag grade={row.kind === "heap" ? row.grade : row.alarm.grade} short /> },
    {
      key: "subject", title: t("alarm.subject"),
      render: (_, row) => row.kind === "heap" ? <HeapCell row={row} heap={filter.heap} open={open(row)} onFold={fold(row)} /> : <SubjectCell alarm={row.alarm} depth={row.depth} open={open(row)} onFold={fold(row)} />,
    },
    { key: "rule", width: 136, title: t("alarm.rule"), render: ofAlarm(({ alarm }) => <Clipped>{words.rule(alarm.rule)}</Clipped>) },
    { key: "value", width: 140, align: "right", className: "cell-end", title: t("alarm.value"), render: ofAlarm(({ alarm }) => <ValueCell alarm={alarm} />) },
    { key: "state", width: 146, title: t("alarm.state"), render: ofAlarm(({ alarm }) => <StateTag noun="alarm" state={alarm.state} />) },
    { key: "since", width: 104, title: t("alarm.opened"), className: "num", render: (_, row) => dayTime(row.kind === "heap" ? row.newest : row.alarm.opened_at, lang) },
    { key: "area", width: 136, title: t("fact.area"), render: ofAlarm(({ alarm }) => <Clipped>{words.area(alarm.area)}</Clipped>) },
    { key: "assigned", width: 118, title: t("alarm.assigned"), render: ofAlarm(({ alarm }) => alarm.assigned_to && <By actor={alarm.assigned_to} />) },
    {
      key: "acts", width: 84, title: "",
      render: ofAlarm(({ alarm }) => needsAcknowledging(alarm) && <ActButton kind="primary" label={t("alarm.acknowledge_short")} verb="alarm.acknowledge" args={{ alarm: alarm.id }} ask={["note"]} about={name(alarm.name, lang)} />),
    },
  ];
  return columns.filter(({ key }) => width >= ROOMY || !LESSER.has(key));
}

export function AlarmTable({ desk, choice, chosen, onOpen }: Props) {
  const { t } = useTranslation();
  const box = useRef<HTMLDivElement>(null);
  const table = useRef<ComponentRef<typeof Table>>(null);
  const size = useSize(box);
  const width = size?.width ?? 0;
  const columns = useColumns({ desk, choice }, width);
  const { rows } = desk;
  const { cursor } = choice;
  const at = cursor === null ? -1 : rows.findIndex(({ key }) => key === cursor);
  useEffect(() => {
    if (at >= 0) table.current?.scrollTo({ index: at, align: "auto" } as never);
  }, [at]);
  const classOf = (row: DeskRow): string =>
    [row.kind === "heap" ? "desk-heap" : "", row.key === cursor ? "desk-cursor" : "", row.kind === "alarm" && row.alarm.id === chosen ? "desk-chosen" : ""].join(" ");
  return (
    <div ref={box} className="desk-table" data-rows={rows.length}>
      {size && (
        <Table<DeskRow>
          ref={table as never}
          virtual
          size="small"
          rowKey="key"
          pagination={false}
          dataSource={rows}
          columns={columns}
          showHeader={width >= NARROW}
          scroll={{ x: width, y: Math.max(120, size.height - (width >= NARROW ? HEAD : 0)) }}
          rowClassName={classOf}
          locale={{ emptyText: <Nothing>{t("alarm.none")}</Nothing> }}
          onRow={(row) => ({
            "data-key": row.key,
            ...(row.kind === "alarm" ? { "data-alarm": row.alarm.id } : {}),
            onClick: () => {
              choice.setCursor(row.key);
              if (row.kind === "alarm") onOpen(row.alarm.id);
              else desk.toggle(row.key);
            },
          } as React.HTMLAttributes<HTMLElement>)}
        />
      )}
    </div>
  );
}
