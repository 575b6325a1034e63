/** Makes the map, gives it our worker, and draws symbols when the style first asks for them. */
import { Map as MapLibre, NavigationControl, ScaleControl, setWorkerUrl } from "maplibre-gl";
import "maplibre-gl/dist/maplibre-gl.css";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import { useEffect, useRef, useState, type RefObject } from "react";

import { palette } from "../app/palette";
import type { ThemeName } from "../app/theme";
import type { Lang } from "../parts/time";
import { mapStyle } from "./style";
import { symbolImage, SYMBOL_RATIO } from "./symbols";

setWorkerUrl(workerUrl);

interface View {
  center: [number, number];
  zoom: number;
}

const NARROW = 900;
let lastView: View | null = null;

interface Start {
  bounds: [number, number, number, number] | null;
  credits: string[];
}

/** Returns the map once its style is ready; a new theme or language makes a new map that looks at the same place. */
export function useMap(box: RefObject<HTMLDivElement | null>, first: Start, theme: ThemeName, lang: Lang) {
  const [ready, setReady] = useState<{ map: MapLibre; of: string } | null>(null);
  const [failed, setFailed] = useState(false);
  const start = useRef(first);
  const look = `${theme} ${lang}`;

  useEffect(() => {
    if (!box.current) return;
    const colour = palette();
    let made: MapLibre;
    try {
      made = new MapLibre({
        container: box.current,
        style: mapStyle(colour, lang),
        ...(lastView ?? (start.current.bounds ? { bounds: start.current.bounds, fitBoundsOptions: { padding: 20 } } : {})),
        minZoom: 3,
        maxZoom: 17,
        dragRotate: false,
        pitchWithRotate: false,
        attributionControl: { compact: true, customAttribution: start.current.credits },
        localIdeographFontFamily: '"Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif',
        validateStyle: false,
      });
    } catch {
      queueMicrotask(() => setFailed(true));
      return;
    }
    made.touchZoomRotate.disableRotation();
    made.addControl(new NavigationControl({ showCompass: false }), "bottom-right");
    made.addControl(new ScaleControl(), "bottom-left");
    made.setMissingStyleImageResolver((id) => {
      const image = symbolImage(id, colour);
      if (image && !made.hasImage(id)) made.addImage(id, image, { pixelRatio: SYMBOL_RATIO });
    });
    made.on("moveend", () => {
      const { lng, lat } = made.getCenter();
      lastView = { center: [lng, lat], zoom: made.getZoom() };
    });
    made.once("load", () => {
      if (window.innerWidth < NARROW) box.current?.querySelector(".maplibregl-compact-show")?.classList.remove("maplibregl-compact-show");
      setReady({ map: made, of: look });
    });
    return () => {
      setReady(null);
      made.remove();
    };
  }, [box, theme, lang, look]);

  // The map of the theme and language before is gone as soon as either changes, before its state is cleared.
  return { map: ready?.of === look ? ready.map : null, failed };
}
