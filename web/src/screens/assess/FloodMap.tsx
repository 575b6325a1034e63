/** The map of a forecast: its tiles over the city's ground, closed roads and assets; it says which place was clicked. */
import type { MapMouseEvent } from "maplibre-gl";
import { useEffect, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";

import type { Arrival, ClosedRoads, FloodMap as Flood } from "../../api/flooding";
import { useCity } from "../../api/queries";
import { usePreferences } from "../../app/preferences";
import { useGround } from "../../map/useGround";
import { useMap } from "../../map/useMap";
import { useSources } from "../../map/useMapData";
import { useMarks } from "./marks";
import { useTiles } from "./useTiles";

export interface Place {
  lon: number;
  lat: number;
}

interface Props {
  flood: Flood;
  tiles: string;
  next: string | null;
  roads: ClosedRoads | undefined;
  roadsShown: boolean;
  assets: Arrival[] | undefined;
  place: Place | null;
  fly: Place | null;
  onPlace: (place: Place) => void;
  onDrawn: (drawn: { tiles: string | null; ahead: boolean }) => void;
}

const GROUND = { roads: true };
const CLOSE = 14;
const ASIDE: [number, number] = [-90, -20]; // from the middle, so that the card of the place does not cover it
const DIGITS = 1e5; // of degrees: a metre

const rounded = (degrees: number): number => Math.round(degrees * DIGITS) / DIGITS;

function Drawn({ flood, tiles, next, roads, roadsShown, assets, place, fly, onPlace, onDrawn, credits }: Props & { credits: string[] }) {
  const box = useRef<HTMLDivElement>(null);
  const { t } = useTranslation();
  const { theme, lang } = usePreferences();
  const { bounds = null, zooms, tile_px: side } = flood;
  const { map, failed } = useMap(box, { bounds, credits }, theme, lang);
  useSources(map, useGround(GROUND));
  const frame = useMemo(() => ({ bounds: bounds as Flood["bounds"], zooms: [zooms[0], zooms[1]] as [number, number], side }), [bounds, zooms, side]);
  const { drawn, ahead } = useTiles(map, tiles, next, frame as never);
  useMarks(map, { roads, roadsShown, assets, place });
  const hands = useRef({ onPlace, onDrawn });
  useEffect(() => {
    hands.current = { onPlace, onDrawn };
  });

  useEffect(() => {
    hands.current.onDrawn({ tiles: drawn, ahead });
  }, [drawn, ahead]);
  useEffect(() => {
    if (!map) return;
    for (const layer of ["towns-fill", "impact-fill"]) map.setLayoutProperty(layer, "visibility", "none");
    const heard = map.on("click", ({ lngLat }: MapMouseEvent) => hands.current.onPlace({ lon: rounded(lngLat.lng), lat: rounded(lngLat.lat) }));
    return () => heard.unsubscribe();
  }, [map]);
  useEffect(() => {
    if (map && bounds) map.fitBounds(bounds as [number, number, number, number], { padding: 20, animate: false });
  }, [map, bounds]);
  useEffect(() => {
    if (map && fly) map.flyTo({ center: [fly.lon, fly.lat], zoom: Math.max(map.getZoom(), CLOSE), offset: ASIDE, duration: 900 });
  }, [map, fly]);

  return (
    <div className="map-frame" data-ready={map ? "yes" : "no"} data-drawn={drawn === tiles ? "yes" : "no"}>
      <div ref={box} className="map" role="application" aria-label={t("map.label")} />
      {failed && <p className="map-failed">{t("map.failed")}</p>}
    </div>
  );
}

export function FloodMap(props: Props) {
  const { data: city } = useCity();
  return city ? <Drawn {...props} credits={city.credits} /> : null;
}
