/** A sensor: its newest value, its readings, and what it is. */
import { useTranslation } from "react-i18next";

import { useSensors, useSeries } from "../../api/queries";
import { names, record, text, amount, flag } from "../../api/raw";
import { useLang } from "../../app/preferences";
import { SeriesChart } from "../../charts/SeriesChart";
import { Facts } from "../../parts/Facts";
import { GradeTag } from "../../parts/GradeTag";
import { name, number } from "../../parts/names";
import { Loaded, Nothing } from "../../parts/States";
import { dayTime } from "../../parts/time";
import { useWords } from "../../parts/useWords";
import { Marks } from "../../parts/Why";
import type { ObjectProps } from "./ObjectDetail";

const NO_LEVELS: never[] = [];

export function SensorObject({ id }: ObjectProps) {
  const { t } = useTranslation();
  const lang = useLang();
  const words = useWords();
  const { data: sensors } = useSensors();
  const series = useSeries(id);
  const found = sensors?.features.find(({ properties }) => properties?.id === id);
  if (!found) return <Nothing>{id}</Nothing>;
  const one = record(found.properties);
  const at = text(one.at);
  return (
    <article className="object">
      <header className="object-head">
        {text(one.grade) && <GradeTag grade={text(one.grade)} />}
        <h2>{name(names(one, id), lang)}</h2>
        {flag(one.stale) && <span className="mark">{t("sensor.stale")}</span>}
        <Marks synthetic={flag(one.synthetic)} />
      </header>
      <p className="big-value">
        {number(amount(one.value), lang, 2)} <small>{words.unit(text(one.unit) ?? "")}</small>
        <span>{words.quantity(text(one.quantity) ?? "")}</span>
      </p>
      <Loaded of={series}>{(data) => <SeriesChart series={data} levels={NO_LEVELS} />}</Loaded>
      <Facts
        rows={[
          [t("fact.kind"), words.assetType(text(one.asset_type) ?? "")],
          [t("fact.area"), words.area(text(one.area) ?? "")],
          [t("fact.read_at"), at && dayTime(at, lang)],
          [t("fact.quality"), text(one.quality) && t(`quality.${text(one.quality)}`, { defaultValue: text(one.quality) ?? "" })],
          [t("fact.sensor"), <code key="id">{id}</code>],
        ]}
      />
    </article>
  );
}
