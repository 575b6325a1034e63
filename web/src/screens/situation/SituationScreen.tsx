/** 态势: the whole city on one map, what the numbers say beside it, and what has just happened. */
import { Drawer, Segmented } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";

import { useCity, useLayer, useMe } from "../../api/queries";
import type { TownImpact } from "../../api/types";
import { CityMap, type Picked } from "../../map/CityMap";
import { firstShown, type Shown } from "../../map/groups";
import { LayerPanel } from "../../map/LayerPanel";
import { viewOf } from "../../map/view";
import { useWide } from "../../parts/useWide";
import { ObjectDetail } from "../objects/ObjectDetail";
import { Figures } from "./Figures";
import { ImpactList } from "./ImpactList";
import { Timeline } from "./Timeline";
import { useMapSources } from "./useMapSources";

const NONE: TownImpact[] = [];
const NO_CREDITS: string[] = [];

type Side = "timeline" | "impact";

export default function SituationScreen() {
  const { t } = useTranslation();
  const wide = useWide();
  const { data: city } = useCity();
  const { data: me } = useMe();
  const { data: districts } = useLayer("districts");
  const bounds = useMemo(() => (city && districts ? viewOf(me?.roles[0]?.area, districts, city.bounds) : null), [city, districts, me]);
  const [shown, setShown] = useState<Shown>(firstShown);
  const [side, setSide] = useState<Side>("timeline");
  const [search, setSearch] = useSearchParams();
  const [mapOpen, setMapOpen] = useState(true);
  const { sources, outlook, pictures } = useMapSources(shown);
  const kind = search.get("kind");
  const id = search.get("id");
  const chosen: Picked | null = kind && id ? { kind, id } : null;
  const choose = (picked: Picked | null): void => setSearch(picked ? { ...picked } : {}, { replace: true });

  return (
    <div className={mapOpen ? "situation" : "situation situation-folded"}>
      <section className="situation-map">
        {mapOpen && bounds && (
          <>
            <CityMap
              sources={sources}
              impact={outlook?.towns ?? NONE}
              pictures={pictures}
              shown={shown}
              chosen={chosen}
              bounds={bounds}
              credits={city?.credits ?? NO_CREDITS}
              onPick={choose}
            />
            <LayerPanel shown={shown} onChange={setShown} wide={wide} />
          </>
        )}
        <button type="button" className="map-fold" onClick={() => setMapOpen(!mapOpen)}>
          {t(mapOpen ? "map.fold" : "map.unfold")}
        </button>
      </section>
      <aside className="situation-side">
        <Figures outlook={outlook} onChoose={choose} />
        <Segmented<Side>
          block
          value={side}
          onChange={setSide}
          options={[
            { value: "timeline", label: t("situation.timeline") },
            { value: "impact", label: t("situation.impact") },
          ]}
        />
        <div className="situation-list">
          {side === "timeline" ? <Timeline onChoose={choose} /> : <ImpactList outlook={outlook} onChoose={choose} />}
        </div>
      </aside>
      <Drawer
        open={chosen !== null}
        onClose={() => choose(null)}
        placement={wide ? "right" : "bottom"}
        size={wide ? 440 : "70%"}
        mask={false}
        title={chosen ? t(`object.${chosen.kind}`, { defaultValue: chosen.kind }) : ""}
        rootClassName="object-drawer"
      >
        {chosen && <ObjectDetail picked={chosen} outlook={outlook} onChoose={choose} />}
      </Drawer>
    </div>
  );
}
