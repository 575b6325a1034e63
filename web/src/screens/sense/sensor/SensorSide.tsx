/** Beside the series: the registry's card, the rules that watch the sensor, its maintenance. */
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import type { SensorCard, SensorPage } from "../../../api/types";
import { useLang } from "../../../app/preferences";
import { useNow } from "../../../live/ClockProvider";
import { ActButton } from "../../../parts/ActButton";
import { By } from "../../../parts/By";
import { Facts } from "../../../parts/Facts";
import { name, number } from "../../../parts/names";
import { Panel } from "../../../parts/Panel";
import { Nothing } from "../../../parts/States";
import { dayTime } from "../../../parts/time";
import { useWords } from "../../../parts/useWords";
import { Marks } from "../../../parts/Why";
import { levelTexts, levelUnit } from "../rules/levels";
import { span } from "../words";

export function CardPanel({ card }: { card: SensorCard }) {
  const { t } = useTranslation();
  const lang = useLang();
  const words = useWords();
  const unit = words.unit(card.unit);
  const range = card.low === null && card.high === null ? null : `${number(card.low, lang, 3)} – ${number(card.high, lang, 3)} ${unit}`;
  return (
    <Panel title={t("sense.card")}>
      <Facts
        rows={[
          [t("fact.sensor"), <code key="id">{card.id}</code>],
          [t("sense.sensor_kind"), card.kind && words.sensorKind(card.kind)],
          [t("fact.kind"), words.assetType(card.asset_type)],
          [t("sense.asset"), <code key="asset">{card.asset}</code>],
          [t("fact.area"), words.area(card.area)],
          [t("sense.cadence"), card.cadence_s && span(card.cadence_s, t)],
          [t("sense.range"), range],
          [t("sense.calibrated"), card.calibrated_on],
          [t("sense.owner"), card.owner],
          [t("sense.number"), card.number],
          [t("sense.retired_at"), card.retired_at && dayTime(card.retired_at, lang)],
        ]}
      />
    </Panel>
  );
}

export function RulesPanel({ rules }: Pick<SensorPage, "rules">) {
  const { t } = useTranslation();
  const lang = useLang();
  const words = useWords();
  return (
    <Panel title={t("sense.rules_here")} count={rules.length} flush>
      {rules.length === 0 && <Nothing>{t("sense.no_rules")}</Nothing>}
      {rules.map((rule) => (
        <div key={rule.id} className="todo">
          <div className="todo-main">
            <div className="todo-title">
              <span className="mark">{t(`rule.kind.${rule.kind}`, { defaultValue: rule.kind })}</span>
              <Link to={`/sense/rules/${rule.id}`}>{name(rule.names, lang, rule.id)}</Link>
            </div>
            <div className="todo-sub num">
              {levelTexts(rule).join(" · ")} {levelUnit(rule, words.unit, t)}
            </div>
          </div>
          <Marks confidence={rule.confidence ?? null} />
        </div>
      ))}
    </Panel>
  );
}

export function MaintenancePanel({ page }: { page: SensorPage }) {
  const { t } = useTranslation();
  const lang = useLang();
  const now = useNow();
  return (
    <Panel
      title={t("sense.maintenance")}
      extra={<ActButton verb="sensor.maintain" args={{ sensor: page.card.id }} about={name(page.card.name, lang)} />}
      flush
    >
      {page.maintenance.length === 0 && <Nothing>{t("sense.no_maintenance")}</Nothing>}
      <ul className="rows">
        {page.maintenance.map((one) => (
          <li key={one.id} className="row">
            <span className="row-main">
              <b className="num">
                {dayTime(one.begins, lang)} – {dayTime(one.ends, lang)}
              </b>{" "}
              {Date.parse(one.begins) <= now && now < Date.parse(one.ends) && <span className="mark">{t("sense.running_now")}</span>}
              <small className="why-small">
                {one.reason} · <By actor={one.by} />
              </small>
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
