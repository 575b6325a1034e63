/** The sensors around: what they say beside this one's, and with a click in the same chart. */
import { Checkbox } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { useSensorSeries } from "../../../api/sensing";
import type { Neighbour, Resolution } from "../../../api/types";
import { useLang } from "../../../app/preferences";
import { name, number } from "../../../parts/names";
import { Panel } from "../../../parts/Panel";
import { Sparkline } from "../../../parts/Sparkline";
import { Nothing } from "../../../parts/States";
import { shortTime } from "../../../parts/time";
import { iso, type Window } from "./span";

/** Returns a distance in metres, or kilometres where it is far. */
export const distance = (metres: number | null): string => (metres === null ? "–" : metres < 1000 ? `${Math.round(metres)} m` : `${(metres / 1000).toFixed(1)} km`);

function Row({ one, window, resolution, unit, on, onToggle }: { one: Neighbour; window: Window; resolution: Resolution; unit: string; on: boolean; onToggle: () => void }) {
  const { t } = useTranslation();
  const lang = useLang();
  const { data } = useSensorSeries(one.id, { since: iso(window.from), until: iso(window.to) }, resolution === "raw" ? "hour" : resolution);
  const points = (data?.buckets ?? []).map(({ at, mean }): [number, number] => [at, mean]);
  const called = name(one.name, lang, one.id);
  return (
    <li className="neighbour">
      <Checkbox checked={on} onChange={onToggle} aria-label={t("sense.compare", { name: called })} />
      <span className="neighbour-name">
        <Link to={`/sense/sensors/${encodeURIComponent(one.id)}`}>{called}</Link>
        <small className="num">
          {distance(one.distance_m)} · {one.at ? shortTime(one.at, lang) : t("sense.never")}
        </small>
      </span>
      <Sparkline points={points} label={called} />
      <b className="num">
        {number(one.value, lang, 2)} <small>{unit}</small>
      </b>
    </li>
  );
}

interface Props {
  neighbours: Neighbour[];
  window: Window;
  resolution: Resolution;
  unit: string;
  compared: ReadonlySet<string>;
  onToggle: (id: string) => void;
}

export function Neighbours({ neighbours, compared, onToggle, ...rest }: Props) {
  const { t } = useTranslation();
  return (
    <Panel title={t("sense.neighbours")} count={neighbours.length} flush>
      {neighbours.length === 0 && <Nothing>{t("sense.no_neighbours")}</Nothing>}
      <ul>
        {neighbours.map((one) => (
          <Row key={one.id} one={one} on={compared.has(one.id)} onToggle={() => onToggle(one.id)} {...rest} />
        ))}
      </ul>
    </Panel>
  );
}
