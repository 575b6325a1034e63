/** Gauge by gauge: what became of each depth, and what forecasts had said beside what was observed. */
import { Select } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";

import { usePlumes, type Backtest, type Gauge, type GaugePlumes, type Span } from "../../../api/backtest";
import { palette } from "../../../app/palette";
import { useLang, usePreferences } from "../../../app/preferences";
import { Chart } from "../../../charts/Chart";
import { name, number } from "../../../parts/names";
import { Panel } from "../../../parts/Panel";
import { Loaded, Nothing } from "../../../parts/States";
import { dayTime } from "../../../parts/time";
import { Synthetic } from "../../../parts/Why";
import { plumeOption, telling } from "./options";

const MOST = 60;

const SIGNS = { hit: "✓", miss: "!", false_alarm: "×", correct_rejection: "·" } as const;

function Outcomes({ gauge }: { gauge: Gauge }) {
  const { t } = useTranslation();
  return (
    <span className="outcomes">
      {gauge.outcomes.map(({ depth_m, outcome, lead_min }) => {
        const told = `≥ ${depth_m} m: ${t(`backtest.outcome.${outcome}`)}${lead_min === null ? "" : ` (${t("backtest.minutes", { minutes: Math.round(lead_min) })})`}`;
        return (
          <span key={depth_m} className={`outcome outcome-${outcome}`} role="img" aria-label={told} title={told}>
            {SIGNS[outcome]}
          </span>
        );
      })}
    </span>
  );
}

function Plumes({ plumes }: { plumes: GaugePlumes }) {
  const { t } = useTranslation();
  const { lang, theme } = usePreferences();
  const [forecast, setForecast] = useState<string | null>(null);
  const chosen = plumes.forecasts.find((one) => one.forecast === forecast) ?? telling(plumes);
  const option = useMemo(() => {
    void theme; // the colours are those of the theme
    const words = { observed: t("backtest.observed"), best: t("backtest.best"), range: t("backtest.range"), others: t("backtest.others") };
    return plumeOption(plumes, chosen, words, palette(), lang);
  }, [plumes, chosen, theme, lang, t]);
  return (
    <>
      <div className="plume-head">
        <b>{name({ zh: plumes.name_zh, en: plumes.name_en }, lang)}</b>
        {plumes.synthetic && <Synthetic />}
        {chosen && (
          <Select
            size="small"
            aria-label={t("backtest.choose")}
            value={chosen.forecast}
            onChange={setForecast}
            options={plumes.forecasts.map(({ forecast: value, at }) => ({ value, label: t("backtest.made", { time: dayTime(at, lang) }) }))}
          />
        )}
      </div>
      <p className="legend plume-legend">
        {(["observed", "best", "range", "others"] as const).map((key) => (
          <span key={key}>
            <i className={`plume-${key}`} aria-hidden /> {t(`backtest.${key}`)}
          </span>
        ))}
      </p>
      {plumes.observed.length + plumes.forecasts.length === 0 ? <Nothing>{t("backtest.silent")}</Nothing> : <Chart option={option} height={280} label={t("backtest.plume")} />}
      {plumes.forecasts.length === 0 && <p className="legend">{t("backtest.unwatched")}</p>}
    </>
  );
}

function PlumesOf({ sensor, span }: { sensor: string; span: Span }) {
  const answer = usePlumes(sensor, span);
  return <Loaded of={answer}>{(plumes) => <Plumes key={plumes.sensor} plumes={plumes} />}</Loaded>;
}

export function GaugesPanel({ scores, span }: { scores: Backtest; span: Span }) {
  const { t } = useTranslation();
  const lang = useLang();
  const [picked, setPicked] = useState<string | null>(null);
  const [all, setAll] = useState(false);
  const told = useMemo(() => scores.gauges.filter(({ outcomes }) => outcomes.some(({ outcome }) => outcome !== "correct_rejection")), [scores]);
  const listed = all ? scores.gauges : told.length > 0 ? told : scores.gauges;
  const shown = scores.gauges.find(({ sensor }) => sensor === picked)?.sensor ?? listed[0]?.sensor;
  return (
    <Panel
      title={t("backtest.gauges")}
      count={listed.length}
      extra={
        told.length > 0 && (
          <button type="button" className={all ? "chip chip-on" : "chip"} aria-pressed={all} onClick={() => setAll(!all)}>
            {t("backtest.every_gauge", { count: scores.gauges.length })}
          </button>
        )
      }
      flush
    >
      {shown === undefined ? (
        <Nothing>{t("backtest.no_gauges")}</Nothing>
      ) : (
        <div className="backtest-gauges">
          <div>
            <p className="legend outcome-legend">
              {(Object.keys(SIGNS) as (keyof typeof SIGNS)[]).map((key) => (
                <span key={key}>
                  <i className={`outcome outcome-${key}`} aria-hidden>{SIGNS[key]}</i> {t(`backtest.outcome.${key}`)}
                </span>
              ))}
              <span>{t("backtest.outcome_order", { depths: scores.events.map(({ depth_m }) => depth_m).join(" / ") })}</span>
            </p>
            <ul className="rows gauge-rows">
              {listed.slice(0, MOST).map((gauge) => (
                <li key={gauge.sensor}>
                  <button type="button" className={gauge.sensor === shown ? "row row-on" : "row"} aria-pressed={gauge.sensor === shown} onClick={() => setPicked(gauge.sensor)}>
                    <span className="row-main">{name({ zh: gauge.name_zh, en: gauge.name_en }, lang)}</span>
                    <Outcomes gauge={gauge} />
                    <span className="row-side num">{gauge.peak_m === null ? t("backtest.mute") : `${number(gauge.peak_m, lang, 2)} m`}</span>
                  </button>
                </li>
              ))}
            </ul>
            {listed.length > MOST && <p className="legend cut">{t("backtest.first", { most: MOST, all: listed.length })}</p>}
          </div>
          <div className="plume">
            <PlumesOf sensor={shown} span={span} />
          </div>
        </div>
      )}
    </Panel>
  );
}
