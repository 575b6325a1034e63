/** 报警台: every alarm of the areas in sight, what is to be done with it, and floods taken together. */
import { Drawer } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation, useNavigate, useParams } from "react-router";

import { needsAcknowledging } from "../../../api/readers";
import { useMe } from "../../../api/queries";
import { ActDialog } from "../../../parts/ActDialog";
import { ProblemNote } from "../../../parts/States";
import { useMay } from "../../../parts/useMay";
import { useWide } from "../../../parts/useWide";
import { AlarmPane } from "./AlarmPane";
import { AlarmTable } from "./AlarmTable";
import { BulkBar } from "./BulkBar";
import { FilterBar } from "./FilterBar";
import { FloodBanner } from "./FloodBanner";
import { KeyHelp } from "./KeyHelp";
import { alarmsOf, useChoice } from "./useChoice";
import { useDesk } from "./useDesk";
import { useKeys } from "./useKeys";

const PAGE = 15;

export default function AlarmsScreen() {
  const { t } = useTranslation();
  const wide = useWide();
  const may = useMay();
  const go = useNavigate();
  const { search } = useLocation();
  const { id = null } = useParams();
  const { data: me } = useMe();
  const desk = useDesk();
  const choice = useChoice(desk.rows, desk.all);
  const [acknowledging, setAcknowledging] = useState<string | null>(null);
  const open = (alarm: string | null): void => void go(`/sense/alarms${alarm ? `/${alarm}` : ""}${search}`, { replace: true });
  const suggest = useMemo(() => ({ to: [...new Set([me?.user ?? "", ...desk.all.flatMap(({ assigned_to }) => assigned_to ?? [])])].filter(Boolean) }), [me, desk.all]);

  const { row } = choice;
  const go_by = (by: number) => (): void => {
    const next = desk.rows[choice.step(by)];
    if (id && next?.kind === "alarm") open(next.alarm.id);
  };
  const fold = (wanted: boolean) => (): void => {
    if (!row) return;
    const key = row.kind === "heap" ? row.key : row.alarm.id;
    if ((row.kind === "heap" || row.alarm.members > 0) && desk.opened.has(key) !== wanted) desk.toggle(key);
  };
  const tick = (): void => {
    if (row) choice.tick(row);
  };
  useKeys(
    {
      j: go_by(1), ArrowDown: go_by(1), k: go_by(-1), ArrowUp: go_by(-1), PageDown: go_by(PAGE), PageUp: go_by(-PAGE), x: tick, " ": tick,
      ArrowRight: fold(true), ArrowLeft: fold(false),
      Enter: () => (row?.kind === "alarm" ? open(row.alarm.id) : row && desk.toggle(row.key)),
      Escape: () => (id ? open(null) : choice.clear()),
      a: () => {
        const [first] = row ? alarmsOf(row).filter(needsAcknowledging) : [];
        if (row?.kind === "alarm" && first && may("alarm.acknowledge")) setAcknowledging(first.id);
      },
    },
    acknowledging === null,
  );
  const pane = id && <AlarmPane key={id} id={id} suggest={suggest} onOpen={open} />;

  return (
    <div className={wide && id ? "alarm-desk alarm-desk-split" : "alarm-desk"}>
      <section className="desk-main">
        <FloodBanner desk={desk} />
        <div className="desk-head">
          <FilterBar desk={desk} />
          {wide && <KeyHelp />}
        </div>
        <BulkBar alarms={choice.chosen} suggest={suggest} onClear={choice.clear} />
        {desk.answer.error && <ProblemNote problem={desk.answer.error} />}
        <AlarmTable desk={desk} choice={choice} chosen={id} onOpen={open} />
      </section>
      {wide && id && (
        <aside className="desk-pane">
          <button type="button" className="desk-close" aria-label={t("form.close")} onClick={() => open(null)}>
            ✕
          </button>
          {pane}
        </aside>
      )}
      {!wide && (
        <Drawer open={id !== null} onClose={() => open(null)} placement="bottom" size="85%" title={t("object.alarm")}>
          {pane}
        </Drawer>
      )}
      {acknowledging && <ActDialog verb="alarm.acknowledge" args={{ alarm: acknowledging }} ask={["note"]} close={() => setAcknowledging(null)} />}
    </div>
  );
}
