/** What a forecast says of one place: depth with its spread, chances, when the water comes, and how it rises. */
import { CloseOutlined } from "@ant-design/icons";
import { useTranslation } from "react-i18next";

import { useFloodPlace, type FloodPlace } from "../../api/flooding";
import { useLang } from "../../app/preferences";
import { Facts } from "../../parts/Facts";
import { Sparkline } from "../../parts/Sparkline";
import { Loaded } from "../../parts/States";
import { dayTime, shortTime } from "../../parts/time";
import { useWords } from "../../parts/useWords";
import type { Place } from "./FloodMap";
import { chanceWord, depthWord, spreadWord } from "./words";

function Told({ told }: { told: FloodPlace }) {
  const { t } = useTranslation();
  const lang = useLang();
  const words = useWords();
  if (!told.told) return <p className="nothing">{t("flood.untold")}</p>;
  const frames = told.frames.map(({ at, depth_m }): [number, number] => [Date.parse(at), depth_m]);
  const deepest = told.frames.reduce((a, b) => (b.depth_m > a.depth_m ? b : a), told.frames[0] ?? { at: "", depth_m: 0 });
  return (
    <>
      <Facts
        rows={[
          [t("fact.area"), told.town && words.area(told.town)],
          [t("flood.depth"), spreadWord(told.depth_m, depthWord)],
          [t("flood.arrival"), told.arrival ? dayTime(told.arrival, lang) : t("flood.never")],
          ...told.chance.map(({ depth_m, chance }): [string, string] => [t("flood.chance_of", { depth: depth_m }), chanceWord(chance)]),
        ]}
      />
      {deepest.depth_m > 0 && (
        <div className="place-series">
          <Sparkline points={frames} label={t("flood.series")} />
          <small>{t("flood.deepest", { depth: deepest.depth_m.toFixed(2), time: shortTime(deepest.at, lang) })}</small>
        </div>
      )}
    </>
  );
}

export function PlaceCard({ forecast, place, onClose }: { forecast: string; place: Place; onClose: () => void }) {
  const { t } = useTranslation();
  const { data, isLoading, error } = useFloodPlace(forecast, place);
  return (
    <section className="place-card" aria-label={t("flood.place")}>
      <header>
        <b>{t("flood.place")}</b>
        <small className="num">
          {place.lon.toFixed(4)}, {place.lat.toFixed(4)}
        </small>
        <button type="button" className="plain-button" aria-label={t("form.close")} onClick={onClose}>
          <CloseOutlined />
        </button>
      </header>
      <Loaded of={{ data, isLoading, error }}>{(told) => <Told told={told} />}</Loaded>
    </section>
  );
}
