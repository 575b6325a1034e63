/** Where the alarms come from: floods, what calls most, what chatters, what stands too long, and how the grades share. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import type { AlarmSystem, Counted } from "../../../api/types";
import { useLang } from "../../../app/preferences";
import { GradeTag } from "../../../parts/GradeTag";
import { number } from "../../../parts/names";
import { Panel } from "../../../parts/Panel";
import { Nothing } from "../../../parts/States";
import { dayTime } from "../../../parts/time";
import { useWords } from "../../../parts/useWords";
import { span } from "../words";

type Named = (subject: string) => string;

function Subject({ subject, kind, called }: { subject: string; kind: string; called: Named }) {
  return kind === "sensor" ? <Link to={`/sense/sensors/${encodeURIComponent(subject)}`}>{called(subject)}</Link> : called(subject);
}

function Box({ title, empty, children }: { title: string; empty: boolean; children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <Panel title={title} flush>
      {empty ? <Nothing>{t("system.nothing")}</Nothing> : <ul className="rows">{children}</ul>}
    </Panel>
  );
}

export function CountedBox({ title, rows, called }: { title: string; rows: Counted[]; called: Named }) {
  const lang = useLang();
  const words = useWords();
  const most = Math.max(...rows.map(({ count }) => count), 1);
  return (
    <Box title={title} empty={rows.length === 0}>
      {rows.map((one) => (
        <li key={`${one.subject}${one.rule}`} className="row">
          <span className="row-main">
            <Subject subject={one.subject} kind={one.subject_kind} called={called} /> <small>{words.rule(one.rule)}</small>
            <span className="progress">
              <i style={{ width: `${(100 * one.count) / most}%` }} />
            </span>
          </span>
          <span className="row-side num">
            {one.count} · {number(one.share, lang, 1)}%
          </span>
        </li>
      ))}
    </Box>
  );
}

export function FloodsBox({ system }: { system: AlarmSystem }) {
  const { t } = useTranslation();
  const lang = useLang();
  return (
    <Box title={t("system.floods")} empty={system.floods.length === 0}>
      {[...system.floods].reverse().map((flood) => (
        <li key={flood.from} className="row">
          <span className="row-main num">
            {dayTime(flood.from, lang)} – {dayTime(flood.to, lang)} <small>{span(Math.round((Date.parse(flood.to) - Date.parse(flood.from)) / 1000), t)}</small>
          </span>
          <span className="row-side num">{t("system.flood_count", { count: flood.count, peak: flood.peak })}</span>
        </li>
      ))}
    </Box>
  );
}

export function StandingBox({ system, called }: { system: AlarmSystem; called: Named }) {
  const { t } = useTranslation();
  const lang = useLang();
  const words = useWords();
  return (
    <Box title={t("system.standing_alarms")} empty={system.standing.length === 0}>
      {system.standing.map((one) => (
        <li key={one.alarm}>
          <Link className="row" to={`/sense/alarms/${one.alarm}`}>
            <GradeTag grade={one.grade} short />
            <span className="row-main">
              {called(one.subject)} <small>{words.rule(one.rule)}</small>
            </span>
            <span className="row-side num">{dayTime(one.since, lang)}</span>
          </Link>
        </li>
      ))}
    </Box>
  );
}

/** The share of each grade beside its target: most alarms should be mild. */
export function PrioritiesBox({ system }: { system: AlarmSystem }) {
  const { t } = useTranslation();
  const lang = useLang();
  return (
    <Box title={t("system.priorities")} empty={system.priorities.length === 0}>
      {system.priorities.map((one) => (
        <li key={one.grade} className="row priority" title={one.source ?? ""}>
          <GradeTag grade={one.grade} />
          <span className="priority-bar">
            <i className={`area-${one.grade ?? "none"}`} style={{ width: `${Math.min(100, one.share)}%` }} />
            <b style={{ left: `${Math.min(100, one.target)}%` }} aria-hidden />
          </span>
          <span className="row-side num">
            {number(one.share, lang, 1)}% · {t("system.target", { value: `${number(one.target, lang, 1)}%` })}
          </span>
        </li>
      ))}
    </Box>
  );
}
