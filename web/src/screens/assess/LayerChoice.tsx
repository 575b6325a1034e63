/** What the map shows, and what its colours mean: choice and legend in one. */
import { DownOutlined, UpOutlined } from "@ant-design/icons";
import { Checkbox, Radio, Segmented } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { FloodMap } from "../../api/flooding";
import { choices, classWords, legendOf, SPREADS, thresholds, type Shown, type Spread, type View } from "./view";

interface Props {
  map: FloodMap;
  view: View;
  roads: boolean;
  wide: boolean;
  onView: (view: View) => void;
  onRoads: (roads: boolean) => void;
}

function LegendRows({ map, view }: { map: FloodMap; view: View }) {
  const { t } = useTranslation();
  const { key, legend } = legendOf(map, view);
  if (!legend) return null;
  const words = classWords(legend);
  return (
    <figure className="flood-legend" data-legend={key}>
      <figcaption>
        {t(`flood.legend.${key}`)} <small>{legend.unit}</small>
      </figcaption>
      <ul>
        {legend.classes.map(({ at_least, colour, opacity }, i) => (
          <li key={at_least}>
            <i aria-hidden style={{ background: colour, opacity }} />
            <span className="num">{words[i]}</span>
          </li>
        ))}
      </ul>
    </figure>
  );
}

export function LayerChoice({ map, view, roads, wide, onView, onRoads }: Props) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(wide);
  return (
    <aside className="layers flood-layers" aria-label={t("map.layers")}>
      <button type="button" className="layers-head" aria-expanded={open} onClick={() => setOpen(!open)}>
        {open ? t("map.layers") : t(`flood.shown.${view.shown}`)} {open ? <UpOutlined /> : <DownOutlined />}
      </button>
      {open && (
        <div className="flood-choice">
          <Radio.Group value={view.shown} onChange={(event) => onView({ ...view, shown: event.target.value as Shown })}>
            {choices(map).map((shown) => (
              <Radio key={shown} value={shown} data-shown={shown}>
                {t(`flood.shown.${shown}`)}
              </Radio>
            ))}
          </Radio.Group>
          {view.shown === "depth" && (
            <Segmented<Spread> block size="small" value={view.spread} onChange={(spread) => onView({ ...view, spread })} options={SPREADS.map((value) => ({ value, label: t(`flood.spread.${value}`) }))} />
          )}
          {view.shown === "chance" && (
            <Segmented<number> block size="small" value={view.threshold} onChange={(threshold) => onView({ ...view, threshold })} options={thresholds(map).map((depth, value) => ({ value, label: `${depth} m` }))} />
          )}
          <LegendRows map={map} view={view} />
          <Checkbox checked={roads} onChange={(event) => onRoads(event.target.checked)}>
            <i className="closed-sign" aria-hidden /> {t("flood.closed_roads")}
          </Checkbox>
        </div>
      )}
    </aside>
  );
}
