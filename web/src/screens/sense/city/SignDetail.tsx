/** One vital sign in full: what it is made of, and how the areas below stand. */
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { useLayer } from "../../../api/queries";
import type { AreaSigns, Sign } from "../../../api/types";
import { useLang } from "../../../app/preferences";
import { named } from "../../../map/shapes";
import { GradeTag } from "../../../parts/GradeTag";
import { isGrade, NUMERAL, rank } from "../../../parts/grades";
import { name, number } from "../../../parts/names";
import { Panel } from "../../../parts/Panel";
import { useWords } from "../../../parts/useWords";
import { Why } from "../../../parts/Why";
import { outlines } from "../../warnings/outlines";
import { SIGNS } from "../rules/levels";
import { signUnit } from "./SignTile";

/** The areas as shapes, each filled by its grade; those that nobody measures are left empty. */
function Shapes({ sign, areas }: { sign: Sign; areas: AreaSigns[] }) {
  const { t } = useTranslation();
  const lang = useLang();
  const words = useWords();
  const small = (areas[0]?.area.length ?? 6) > 6;
  const { data } = useLayer(small ? "towns" : "districts");
  const drawn = useMemo(() => {
    const shapes = named(data);
    const codes = new Set(areas.map(({ area }) => area));
    return shapes ? outlines(shapes, (code) => codes.has(code)) : null;
  }, [data, areas]);
  if (!drawn || drawn.paths.length === 0) return null;
  const readings = new Map(areas.map(({ area, readings: all }) => [area, all[sign.id]]));
  return (
    <svg className="areas-map sign-map" viewBox={drawn.box} role="img" aria-label={t("vitals.below")}>
      {drawn.paths.map(({ code, d }) => {
        const reading = readings.get(code);
        const look = reading?.value == null ? "area-out" : `area-hit ${reading.grade ? `area-${reading.grade}` : "area-calm"}`;
        return (
          <path key={code} d={d} className={look}>
            <title>{`${words.area(code)} ${number(reading?.value, lang, 2)}`}</title>
          </path>
        );
      })}
    </svg>
  );
}

export function SignDetail({ sign, below, onArea }: { sign: Sign; below: AreaSigns[]; onArea: (area: string) => void }) {
  const { t } = useTranslation();
  const lang = useLang();
  const words = useWords();
  const unit = signUnit(sign.unit, words.unit);
  const rows = below
    .map(({ area, readings }) => ({ area, reading: readings[sign.id] }))
    .filter(({ reading }) => reading?.value != null)
    .sort((a, b) => rank(a.reading?.grade) - rank(b.reading?.grade) || (sign.op.startsWith("<") ? 1 : -1) * ((a.reading?.value ?? 0) - (b.reading?.value ?? 0)));
  return (
    <div className="sign-detail">
      <Panel title={name(sign.names, lang, sign.id)}>
        <Shapes sign={sign} areas={below} />
        <ul className="rows boxed">
          {rows.map(({ area, reading }) => (
            <li key={area}>
              <button type="button" className="row" onClick={() => onArea(area)}>
                {reading?.grade && <GradeTag grade={reading.grade} short />}
                <span className="row-main">{words.area(area)}</span>
                <span className="row-side num">
                  {number(reading?.value, lang, 2)} {unit}
                </span>
              </button>
            </li>
          ))}
        </ul>
      </Panel>
      <Why
        rows={[
          [t("vitals.formula"), <code key="f">{sign.formula}</code>],
          [t("why.levels"), sign.grades.map(({ grade, value }) => `${isGrade(grade) ? NUMERAL[grade] : ""}\u00a0${SIGNS[sign.op] ?? sign.op}\u00a0${value}`).join(" · ") + ` ${unit}`],
          [t("field.note"), sign.note],
        ]}
        source={sign.source ?? null}
        confidence={sign.confidence ?? null}
      />
    </div>
  );
}
