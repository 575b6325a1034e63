/** A small map of the areas that a warning is for, drawn as plain shapes. */
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { useLayer } from "../../api/queries";
import { within } from "../../api/readers";
import { named } from "../../map/shapes";
import type { Level } from "../../api/types";
import { outlines } from "./outlines";

export function AreasMap({ areas, grade }: { areas: string[]; grade: Level }) {
  const { t } = useTranslation();
  const { data: towns } = useLayer("towns");
  const drawn = useMemo(() => {
    const shapes = named(towns);
    if (!shapes || areas.length === 0) return null;
    const whole = areas.some((code) => code.endsWith("0000"));
    const districts = new Set(areas.map((code) => code.slice(0, 6)));
    return outlines(shapes, (code) => whole || districts.has(code.slice(0, 6)));
  }, [towns, areas]);
  if (!drawn || drawn.paths.length === 0) return null;
  return (
    <svg className="areas-map" viewBox={drawn.box} role="img" aria-label={t("warning.areas")}>
      {drawn.paths.map(({ code, d }) => {
        const hit = areas.some((area) => within(code, area));
        return <path key={code} d={d} className={hit ? `area-hit area-${grade ?? "none"}` : "area-out"} />;
      })}
    </svg>
  );
}
