/** A town: what the newest forecast says of it, the alarms in it, and what is being done. */
import { useTranslation } from "react-i18next";

import { useAlarms, useAreas, useTasks } from "../../api/queries";
import { within } from "../../api/readers";
import type { Alarm, TownImpact } from "../../api/types";
import { useLang } from "../../app/preferences";
import { Facts } from "../../parts/Facts";
import { GradeTag } from "../../parts/GradeTag";
import { name, number } from "../../parts/names";
import type { Lang } from "../../parts/time";
import { useWords } from "../../parts/useWords";
import { spread } from "../situation/Figures";
import { TaskRow } from "../desks/TaskRow";
import { ForecastWhy } from "./ForecastObject";
import type { ObjectProps } from "./ObjectDetail";

const MOST = 20;

function AlarmsInside({ alarms, onChoose }: { alarms: Alarm[]; onChoose: ObjectProps["onChoose"] }) {
  const { t } = useTranslation();
  const lang = useLang();
  const words = useWords();
  return (
    <section>
      <h4>{t("figure.alarms")}</h4>
      <ul className="rows">
        {alarms.map((alarm) => (
          <li key={alarm.id}>
            <button type="button" className="row" onClick={() => onChoose({ kind: "alarm", id: alarm.id })}>
              <GradeTag grade={alarm.grade} short />
              <span className="row-main">{name(alarm.name, lang)}</span>
              <span className="row-side num">
                {number(alarm.value, lang, 2)} {words.unit(alarm.unit)}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

const figure = (value: number | null, unit: string, digits: number, lang: Lang): string | null =>
  value === null ? null : `${number(value, lang, digits)} ${unit}`;

function ImpactFacts({ impact }: { impact: TownImpact | undefined }) {
  const { t } = useTranslation();
  const lang = useLang();
  if (!impact) return null;
  const n = (value: number): string => number(value, lang);
  return (
    <Facts
      rows={[
        [t("fact.people_hit"), t("unit.people", { n: spread(impact.people, n) })],
        [t("fact.best"), n(impact.people.best)],
        [t("fact.depth"), figure(impact.depth_m, "m", 2, lang)],
        [t("fact.flooded"), figure(impact.flooded_km2, "km²", 2, lang)],
        [t("fact.rain"), figure(impact.rain_mm, "mm", 0, lang)],
        [t("fact.gust"), figure(impact.gust_m_s, "m/s", 1, lang)],
        [t("fact.critical"), impact.critical_assets || null],
      ]}
    />
  );
}

export function TownObject({ id, outlook, onChoose }: ObjectProps) {
  const { t } = useTranslation();
  const lang = useLang();
  const words = useWords();
  const { data: areas } = useAreas();
  const { data: alarms = [] } = useAlarms();
  const { data: tasks = [] } = useTasks({ open: true, area: id });
  const area = areas?.get(id);
  const impact = outlook?.towns.find((town) => town.area === id);
  const forecast = outlook?.forecasts.find((one) => one.towns.some((town) => town.area === id));
  const inside = alarms.filter((alarm) => within(alarm.area, id));
  return (
    <article className="object">
      <header className="object-head">
        <GradeTag grade={impact?.grade} />
        <h2>{words.area(id)}</h2>
      </header>
      <ImpactFacts impact={impact} />
      <Facts
        rows={[
          [t("fact.population"), area?.population != null && number(area.population, lang)],
          [t("fact.district"), area?.parent && name(areas?.get(area.parent)?.names, lang)],
          [t("fact.code"), <code key="c">{id}</code>],
        ]}
      />
      {forecast && impact && <ForecastWhy forecast={forecast} />}
      {inside.length > 0 && <AlarmsInside alarms={inside} onChoose={onChoose} />}
      <section>{tasks.slice(0, MOST).map((task) => <TaskRow key={task.id} task={task} />)}</section>
    </article>
  );
}
