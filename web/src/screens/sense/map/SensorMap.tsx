/** The map of all sensors: it draws them, says which is under the pointer, and which were clicked. */
import type { Map as MapLibre, MapMouseEvent } from "maplibre-gl";
import { MercatorCoordinate } from "maplibre-gl";
import { useEffect, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";

import { useCity, useLayer, useMe } from "../../../api/queries";
import { usePreferences } from "../../../app/preferences";
import { useGround } from "../../../map/useGround";
import { useMap } from "../../../map/useMap";
import { useSources } from "../../../map/useMapData";
import { viewOf, type Bounds } from "../../../map/view";
import { near, type Places } from "./mercator";
import { sizes } from "./PointLayer";
import { useClusters } from "./useClusters";
import { useSensorLayer, type Drawing } from "./useSensorLayer";

export interface Pointed {
  rows: number[];
  x: number;
  y: number;
}

interface Props {
  drawing: Drawing;
  heaped: boolean;
  onPoint: (pointed: Pointed | null) => void;
  onPick: (pointed: Pointed) => void;
}

/** What the situation's map draws for itself and this one has no use for; roads only where they help to find the place. */
function usePlainGround(map: MapLibre | null): void {
  useEffect(() => {
    if (!map) return;
    for (const layer of ["towns-fill", "impact-fill"]) map.setLayoutProperty(layer, "visibility", "none");
    map.setLayerZoomRange("roads", 9.5, 24);
  }, [map]);
}

const GROUND = { roads: true };
const MOST = 12;

/** Returns the sensors under a place of the screen, the topmost first. */
function under(map: MapLibre, { lngLat }: MapMouseEvent, places: Places, rows: Uint32Array): number[] {
  const { x, y } = MercatorCoordinate.fromLngLat(lngLat);
  const [calm, alarm] = sizes(map.getZoom());
  const reach = Math.max(5, calm / 2, alarm / 3) / (512 * 2 ** map.getZoom());
  return near(places, rows, [x, y], reach, MOST);
}

function Drawn({ bounds, credits, drawing, heaped, onPoint, onPick }: Props & { bounds: Bounds; credits: string[] }) {
  const box = useRef<HTMLDivElement>(null);
  const { t } = useTranslation();
  const { theme, lang } = usePreferences();
  const { map, failed } = useMap(box, { bounds, credits }, theme, lang);
  useSources(map, useGround(GROUND));
  usePlainGround(map);
  useSensorLayer(map, drawing, heaped);
  useClusters(map, drawing.columns, drawing.rows, heaped);

  const hands = useRef({ drawing, onPoint, onPick });
  useEffect(() => {
    hands.current = { drawing, onPoint, onPick };
  });
  useEffect(() => {
    if (!map || heaped) return;
    const found = (event: MapMouseEvent): Pointed | null => {
      const { places, rows } = hands.current.drawing;
      const hit = places ? under(map, event, places, rows) : [];
      return hit.length > 0 ? { rows: hit, x: event.point.x, y: event.point.y } : null;
    };
    const move = (event: MapMouseEvent): void => {
      const pointed = found(event);
      map.getCanvas().style.cursor = pointed ? "pointer" : "";
      hands.current.onPoint(pointed);
    };
    const away = (): void => hands.current.onPoint(null);
    const click = (event: MapMouseEvent): void => {
      const pointed = found(event);
      if (pointed) hands.current.onPick(pointed);
    };
    const heard = [map.on("mousemove", move), map.on("mouseout", away), map.on("movestart", away), map.on("click", click)];
    return () => heard.forEach((one) => one.unsubscribe());
  }, [map, heaped]);

  return (
    <div className="map-frame" data-ready={map ? "yes" : "no"}>
      <div ref={box} className="map" role="application" aria-label={t("map.label")} />
      {failed && <p className="map-failed">{t("map.failed")}</p>}
    </div>
  );
}

export function SensorMap(props: Props) {
  const { data: city } = useCity();
  const { data: me } = useMe();
  const { data: districts } = useLayer("districts");
  const bounds = useMemo(() => (city && districts ? viewOf(me?.roles[0]?.area, districts, city.bounds) : null), [city, districts, me]);
  return bounds && city ? <Drawn {...props} bounds={bounds} credits={city.credits} /> : null;
}
