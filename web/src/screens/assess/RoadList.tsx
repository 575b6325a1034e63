/** Closed roads by name, the first to close first. */
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import type { ClosedRoads } from "../../api/flooding";
import { useLang } from "../../app/preferences";
import { Nothing } from "../../parts/States";
import { shortTime } from "../../parts/time";
import { Maturity } from "../../parts/Why";
import type { Place } from "./FloodMap";
import { chanceWord, depthWord } from "./words";

type Part = ClosedRoads["features"][number]["properties"];

interface Road extends Part {
  place: Place;
}

/** Returns the closed edges put together by road, each at its deepest place. */
export function byRoad({ features }: ClosedRoads): Road[] {
  const roads = new Map<string, Road>();
  for (const { id, properties: part } of features) {
    const { lon, lat } = part;
    const key = part.name ? `${part.network}:${part.name}` : id;
    const known = roads.get(key);
    if (!known) roads.set(key, { ...part, place: { lon, lat } });
    else {
      known.length_m += part.length_m;
      known.wet_m += part.wet_m;
      known.chance = Math.max(known.chance, part.chance);
      if (part.closes && (!known.closes || part.closes < known.closes)) known.closes = part.closes;
      if (part.depth_m > known.depth_m) Object.assign(known, { depth_m: part.depth_m, place: { lon, lat } });
    }
  }
  const moment = ({ closes }: Road): number => (closes ? Date.parse(closes) : Number.MAX_VALUE);
  return [...roads.values()].sort((a, b) => moment(a) - moment(b) || b.depth_m - a.depth_m);
}

export function RoadList({ roads, onChoose }: { roads: ClosedRoads; onChoose: (place: Place) => void }) {
  const { t } = useTranslation();
  const lang = useLang();
  const found = useMemo(() => byRoad(roads), [roads]);
  const rule = t("flood.closed_rule", { depth: roads.closed_m, chance: chanceWord(roads.closed_chance) });
  return (
    <div className="arrivals" data-roads={roads.features.length}>
      <p className="arrival-note">
        {rule} <Maturity value={roads.maturity} />
      </p>
      {found.length === 0 ? (
        <Nothing>{t("flood.no_roads")}</Nothing>
      ) : (
        <>
          <p className="arrival-note">{t("flood.closed_total", { km: roads.total_km })}</p>
          <ul className="rows">
            {found.map((road) => (
              <li key={`${road.network}${road.name}${road.place.lon}${road.place.lat}`}>
                <button type="button" className="row arrival-row" onClick={() => onChoose(road.place)}>
                  <time className="num">{road.closes ? shortTime(road.closes, lang) : t("flood.maybe")}</time>
                  <span className="row-main">
                    {road.name || t("flood.nameless")}
                    <small>
                      {t(`flood.network.${road.network}`)} · {t("flood.wet_part", { wet: Math.round(road.wet_m), km: (road.length_m / 1000).toFixed(1) })}
                    </small>
                  </span>
                  <span className="row-side num">
                    {depthWord(road.depth_m)} · {chanceWord(road.chance)}
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
