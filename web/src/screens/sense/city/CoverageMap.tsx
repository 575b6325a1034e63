/** The map of coverage. */
import type { ExpressionSpecification, GeoJSONSource } from "maplibre-gl";
import { useEffect, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";

import { useCity, useLayer } from "../../../api/queries";
import type { City, Coverage } from "../../../api/types";
import { palette, type Palette } from "../../../app/palette";
import { usePreferences } from "../../../app/preferences";
import { EMPTY } from "../../../map/build";
import { byArea } from "../../../map/expressions";
import { useGround } from "../../../map/useGround";
import { useMap } from "../../../map/useMap";
import { useSources } from "../../../map/useMapData";
import { viewOf, type Bounds } from "../../../map/view";
import { classOf, gapFeatures, type Class } from "./coverageMap";

const GROUND = { roads: false };
const GAPS = "coverage-gaps";
/** Half a cell of a kilometre at 31° north, px at these zooms: circles of neighbouring cells touch, and do not hide one another. */
const FAR = { zoom: 9, half: 3.8 };
const NEAR = { zoom: 13, half: 61 };
const LEAST = { zoom: 8, half: 1.5 }; // further off all are as small as can still be seen
const CROWDED = 150; // the square root of the people in a cell whose circle is as large as the cell

/** Opacity of the fill: the more instruments, the deeper; a town without any is told in another colour. */
const fill = (c: Palette): Record<Class, string> => ({ none: `${c.late}55`, few: `${c.accent}33`, some: `${c.accent}77`, many: `${c.accent}bb` });

function Drawn({ coverage, bounds, city, onTown }: { coverage: Coverage; bounds: Bounds; city: City; onTown: (area: string) => void }) {
  const box = useRef<HTMLDivElement>(null);
  const { t } = useTranslation();
  const { theme, lang } = usePreferences();
  const { map, failed } = useMap(box, { bounds, credits: city.credits }, theme, lang);
  useSources(map, useGround(GROUND));

  useEffect(() => {
    if (!map) return;
    const colour = palette();
    const share: ExpressionSpecification = ["interpolate", ["linear"], ["sqrt", ["get", "people"]], 0, 0.2, CROWDED, 1];
    map.addSource(GAPS, { type: "geojson", data: EMPTY });
    map.addLayer(
      {
        id: GAPS,
        type: "circle",
        source: GAPS,
        paint: {
          "circle-radius": ["interpolate", ["exponential", 2], ["zoom"], LEAST.zoom, LEAST.half, FAR.zoom, ["*", FAR.half, share], NEAR.zoom, ["*", NEAR.half, share]],
          "circle-color": colour.late,
          "circle-opacity": 0.5,
          "circle-stroke-color": colour.late,
          "circle-stroke-width": ["interpolate", ["linear"], ["zoom"], 8, 0, 9.5, 0.8],
        },
      },
      "towns-label",
    );
  }, [map]);
  useEffect(() => {
    if (!map) return;
    const colours = fill(palette());
    const pairs = coverage.towns.map((town): [string, string] => [town.area, colours[classOf(town, coverage.hazard)]]);
    map.setPaintProperty("impact-fill", "fill-color", byArea(pairs, "rgba(0,0,0,0)"));
    map.setPaintProperty("impact-fill", "fill-opacity", 1);
    map.getSource<GeoJSONSource>(GAPS)?.setData(gapFeatures(coverage.gaps));
  }, [map, coverage]);
  useEffect(() => {
    if (!map) return;
    const heard = map.on("click", ({ point }) => {
      const code = map.queryRenderedFeatures(point, { layers: ["towns-fill"] })[0]?.properties.code;
      if (typeof code === "string") onTown(code);
    });
    return () => heard.unsubscribe();
  }, [map, onTown]);

  return (
    <div className="map-frame" data-ready={map ? "yes" : "no"}>
      <div ref={box} className="map" role="application" aria-label={t("map.label")} />
      {failed && <p className="map-failed">{t("map.failed")}</p>}
    </div>
  );
}

export function CoverageMap({ coverage, onTown }: { coverage: Coverage; onTown: (area: string) => void }) {
  const { data: city } = useCity();
  const { data: districts } = useLayer("districts");
  const bounds = useMemo(() => (city && districts ? viewOf(coverage.area, districts, city.bounds) : null), [city, districts, coverage.area]);
  return bounds && city ? <Drawn coverage={coverage} bounds={bounds} city={city} onTown={onTown} /> : null;
}
