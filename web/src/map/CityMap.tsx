/** The one map of the city. It draws what it is given and says what was clicked; it reads nothing itself. */
import type { MapMouseEvent } from "maplibre-gl";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

import type { TownImpact } from "../api/types";
import { palette } from "../app/palette";
import { usePreferences } from "../app/preferences";
import { impactFill, townLabel } from "./expressions";
import { PICKABLE, type Shown } from "./groups";
import { useMap } from "./useMap";
import { usePictures, useShown, useSources, type MapSources, type Picture } from "./useMapData";

export interface Picked {
  kind: string;
  id: string;
}

interface Props {
  sources: MapSources;
  impact: TownImpact[];
  pictures: Picture[];
  shown: Shown;
  chosen: Picked | null;
  bounds: [number, number, number, number] | null;
  credits: string[];
  onPick: (picked: Picked | null) => void;
}

const REACH = 6;
const NO_TOWN = "";

export function CityMap({ sources, impact, pictures, shown, chosen, bounds, credits, onPick }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const { t } = useTranslation();
  const { theme, lang } = usePreferences();
  const { map, failed } = useMap(box, { bounds, credits }, theme, lang);
  const pick = useRef(onPick);
  useEffect(() => {
    pick.current = onPick;
  }, [onPick]);

  useSources(map, sources);
  usePictures(map, pictures, shown.flood ?? true);
  useShown(map, shown);

  useEffect(() => {
    if (!map) return;
    const coloured = shown.impact ? impact : [];
    map.setPaintProperty("impact-fill", "fill-color", impactFill(coloured, palette()));
    map.setLayoutProperty("towns-label", "text-field", townLabel(coloured, lang));
  }, [map, impact, lang, shown.impact]);

  useEffect(() => {
    map?.setFilter("towns-chosen", ["==", ["get", "code"], chosen?.kind === "town" ? chosen.id : NO_TOWN]);
  }, [map, chosen]);

  useEffect(() => {
    if (!map) return;
    const found = ({ point: { x, y } }: MapMouseEvent): Picked | null => {
      const area: [[number, number], [number, number]] = [[x - REACH, y - REACH], [x + REACH, y + REACH]];
      for (const layer of Object.keys(PICKABLE)) {
        const small = !layer.endsWith("-fill");
        const hit = map.queryRenderedFeatures(small ? area : [x, y], { layers: [layer] })[0];
        const id = hit?.properties.id ?? hit?.properties.code;
        if (hit && typeof id === "string") return { kind: PICKABLE[layer] ?? "", id };
      }
      return null;
    };
    const click = (event: MapMouseEvent): void => pick.current(found(event));
    map.on("click", click);
    return () => void map.off("click", click);
  }, [map]);

  return (
    <div className="map-frame" data-ready={map ? "yes" : "no"}>
      <div ref={box} className="map" role="application" aria-label={t("map.label")} />
      {failed && <p className="map-failed">{t("map.failed")}</p>}
    </div>
  );
}
