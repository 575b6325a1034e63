/** 工作台: what I must do now, the most pressing first. What a desk may not do, it does not see. */
import { Drawer } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useActivations, useAlarms, useMe, useReports, useTasks, useWarnings } from "../../api/queries";
import { isOwed, needsAcknowledging } from "../../api/readers";
import { useLang } from "../../app/preferences";
import { ActButton } from "../../parts/ActButton";
import { Panel } from "../../parts/Panel";
import { Nothing } from "../../parts/States";
import { useMay } from "../../parts/useMay";
import { useWide } from "../../parts/useWide";
import { TaskObject } from "../objects/TaskObject";
import { MOVES } from "../warnings/steps";
import { WarningActs } from "../warnings/WarningActs";
import { WarningRow } from "../warnings/WarningRow";
import { ActivationRow } from "./ActivationRow";
import { AlarmRow } from "./AlarmRow";
import { ReportRow } from "./ReportRow";
import { TaskRow } from "./TaskRow";

function DeskHead() {
  const { t } = useTranslation();
  const lang = useLang();
  const { data: me } = useMe();
  return (
    <header className="screen-head">
      <h1>{t("nav.desks")}</h1>
      <span className="desk-names">
        {me?.roles.map((held) => (
          <span key={held.role + held.area} className="mark">
            {lang === "zh" ? `${held.role_zh} · ${held.area_zh}` : `${held.role_en} · ${held.area_en}`}
          </span>
        ))}
      </span>
      <span className="bar-gap" />
      <ActButton verb="task.open" args={{}} ask={["due", "grade", "detail"]} />
      <ActButton verb="incident.open" args={{}} />
      <ActButton verb="duty.note" args={{}} />
    </header>
  );
}

const MOST = 40;

function Todo<T>({ title, items, children }: { title: string; items: T[]; children: (item: T) => ReactNode }) {
  const { t } = useTranslation();
  if (items.length === 0) return null;
  return (
    <Panel title={title} count={items.length} flush>
      {items.slice(0, MOST).map(children)}
      {items.length > MOST && <p className="nothing">{t("desk.more", { count: items.length - MOST })}</p>}
    </Panel>
  );
}

export default function DesksScreen() {
  const { t } = useTranslation();
  const may = useMay();
  const wide = useWide();
  const [opened, setOpened] = useState<string | null>(null);
  const { data: alarms = [] } = useAlarms();
  const { data: warnings = [] } = useWarnings();
  const { data: runs = [] } = useActivations();
  const { data: tasks = [] } = useTasks({ mine: true });
  const { data: reports = [] } = useReports();

  const toAcknowledge = may("alarm.acknowledge") ? alarms.filter(needsAcknowledging) : [];
  const toMove = warnings.filter((one) => one.state !== "issued" && may(MOVES[one.state]?.[0]?.verb ?? "-"));
  const toDecide = may("plan.activate") ? runs.filter((run) => run.state === "proposed" || run.wanted) : [];
  const toSend = may("report.send") ? reports.filter(isOwed) : [];
  const quiet = toAcknowledge.length + toMove.length + toDecide.length + tasks.length + toSend.length === 0;

  return (
    <div className="page">
      <DeskHead />
      {quiet && <Nothing>{t("desk.quiet")}</Nothing>}
      <div className="desk">
        <div className="desk-column">
          <Todo title={t("desk.plans")} items={toDecide}>{(run) => <ActivationRow key={run.id} run={run} />}</Todo>
          <Todo title={t("desk.warnings")} items={toMove}>{(one) => <WarningRow key={one.id} warning={one} acts={<WarningActs warning={one} />} />}</Todo>
          <Todo title={t("desk.reports")} items={toSend}>{(one) => <ReportRow key={one.id} report={one} />}</Todo>
          <Todo title={t("desk.tasks")} items={tasks}>{(one) => <TaskRow key={one.id} task={one} onOpen={() => setOpened(one.id)} />}</Todo>
        </div>
        {toAcknowledge.length > 0 && (
          <div className="desk-column">
            <Todo title={t("desk.alarms")} items={toAcknowledge}>{(one) => <AlarmRow key={one.id} alarm={one} />}</Todo>
          </div>
        )}
      </div>
      <Drawer open={opened !== null} onClose={() => setOpened(null)} placement={wide ? "right" : "bottom"} size={wide ? 440 : "70%"} title={t("object.task")}>
        {opened && <TaskObject id={opened} outlook={undefined} onChoose={() => undefined} />}
      </Drawer>
    </div>
  );
}
