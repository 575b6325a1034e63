/** The map of one forecast and what stands beside it, kept in step. */
import { Segmented } from "antd";
import { useCallback, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useArrivals, useClosedRoads, type FloodMap as Flood } from "../../api/flooding";
import { useLang } from "../../app/preferences";
import { Loaded } from "../../parts/States";
import { dayTime } from "../../parts/time";
import { useWide } from "../../parts/useWide";
import { Marks } from "../../parts/Why";
import { ArrivalList } from "./ArrivalList";
import { FloodMap, type Place } from "./FloodMap";
import { FrameBar } from "./FrameBar";
import { LayerChoice } from "./LayerChoice";
import { PlaceCard } from "./PlaceCard";
import { RoadList } from "./RoadList";
import { usePlayer } from "./usePlayer";
import { after, firstView, tilesOf, type View } from "./view";
import { WhyPanel } from "./WhyPanel";

type Side = "arrivals" | "roads" | "why";
const SIDES: Side[] = ["arrivals", "roads", "why"];

function Head({ flood, choice }: { flood: Flood; choice: ReactNode }) {
  const { t } = useTranslation();
  const lang = useLang();
  const { members, failed_members: failed, maturity, synthetic } = flood.made_by;
  return (
    <header className="flood-head">
      {choice}
      <p>
        {t("flood.span", { from: dayTime(flood.valid_from, lang), to: dayTime(flood.valid_to, lang) })}
        <Marks maturity={maturity} synthetic={synthetic} />
      </p>
      <p>
        <small>{t("flood.made_by", { model: flood.made_by.model, members })}</small>
        {failed.length > 0 && <span className="mark mark-bad">{t("flood.failed_count", { count: failed.length })}</span>}
      </p>
    </header>
  );
}

export function Explorer({ flood, choice }: { flood: Flood; choice: ReactNode }) {
  const { t } = useTranslation();
  const wide = useWide();
  const [view, setView] = useState<View>(firstView);
  const [side, setSide] = useState<Side>("arrivals");
  const [roadsShown, setRoadsShown] = useState(true);
  const [place, setPlace] = useState<Place | null>(null);
  const [fly, setFly] = useState<Place | null>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  const [drawn, setDrawn] = useState<{ tiles: string | null; ahead: boolean }>({ tiles: null, ahead: false });
  const arrivals = useArrivals(flood.id);
  const roads = useClosedRoads(flood.id);

  const count = flood.frames.length;
  const live = view.shown === "moment";
  const tiles = tilesOf(flood, view, window.location.origin);
  const coming = live && count > 1 ? { ...view, frame: after(view.frame, count) } : null;
  const next = coming && tilesOf(flood, coming, window.location.origin);
  const advance = useCallback(() => setView((now) => ({ ...now, shown: "moment", frame: after(now.frame, count) })), [count]);
  const ready = drawn.tiles === tiles && drawn.ahead;
  const { playing, setPlaying } = usePlayer(view.frame, ready, advance);

  const look = (next: View): void => {
    if (next.shown !== "moment") setPlaying(false);
    setView(next);
  };
  const seek = (frame: number): void => {
    setPlaying(false);
    setView({ ...view, shown: "moment", frame });
  };
  const play = (on: boolean): void => {
    setPlaying(on);
    if (on) setView({ ...view, shown: "moment" });
  };
  const visit = (there: Place, asset: string | null): void => {
    setFly({ lon: there.lon, lat: there.lat });
    setPlace({ lon: there.lon, lat: there.lat });
    setChosen(asset);
  };

  return (
    <div className="situation flood">
      <section className="situation-map">
        <FloodMap
          flood={flood}
          tiles={tiles}
          next={next}
          roads={roads.data}
          roadsShown={roadsShown}
          assets={arrivals.data?.items}
          place={place}
          fly={fly}
          onPlace={(there) => {
            setPlace(there);
            setChosen(null);
          }}
          onDrawn={setDrawn}
        />
        <LayerChoice map={flood} view={view} roads={roadsShown} wide={wide} onView={look} onRoads={setRoadsShown} />
        {place && <PlaceCard forecast={flood.id} place={place} onClose={() => setPlace(null)} />}
        <FrameBar frames={flood.frames} frame={view.frame} live={live} playing={playing} onFrame={seek} onPlay={play} />
      </section>
      <aside className="situation-side">
        <Head flood={flood} choice={choice} />
        <Segmented<Side> block value={side} onChange={setSide} options={SIDES.map((value) => ({ value, label: t(`flood.side.${value}`) }))} />
        <div className="situation-list">
          {side === "arrivals" && <Loaded of={arrivals}>{(told) => <ArrivalList arrivals={told} chosen={chosen} onChoose={(item) => visit(item, item.asset)} />}</Loaded>}
          {side === "roads" && <Loaded of={roads}>{(told) => <RoadList roads={told} onChoose={(there) => visit(there, null)} />}</Loaded>}
          {side === "why" && <WhyPanel flood={flood} />}
        </div>
      </aside>
    </div>
  );
}
