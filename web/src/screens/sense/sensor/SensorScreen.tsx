/** 传感器: one instrument, what it said, what was found in that, and who looks after it. */
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";

import { useSensor } from "../../../api/sensing";
import type { SensorPage } from "../../../api/types";
import { useLang } from "../../../app/preferences";
import { ActButton } from "../../../parts/ActButton";
import { gravest } from "../../../parts/grades";
import { GradeTag } from "../../../parts/GradeTag";
import { name, number } from "../../../parts/names";
import { Loaded } from "../../../parts/States";
import { dayTime } from "../../../parts/time";
import { useWords } from "../../../parts/useWords";
import { Marks } from "../../../parts/Why";
import { Neighbours } from "./Neighbours";
import { SensorAlarms, useAlarmWords } from "./SensorAlarms";
import { CardPanel, MaintenancePanel, RulesPanel } from "./SensorSide";
import { SeriesPanel } from "./SeriesPanel";
import { useOthers } from "./useOthers";
import { useWindow } from "./useWindow";

function Head({ page }: { page: SensorPage }) {
  const { t } = useTranslation();
  const lang = useLang();
  const words = useWords();
  const { card, latest, alarms, health } = page;
  const grade = gravest(alarms.filter(({ active, about }) => active && about === "hazard").map((one) => one.grade));
  return (
    <header className="screen-head sensor-head">
      {grade && <GradeTag grade={grade} />}
      <h1>{name(card.name, lang, card.id)}</h1>
      <Marks synthetic={card.synthetic ?? null} />
      {health.length > 0 && <span className="mark mark-bad">{t("sense.unwell")}</span>}
      {card.retired_at && <span className="mark">{t("sense.state.retired")}</span>}
      <span className="bar-gap" />
      <p className="big-value">
        {latest ? number(latest.value, lang, 2) : "–"} <small>{words.unit(card.unit)}</small>
        <span>{latest ? `${dayTime(latest.at, lang)} · ${t(`quality.${latest.quality}`, { defaultValue: latest.quality })}` : t("sense.never")}</span>
      </p>
      {!card.retired_at && <ActButton danger verb="sensor.retire" args={{ sensors: [card.id] }} about={name(card.name, lang)} />}
    </header>
  );
}

function View({ page }: { page: SensorPage }) {
  const words = useWords();
  const told = useAlarmWords();
  const time = useWindow();
  const [compared, setCompared] = useState<ReadonlySet<string>>(new Set());
  const { window, resolution } = time.chosen;
  const others = useOthers(page.neighbours, compared, window, resolution);
  const toggle = (id: string): void =>
    setCompared((before) => {
      const after = new Set(before);
      if (!after.delete(id)) after.add(id);
      return after;
    });
  const hazards = useMemo(() => page.alarms.filter(({ about }) => about !== "instrument"), [page]);
  return (
    <div className="page">
      <Head page={page} />
      <div className="columns">
        <div>
          <SeriesPanel page={page} time={time} others={others} />
          <Neighbours neighbours={page.neighbours} window={window} resolution={resolution} unit={words.unit(page.card.unit)} compared={compared} onToggle={toggle} />
          <SensorAlarms title={told.alarms} alarms={hazards} nothing={told.noAlarms} />
        </div>
        <div>
          <SensorAlarms title={told.health} alarms={page.health} nothing={told.healthy} />
          <RulesPanel rules={page.rules} />
          <MaintenancePanel page={page} />
          <CardPanel card={page.card} />
        </div>
      </div>
    </div>
  );
}

export default function SensorScreen() {
  const { id = "" } = useParams();
  const answer = useSensor(id);
  return <Loaded of={answer}>{(page) => <View key={id} page={page} />}</Loaded>;
}
