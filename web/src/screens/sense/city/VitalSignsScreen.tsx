/** 城市体征: a catalogued set of indices by sector, each against its levels, for the city or any area in it. */
import { Switch } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";

import { useCatalog, useMe } from "../../../api/queries";
import { useVitalSigns } from "../../../api/sensing";
import type { Sign, VitalSigns } from "../../../api/types";
import { useLang } from "../../../app/preferences";
import { GRADES, rank } from "../../../parts/grades";
import { GradeTag } from "../../../parts/GradeTag";
import { NamedSelect } from "../../../parts/NamedSelect";
import { name } from "../../../parts/names";
import { Loaded } from "../../../parts/States";
import { dayTime } from "../../../parts/time";
import { SignDetail } from "./SignDetail";
import { SignTile } from "./SignTile";
import { noted } from "./trend";

function Sum({ signs }: { signs: VitalSigns }) {
  const { t } = useTranslation();
  const readings = Object.values(signs.areas[0]?.readings ?? {});
  const measured = readings.filter(({ value }) => value !== null);
  return (
    <span className="chips" role="status">
      {GRADES.map((grade) => {
        const count = readings.filter((one) => one.grade === grade).length;
        return count > 0 && (
          <span key={grade} className="chip">
            <GradeTag grade={grade} /> <b className="num">{count}</b>
          </span>
        );
      })}
      <span className="chip">{t("vitals.measured", { measured: measured.length, all: signs.signs.length })}</span>
    </span>
  );
}

function Board({ signs, all, onArea }: { signs: VitalSigns; all: boolean; onArea: (area: string) => void }) {
  const { t } = useTranslation();
  const lang = useLang();
  const { data: catalog } = useCatalog();
  const [chosen, setChosen] = useState<string | null>(null);
  const trends = useMemo(() => noted(signs), [signs]);
  const [own] = signs.areas;
  const below = useMemo(() => signs.areas.slice(1), [signs]);
  const shown = signs.signs.filter(({ id }) => all || own?.readings[id]?.value != null);
  const gravity = (sector: string): number => Math.min(...shown.filter(({ sectors: [first = ""] }) => first === sector).map(({ id }) => rank(own?.readings[id]?.grade)));
  const sectors = [...new Set(shown.map(({ sectors: [first = ""] }) => first))].sort((a, b) => gravity(a) - gravity(b));
  const sign: Sign | undefined = shown.find(({ id }) => id === chosen) ?? [...shown].sort((a, b) => rank(own?.readings[a.id]?.grade) - rank(own?.readings[b.id]?.grade))[0];
  return (
    <div className="vitals">
      <div className="vitals-board">
        {sectors.map((sector) => (
          <section key={sector}>
            <h4>{name(catalog?.sectors[sector], lang, t("sense.other_sector"))}</h4>
            <div className="signs">
              {shown.filter(({ sectors: [first = ""] }) => first === sector).map((one) => (
                <SignTile key={one.id} sign={one} reading={own?.readings[one.id]} trend={[...(trends.get(one.id) ?? [])]} chosen={one.id === sign?.id} onClick={() => setChosen(one.id)} />
              ))}
            </div>
          </section>
        ))}
      </div>
      {sign && <SignDetail sign={sign} below={below} onArea={onArea} />}
    </div>
  );
}

export default function VitalSignsScreen() {
  const { t } = useTranslation();
  const lang = useLang();
  const { data: me } = useMe();
  const [search, setSearch] = useSearchParams();
  const [all, setAll] = useState(false);
  const area = search.get("area") ?? me?.roles[0]?.area ?? null;
  const answer = useVitalSigns(area, true);
  const setArea = (code: string | null): void => setSearch(code ? { area: code } : {}, { replace: true });
  return (
    <div className="page vitals-page">
      <header className="screen-head">
        <h1>{t("sense.tab.vitals")}</h1>
        <NamedSelect kind="area" {...{ size: "small", className: "desk-select", value: area, onChange: setArea }} />
        {answer.data && <Sum signs={answer.data} />}
        <span className="bar-gap" />
        <label className="autopilot">
          <Switch size="small" checked={all} onChange={setAll} /> {t("vitals.show_all")}
        </label>
        {answer.data && <small className="num">{dayTime(answer.data.at, lang)}</small>}
      </header>
      <Loaded of={answer}>{(signs) => <Board signs={signs} all={all} onArea={setArea} />}</Loaded>
    </div>
  );
}
