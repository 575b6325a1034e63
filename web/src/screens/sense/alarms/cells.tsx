/** The cells of the desk's table, and the whole of a row where there is only room for one. */
import { DownOutlined, LinkOutlined, MessageOutlined, RightOutlined, ToolOutlined } from "@ant-design/icons";
import { Checkbox } from "antd";
import { useTranslation } from "react-i18next";

import type { Alarm } from "../../../api/types";
import { useLang } from "../../../app/preferences";
import { GradeTag } from "../../../parts/GradeTag";
import { name, number } from "../../../parts/names";
import { StateTag } from "../../../parts/StateTag";
import { dayTime } from "../../../parts/time";
import { useWords } from "../../../parts/useWords";
import type { DeskRow, Heap, HeapRow } from "./rows";
import type { Tick } from "./useChoice";

export function TickCell({ tick, onTick, label }: { tick: Tick; onTick: () => void; label: string }) {
  return <Checkbox checked={tick === "all"} indeterminate={tick === "some"} onChange={onTick} onClick={(event) => event.stopPropagation()} aria-label={label} tabIndex={-1} />;
}

/** Words that may be longer than their column; the pointer shows them whole. */
export const Clipped = ({ children }: { children: string }) => <span className="clipped" title={children}>{children}</span>;

export function ValueCell({ alarm }: { alarm: Alarm }) {
  const lang = useLang();
  const words = useWords();
  const sign = alarm.unit === "1" ? "" : words.unit(alarm.unit);
  return (
    <span className="num">
      <b>{number(alarm.value, lang, 2)}</b> {sign}
      {alarm.threshold !== null && <small> / {number(alarm.threshold, lang, 2)}</small>}
    </span>
  );
}

export function Fold({ open, onClick, label }: { open: boolean; onClick: () => void; label: string }) {
  return (
    <button
      type="button"
      className="fold"
      aria-expanded={open}
      aria-label={label}
      tabIndex={-1}
      onClick={(event) => {
        event.stopPropagation();
        onClick();
      }}
    >
      {open ? <DownOutlined /> : <RightOutlined />}
    </button>
  );
}

function Signs({ alarm }: { alarm: Alarm }) {
  const { t } = useTranslation();
  return (
    <span className="alarm-signs">
      {alarm.about === "instrument" && <ToolOutlined title={t("alarm.about.instrument")} aria-label={t("alarm.about.instrument")} />}
      {alarm.cause && <LinkOutlined title={t("alarm.because_of", { id: alarm.cause })} aria-label={t("alarm.because_of", { id: alarm.cause })} />}
      {alarm.comments > 0 && <span className="num" title={t("alarm.comments", { count: alarm.comments })}><MessageOutlined /> {alarm.comments}</span>}
      {alarm.incidents.length > 0 && <span className="mark">{alarm.incidents.join(" ")}</span>}
    </span>
  );
}

export function SubjectCell({ alarm, depth, open, onFold }: { alarm: Alarm; depth: number; open: boolean; onFold: () => void }) {
  const { t } = useTranslation();
  const lang = useLang();
  return (
    <span className="alarm-subject" style={{ paddingInlineStart: depth * 18 }}>
      {alarm.members > 0 && <Fold open={open} onClick={onFold} label={t("alarm.show_members")} />}
      <span className="alarm-name" title={name(alarm.name, lang, alarm.subject)}>{name(alarm.name, lang, alarm.subject)}</span>
      {alarm.members > 0 && <span className="count" title={t("alarm.members", { count: alarm.members })}>{alarm.members}</span>}
      <Signs alarm={alarm} />
    </span>
  );
}

/** Returns what the alarms of a heap share, in words. */
export function useHeapName(heap: Heap): (code: string) => string {
  const words = useWords();
  if (heap === "rule") return words.rule;
  return heap === "area" ? words.area : words.assetType;
}

export function HeapCell({ row, heap, open, onFold }: { row: HeapRow; heap: Heap; open: boolean; onFold: () => void }) {
  const { t } = useTranslation();
  const called = useHeapName(heap);
  return (
    <span className="alarm-subject">
      <Fold open={open} onClick={onFold} label={t("alarm.show_members")} />
      <b className="alarm-name">{called(row.code) || t("alarm.other_heap")}</b>
      <span className="count">{row.alarms.length}</span>
      {row.waiting > 0 && <span className="state state-live">{t("figure.unseen", { count: row.waiting })}</span>}
    </span>
  );
}

/** A row for narrow screens: all that matters in two lines. */
export function CardCell({ row, heap, open, onFold }: { row: DeskRow; heap: Heap; open: boolean; onFold: () => void }) {
  const lang = useLang();
  const words = useWords();
  if (row.kind === "heap") {
    return (
      <span className="alarm-card">
        <GradeTag grade={row.grade} short />
        <HeapCell row={row} heap={heap} open={open} onFold={onFold} />
      </span>
    );
  }
  const { alarm, depth } = row;
  return (
    <span className="alarm-card">
      <GradeTag grade={alarm.grade} short />
      <span className="alarm-card-main">
        <SubjectCell alarm={alarm} depth={depth} open={open} onFold={onFold} />
        <small>
          <StateTag noun="alarm" state={alarm.state} /> {words.rule(alarm.rule)} · {dayTime(alarm.opened_at, lang)}
        </small>
      </span>
      <ValueCell alarm={alarm} />
    </span>
  );
}

