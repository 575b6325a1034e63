/** 实时图: every sensor of the areas in sight on one map, by kind and state. */
import { Button, Select, Switch } from "antd";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";

import { useLang } from "../../../app/preferences";
import { NamedSelect } from "../../../parts/NamedSelect";
import { number } from "../../../parts/names";
import { ProblemNote } from "../../../parts/States";
import { chosen, tally, tones } from "./filter";
import { KindList } from "./KindList";
import { Legend } from "./Legend";
import { places } from "./mercator";
import { PointCard } from "./PointCard";
import { SensorMap, type Pointed } from "./SensorMap";
import { useKinds, useSigns } from "./useKinds";
import { useMapFilter } from "./useMapFilter";
import { useSensorField, type SensorField } from "./useSensorField";

const NONE = new Uint32Array(0);
const NO_TONES = new Uint8Array(0);
const NO_NAMES: string[] = [];

/** Counts and orders what is shown; anew only when the filter or the news ask for it. */
function useShownSensors({ columns, version }: SensorField, filter: ReturnType<typeof useMapFilter>["filter"]) {
  const spots = useMemo(() => (columns ? places(columns.lon, columns.lat) : null), [columns]);
  return useMemo(() => {
    void version; // columns are brought up to date in place
    if (!columns) return { spots, tone: NO_TONES, rows: NONE, counts: null };
    const tone = tones(columns);
    return { spots, tone, rows: chosen(columns, filter, tone), counts: tally(columns, filter, tone) };
  }, [columns, version, filter, spots]);
}

export default function MapScreen() {
  const { t } = useTranslation();
  const lang = useLang();
  const go = useNavigate();
  const { filter, toggle, write, clear } = useMapFilter();
  const field = useSensorField(filter.area);
  const { columns } = field;
  const { spots, tone, rows, counts } = useShownSensors(field, filter);
  const [pointed, setPointed] = useState<Pointed | null>(null);
  const [picked, setPicked] = useState<Pointed | null>(null);
  const quantities = columns?.quantities ?? NO_NAMES;
  const signs = useSigns(quantities);
  const kinds = useKinds(quantities);
  const open = (id: string): void => void go(`/sense/sensors/${encodeURIComponent(id)}`);
  const pick = (hit: Pointed): void => {
    const [only] = hit.rows;
    if (hit.rows.length === 1 && only !== undefined && columns) open(columns.ids[only] ?? "");
    else setPicked(hit);
  };
  useEffect(() => {
    const close = (event: KeyboardEvent): void => {
      if (event.key === "Escape") setPicked(null);
    };
    window.addEventListener("keydown", close);
    return () => window.removeEventListener("keydown", close);
  }, []);
  const hovered = pointed ?? picked;
  const drawing = { columns, places: spots, tone, rows, signs, chosen: hovered?.rows[0] ?? -1 };
  const filtered = filter.quantities.size + filter.states.size + filter.grades.size > 0 || filter.area !== null;

  return (
    <div className="situation sense-map">
      <section className="situation-map">
        <SensorMap
          drawing={drawing}
          heaped={filter.heaped}
          onPoint={(hit) => {
            setPointed(hit);
            if (!hit) setPicked(null);
          }}
          onPick={pick}
        />
        {columns && pointed && !picked && <PointCard columns={columns} pointed={pointed} />}
        {columns && picked && <PointCard columns={columns} pointed={picked} onOpen={open} />}
      </section>
      <aside className="situation-side sense-side">
        <div className="sense-filter">
          <NamedSelect kind="area" {...{ size: "small", placeholder: t("sense.every_area"), value: filter.area, onChange: (area: string | null) => write("area", area) }} />
          <Select
            size="small"
            mode="multiple"
            maxTagCount="responsive"
            allowClear
            placeholder={t("sense.every_kind")}
            showSearch={{ optionFilterProp: "label" }}
            value={[...filter.quantities]}
            options={kinds.map((kind) => ({ value: kind.quantity, label: kind.name }))}
            onChange={(names: string[]) => write("q", names.join(","))}
          />
          <label>
            <Switch size="small" checked={filter.heaped} onChange={(on) => write("heaps", on ? "1" : null)} /> {t("sense.heaps")}
          </label>
        </div>
        {field.problem && <ProblemNote problem={field.problem} />}
        {counts && columns && (
          <>
            <p className="sense-total" role="status">
              <b className="num" data-shown={rows.length}>{number(rows.length, lang)}</b> / <span className="num">{t("sense.sensors", { n: number(columns.ids.length, lang) })}</span>
              {filtered && <Button type="link" size="small" onClick={clear}>{t("sense.clear_filter")}</Button>}
            </p>
            <Legend tally={counts} filter={filter} toggle={toggle} />
            <div className="situation-list">
              <KindList quantities={quantities} tally={counts} filter={filter} toggle={toggle} />
            </div>
          </>
        )}
      </aside>
    </div>
  );
}
