/** Towns by what the newest forecast says of them, the worst first. */
import { useTranslation } from "react-i18next";

import type { Outlook } from "../../api/types";
import { useLang } from "../../app/preferences";
import type { Picked } from "../../map/CityMap";
import { GradeTag } from "../../parts/GradeTag";
import { number } from "../../parts/names";
import { Nothing } from "../../parts/States";
import { useWords } from "../../parts/useWords";
import { spread } from "./Figures";

export function ImpactList({ outlook, onChoose }: { outlook: Outlook | undefined; onChoose: (picked: Picked) => void }) {
  const { t } = useTranslation();
  const lang = useLang();
  const words = useWords();
  const towns = (outlook?.towns ?? []).filter((town) => town.grade || town.people.high > 0);
  if (towns.length === 0) return <Nothing>{t("situation.no_impact")}</Nothing>;
  return (
    <ul className="rows">
      {towns.map((town) => (
        <li key={town.area}>
          <button type="button" className="row" onClick={() => onChoose({ kind: "town", id: town.area })}>
            <GradeTag grade={town.grade} short />
            <span className="row-main">
              {words.area(town.area)}
              {town.depth_m !== null && town.depth_m > 0 && <small className="num"> {town.depth_m.toFixed(2)} m</small>}
            </span>
            <span className="row-side num">{t("unit.people", { n: spread(town.people, (v) => number(v, lang)) })}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
