/** The cyclone: where it is, how strong, how far its winds reach, and whose track this is. */
import { useTranslation } from "react-i18next";

import { useCyclone } from "../../api/queries";
import { useLang } from "../../app/preferences";
import { Facts } from "../../parts/Facts";
import { name, number } from "../../parts/names";
import { Loaded, Nothing } from "../../parts/States";
import { dayTime } from "../../parts/time";
import { Marks, Why } from "../../parts/Why";

export function CycloneObject() {
  const { t } = useTranslation();
  const lang = useLang();
  const answer = useCyclone();
  return (
    <Loaded of={answer}>
      {(cyclone) =>
        cyclone ? (
          <article className="object">
            <header className="object-head">
              <h2>{name(cyclone.name, lang)}</h2>
              <Marks synthetic={cyclone.synthetic ?? null} />
            </header>
            <Facts
              rows={[
                [t("fact.position"), cyclone.now && `${cyclone.now.lat.toFixed(2)}°N ${cyclone.now.lon.toFixed(2)}°E`],
                [t("fact.wind"), cyclone.now?.wind_m_s != null && `${number(cyclone.now.wind_m_s, lang, 1)} m/s`],
                [t("fact.pressure"), cyclone.now?.pressure_hpa != null && `${number(cyclone.now.pressure_hpa, lang)} hPa`],
                ...Object.entries(cyclone.now?.radii_km ?? {}).map(([key, km]): [string, string] => [
                  t("fact.radius", { key }),
                  `${number(km, lang)} km`,
                ]),
                [t("fact.track_points"), String(cyclone.track.length)],
                [t("fact.last_point"), cyclone.track.at(-1) && dayTime(cyclone.track.at(-1)?.at ?? "", lang)],
              ]}
            />
            <Why rows={[]} source={cyclone.source ?? null} confidence={cyclone.confidence ?? null} maturity={cyclone.maturity ?? null} synthetic={cyclone.synthetic ?? null} />
          </article>
        ) : (
          <Nothing>{t("situation.no_cyclone")}</Nothing>
        )
      }
    </Loaded>
  );
}
