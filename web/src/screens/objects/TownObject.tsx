/** A town: what the newest forecast says of it, the alarms in it, and what is being done. */
import { useTranslation } from "react-i18next";

import { useAlarms, useAreas, useTasks } from "../../api/queries";
import { within } from "../../api/readers";
import type { Alarm } from "../../api/types";
import { useLang } from "../../app/preferences";
import { Facts } from "../../parts/Facts";
import { GradeTag } from "../../parts/GradeTag";
import { name, number } from "../../parts/names";
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

export function TownObject({ id, forecast, onChoose }: ObjectProps) {
  const { t } = useTranslation();
  const lang = useLang();
  const words = useWords();
  const { data: areas } = useAreas();
  const { data: alarms = [] } = useAlarms();
  const { data: tasks = [] } = useTasks({ open: true, area: id });
  const area = areas?.get(id);
  const impact = forecast?.towns?.find((town) => town.area === id);
  const inside = alarms.filter((alarm) => within(alarm.area, id));
  const n = (value: number): string => number(value, lang);
  return (
    <article className="object">
      <header className="object-head">
        <GradeTag grade={impact?.grade} />
        <h2>{words.area(id)}</h2>
      </header>
      <Facts
        rows={[
          [t("fact.people_hit"), impact && t("unit.people", { n: spread(impact.people, n) })],
          [t("fact.best"), impact && n(impact.people.best)],
          [t("fact.depth"), impact?.depth_m != null && `${impact.depth_m.toFixed(2)} m`],
          [t("fact.population"), area?.population != null && n(area.population)],
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
