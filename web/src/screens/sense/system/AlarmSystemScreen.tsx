/** 报警指标: whether the alarms can still be taken in by those who watch, and what makes too many of them. */
import { Segmented } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";

import { useAlarmsSince, useAlarmSystem } from "../../../api/sensing";
import type { AlarmSystem } from "../../../api/types";
import { palette } from "../../../app/palette";
import { usePreferences } from "../../../app/preferences";
import { Chart } from "../../../charts/Chart";
import { useNow } from "../../../live/ClockProvider";
import { NamedSelect } from "../../../parts/NamedSelect";
import { number } from "../../../parts/names";
import { Panel } from "../../../parts/Panel";
import { Loaded } from "../../../parts/States";
import { iso, lately, SPANS } from "../sensor/span";
import { useSensorNames } from "../useSubjectName";
import { IndicatorTile, Waited } from "./Indicators";
import { ratesOption } from "./rates";
import { CountedBox, FloodsBox, PrioritiesBox, StandingBox } from "./Tables";

const CHOICES = ["24h", "7d", "30d", "90d"];
const MOST = 5000;

interface Asked {
  since: string;
  until: string;
  area?: string;
}

function Rates({ system, asked }: { system: AlarmSystem; asked: Asked }) {
  const { t } = useTranslation();
  const { lang, theme } = usePreferences();
  const { data: alarms = [] } = useAlarmsSince({ since: asked.since, ...(asked.area ? { area: asked.area } : {}), limit: MOST });
  const option = useMemo(() => {
    void theme; // the colours are those of the theme
    const words = { target: t("system.target_line"), most: t("system.most_line"), per: { ten_minutes: t("system.per.ten_minutes"), hour: t("system.per.hour"), day: t("system.per.day") } };
    return ratesOption({ alarms, system, from: Date.parse(asked.since), to: Date.parse(asked.until), words }, palette(), lang);
  }, [alarms, system, asked.since, asked.until, lang, theme, t]);
  return (
    <Panel title={t("system.rates")} extra={alarms.length >= MOST && <small className="late">{t("system.cut", { most: number(MOST, lang) })}</small>}>
      <Chart option={option} height={230} label={t("system.rates")} />
    </Panel>
  );
}

function View({ system, asked }: { system: AlarmSystem; asked: Asked }) {
  const { t } = useTranslation();
  const shown = useMemo(() => [...system.most_frequent, ...system.chattering, ...system.fleeting, ...system.standing].filter(({ subject_kind }) => subject_kind === "sensor").map(({ subject }) => subject), [system]);
  const called = useSensorNames(shown);
  return (
    <>
      <div className="indicators">
        {system.indicators.map((one) => (
          <IndicatorTile key={one.id} one={one} />
        ))}
        <Waited system={system} />
      </div>
      <Rates system={system} asked={asked} />
      <div className="boxes">
        <FloodsBox system={system} />
        <PrioritiesBox system={system} />
        <CountedBox title={t("system.most_frequent")} rows={system.most_frequent} called={called} />
        <CountedBox title={t("system.chattering")} rows={system.chattering} called={called} />
        <CountedBox title={t("system.fleeting")} rows={system.fleeting} called={called} />
        <StandingBox system={system} called={called} />
      </div>
    </>
  );
}

export default function AlarmSystemScreen() {
  const { t } = useTranslation();
  const { lang } = usePreferences();
  const now = useNow();
  const [span, setSpan] = useState("7d");
  const [area, setArea] = useState<string | null>(null);
  const { from, to } = lately(SPANS[span] ?? 0, now);
  const [since, until] = [iso(from), iso(to)];
  const asked = useMemo(() => ({ since, until, ...(area ? { area } : {}) }), [since, until, area]);
  const answer = useAlarmSystem(asked);
  return (
    <div className="page">
      <header className="screen-head">
        <h1>{t("sense.tab.system")}</h1>
        <Segmented size="small" aria-label={t("sense.span")} value={span} options={CHOICES.map((value) => ({ value, label: t(`sense.spans.${value}`) }))} onChange={setSpan} />
        <NamedSelect kind="area" {...{ size: "small", className: "desk-select", placeholder: t("sense.every_area"), value: area, onChange: (code: string | null) => setArea(code ?? null) }} />
        {answer.data && <small className="num">{t("system.told", { alarms: number(answer.data.alarms, lang), operators: number(answer.data.operators, lang, 1) })}</small>}
      </header>
      <Loaded of={answer}>{(system) => <View system={system} asked={asked} />}</Loaded>
    </div>
  );
}
