/** A forecast: who may be hit, which assets, and on what it rests. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { useForecast } from "../../api/queries";
import type { Forecast } from "../../api/types";
import { useLang } from "../../app/preferences";
import { Facts } from "../../parts/Facts";
import { GradeTag } from "../../parts/GradeTag";
import { name, number } from "../../parts/names";
import { Loaded } from "../../parts/States";
import { dayTime } from "../../parts/time";
import { useWords } from "../../parts/useWords";
import { Confidence, Marks, Maturity, Why } from "../../parts/Why";
import { spread } from "../situation/Figures";
import type { ObjectProps } from "./ObjectDetail";

/** Writes an input of a model so that a reader can check it. */
export function inputText(value: unknown): string {
  if (typeof value === "number") return String(Math.round(value * 1000) / 1000);
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.length > 6 ? `[${value.length}]` : value.map(inputText).join(", ");
  if (value && typeof value === "object") return Object.entries(value).filter(([, v]) => v !== 0).map(([k, v]) => (typeof v === "object" ? `${k}: ${inputText(v)}` : `${k} ${inputText(v)}`)).join("; ");
  return value === true ? "✓" : "";
}

export function ForecastWhy({ forecast }: { forecast: Forecast }) {
  const { t } = useTranslation();
  const lang = useLang();
  const inputs = Object.entries(forecast.inputs).map(([key, value]): [string, string] => [
    t(`input.${key}`, { defaultValue: key.replaceAll("_", " ") }),
    inputText(value),
  ]);
  const models = forecast.models.map((card): [string, ReactNode] => [
    t("why.model"),
    <span key={card.id}>
      {card.title} <Maturity value={card.maturity} />
      <small className="why-small">{card.limits}</small>
      <small className="why-small">{card.source}</small>
    </span>,
  ]);
  return (
    <>
      <Why rows={[...models, ...inputs]} confidence={forecast.confidence ?? null} maturity={forecast.maturity ?? null} synthetic={forecast.synthetic ?? null} />
      <details className="allocation">
        <summary>{t("why.policy", { count: forecast.policy.length })}</summary>
        <Facts
          rows={forecast.policy.map((used): [string, ReactNode] => [
            name(used.names, lang, used.id),
            <span key={used.id}>
              {used.value} {used.confidence && <Confidence value={used.confidence} />}
              <small className="why-small">{used.source}</small>
            </span>,
          ])}
        />
      </details>
    </>
  );
}

function ForecastView({ forecast, onChoose }: { forecast: Forecast; onChoose: ObjectProps["onChoose"] }) {
  const { t } = useTranslation();
  const lang = useLang();
  const words = useWords();
  const n = (value: number): string => number(value, lang);
  const towns = forecast.towns.filter((town) => town.grade);
  return (
    <article className="object">
      <header className="object-head">
        <GradeTag grade={forecast.grade} />
        <h2>{t("forecast.title", { area: words.area(forecast.area) })}</h2>
        <Marks maturity={forecast.maturity ?? null} synthetic={forecast.synthetic ?? null} />
      </header>
      <p className="big-value">
        {forecast.people ? n(forecast.people.best) : "–"} <small>{t("unit.people_word")}</small>
        {forecast.people && <span>{t("forecast.range", { range: spread(forecast.people, n) })}</span>}
      </p>
      <Facts
        rows={[
          [t("fact.made_at"), dayTime(forecast.at, lang)],
          [t("fact.valid_at"), `${dayTime(forecast.valid_from, lang)} – ${dayTime(forecast.valid_to, lang)}`],
          [t("fact.depth"), forecast.max_depth_m !== null && `${forecast.max_depth_m.toFixed(2)} m`],
          [t("fact.gust"), forecast.gust_m_s !== null && `${forecast.gust_m_s.toFixed(1)} m/s`],
          [t("fact.underpasses"), forecast.underpasses],
          [t("fact.assets_hit"), forecast.assets_hit],
        ]}
      />
      <p>
        <Link to={`/assess/${encodeURIComponent(forecast.id)}`}>{t("flood.open")}</Link>
      </p>
      <ForecastWhy forecast={forecast} />
      <section>
        <h4>{t("forecast.towns")}</h4>
        <ul className="rows">
          {towns.map((town) => (
            <li key={town.area}>
              <button type="button" className="row" onClick={() => onChoose({ kind: "town", id: town.area })}>
                <GradeTag grade={town.grade} short />
                <span className="row-main">{words.area(town.area)}</span>
                <span className="row-side num">{spread(town.people, n)}</span>
              </button>
            </li>
          ))}
        </ul>
      </section>
      {forecast.assets.length > 0 && (
        <section>
          <h4>{t("forecast.assets")}</h4>
          <ul className="rows">
            {forecast.assets.slice(0, 30).map((asset) => (
              <li key={asset.asset} className="row">
                <GradeTag grade={asset.grade} short />
                <span className="row-main">
                  {name(asset.name, lang)} <small>{words.assetType(asset.type)}</small>
                </span>
                <span className="row-side num">{asset.depth_m === null ? "" : `${asset.depth_m.toFixed(2)} m`}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </article>
  );
}

export function ForecastObject({ id, onChoose }: ObjectProps) {
  const answer = useForecast(id);
  return <Loaded of={answer}>{(forecast) => <ForecastView forecast={forecast} onChoose={onChoose} />}</Loaded>;
}
