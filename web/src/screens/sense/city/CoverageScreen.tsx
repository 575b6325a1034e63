/** 覆盖: where instruments would see a hazard, and where none would. */
import { Select, Table } from "antd";
import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";

import { useMe } from "../../../api/queries";
import { useCoverage } from "../../../api/sensing";
import type { Coverage, TownCoverage } from "../../../api/types";
import { useLang } from "../../../app/preferences";
import { NamedSelect } from "../../../parts/NamedSelect";
import { name, number } from "../../../parts/names";
import { Loaded } from "../../../parts/States";
import { useWide } from "../../../parts/useWide";
import { Synthetic } from "../../../parts/Why";
import { Tile } from "../ingest/Totals";
import { CoverageMap } from "./CoverageMap";
import { byNeed, CLASSES, mostWatched } from "./coverageMap";

function Figures({ coverage }: { coverage: Coverage }) {
  const { t } = useTranslation();
  const lang = useLang();
  const share = (part: number, whole: number): string => (whole > 0 ? `${number((100 * part) / whole, lang, 1)}%` : "–");
  return (
    <div className="figures coverage-figures">
      <Tile label={t("coverage.people")} value={share(coverage.people_covered, coverage.people)} note={`${number(coverage.people_covered, lang)} / ${number(coverage.people, lang)}`} />
      <Tile label={t("coverage.land")} value={share(coverage.land_covered_km2, coverage.land_km2)} note={`${number(coverage.land_covered_km2, lang)} / ${number(coverage.land_km2, lang)} km²`} />
      <Tile label={t("coverage.gaps")} value={number(coverage.gaps.length + coverage.gaps_left_out, lang)} note={t("coverage.cells", { cells: number(coverage.cells, lang), size: number(coverage.cell_m, lang) })} />
    </div>
  );
}

function Towns({ coverage, chosen, onTown }: { coverage: Coverage; chosen: string | null; onTown: (area: string) => void }) {
  const { t } = useTranslation();
  const lang = useLang();
  const { hazard } = coverage;
  return (
    <Table<TownCoverage>
      size="small"
      rowKey="area"
      dataSource={byNeed(coverage)}
      pagination={false}
      tableLayout="fixed"
      className="towns-table"
      rowClassName={({ area }) => (area === chosen ? "clickable desk-chosen" : "clickable")}
      onRow={({ area }) => ({ onClick: () => onTown(area), "data-town": area } as React.HTMLAttributes<HTMLElement>)}
      columns={[
        { title: t("object.town"), render: (_, town) => name(town.names, lang, town.area), sorter: (a, b) => a.area.localeCompare(b.area) },
        { title: t("coverage.heard_of"), width: 100, align: "right", className: "num", sorter: (a, b) => (a.heard[hazard] ?? 0) - (b.heard[hazard] ?? 0), render: (_, town) => <><b>{number(town.heard[hazard] ?? 0, lang)}</b> / {number(town.sensors[hazard] ?? 0, lang)}</> },
        { title: t("fact.population"), width: 104, align: "right", className: "num", sorter: (a, b) => (a.people ?? 0) - (b.people ?? 0), render: (_, town) => number(town.people, lang) },
        { title: t("coverage.per"), width: 80, align: "right", className: "num", sorter: (a, b) => (a.heard[hazard] ?? 0) / (a.people ?? 1) - (b.heard[hazard] ?? 0) / (b.people ?? 1), render: (_, town) => (town.people ? number((10_000 * (town.heard[hazard] ?? 0)) / town.people, lang, 2) : "–") },
      ]}
    />
  );
}

function MapLegend() {
  const { t } = useTranslation();
  return (
    <ul className="coverage-legend">
      {CLASSES.map((one) => (
        <li key={one}>
          <i className={`coverage-${one}`} aria-hidden /> {t(`coverage.classes.${one}`)}
        </li>
      ))}
      <li>
        <i className="coverage-gap" aria-hidden /> {t("coverage.gap")}
      </li>
    </ul>
  );
}

export default function CoverageScreen() {
  const { t } = useTranslation();
  const wide = useWide();
  const { data: me } = useMe();
  const [area, setArea] = useState<string | null>(null);
  const [hazard, setHazard] = useState<string | null>(null);
  const [town, setTown] = useState<string | null>(null);
  const where = area ?? me?.roles[0]?.area ?? null;
  const { data: any } = useCoverage(where, null);
  const wanted = hazard ?? (any ? mostWatched(any) : null);
  const answer = useCoverage(where, wanted);
  const pick = useCallback((code: string) => setTown(code), []);
  return (
    <Loaded of={answer}>
      {(coverage) => (
        <div className="situation coverage">
          <section className="situation-map">
            <CoverageMap key={coverage.area} coverage={coverage} onTown={pick} />
            {wide && <MapLegend />}
          </section>
          <aside className="situation-side">
            <div className="sense-filter">
              <Select size="small" aria-label={t("coverage.hazard")} showSearch={{ optionFilterProp: "label" }} value={coverage.hazard} options={coverage.hazards.map((value) => ({ value, label: t(`hazard.${value}`, { defaultValue: value }) }))} onChange={setHazard} />
              <NamedSelect kind="area" {...{ size: "small", placeholder: t("sense.every_area"), value: area, onChange: (code: string | null) => setArea(code ?? null) }} />
            </div>
            <Figures coverage={coverage} />
            {coverage.synthetic && (
              <p className="try-note coverage-note">
                <Synthetic /> {t("coverage.synthetic")}
              </p>
            )}
            {!wide && <MapLegend />}
            <div className="situation-list">
              <Towns coverage={coverage} chosen={town} onTown={pick} />
            </div>
          </aside>
        </div>
      )}
    </Loaded>
  );
}
