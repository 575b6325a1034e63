/** The rule on a sensor's recent readings: what is compared, and where the levels lie. Of a compound rule, its terms. */
import { Select } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";

import { names, record, text } from "../../../api/raw";
import { useSensorSeries, useSensorsOf } from "../../../api/sensing";
import { palette } from "../../../app/palette";
import { usePreferences } from "../../../app/preferences";
import { Chart } from "../../../charts/Chart";
import { useNow } from "../../../live/ClockProvider";
import { rank } from "../../../parts/grades";
import { name } from "../../../parts/names";
import { Loaded, Nothing } from "../../../parts/States";
import { Synthetic } from "../../../parts/Why";
import { useWords } from "../../../parts/useWords";
import { iso, lately, SPANS } from "../sensor/span";
import { compared, isShown } from "./compared";
import type { Draft } from "./draft";
import { CADENCES, levelUnit } from "./levels";
import { pictureOption } from "./pictureOption";
import { TermsPicture } from "./TermsPicture";

const BACK: Record<string, string> = { deviation: "7d", stuck: "7d", silence: "24h" };
const MOST = 200;

interface Example {
  id: string;
  label: string;
}

/** Returns sensors that the rule watches, those in alarm first. */
function useExamples(draft: Draft): Example[] {
  const { lang } = usePreferences();
  const { data } = useSensorsOf(draft.quantity === "*" ? "" : draft.quantity, draft.kind === "compound");
  return useMemo(() => {
    const types = new Set(draft.asset_types);
    return (data?.features ?? [])
      .map(({ properties }) => record(properties))
      .filter((one) => types.size === 0 || types.has(text(one.asset_type) ?? ""))
      .sort((a, b) => rank(text(a.grade)) - rank(text(b.grade)))
      .slice(0, MOST)
      .map((one) => ({ id: text(one.id) ?? "", label: name(names(one), lang, text(one.id) ?? "") }));
  }, [data, draft.asset_types, lang]);
}

function OnSensor({ draft, sensor }: { draft: Draft; sensor: string }) {
  const { t } = useTranslation();
  const { lang, theme } = usePreferences();
  const words = useWords();
  const window = lately(SPANS[BACK[draft.kind] ?? "24h"] ?? 0, useNow());
  const answer = useSensorSeries(sensor, { since: iso(window.from), until: iso(window.to) }, "raw");
  const { data } = answer;
  const option = useMemo(() => {
    void theme; // the colours are those of the theme
    if (!data || data.readings.length === 0) return null;
    const scale = draft.unit === CADENCES ? usualStep(data.readings.map(({ at }) => at)) / 1000 : 1;
    return pictureOption({ points: compared(draft, data.readings), draft, scale, value: words.quantity(data.quantity), unit: draft.unit === CADENCES ? words.unit("s") : levelUnit(draft, words.unit, t), clear: t("rule.clear") }, palette(), lang);
  }, [data, draft, lang, theme, words, t]);
  return (
    <Loaded of={answer}>
      {() => (
        <>
          {option ? <Chart option={option} height={210} label={t("rule.picture")} /> : <Nothing>{t("chart.no_readings")}</Nothing>}
          {data?.synthetic && <Synthetic />} {!isShown(draft.kind) && <small>{t("rule.only_values")}</small>}
          {draft.kind === "deviation" && <small>{t("rule.only_here")}</small>}
        </>
      )}
    </Loaded>
  );
}

/** Returns the usual time between two readings, ms. */
function usualStep(times: number[]): number {
  const steps = times.slice(1).map((at, i) => at - (times[i] ?? at)).sort((a, b) => a - b);
  return steps[Math.floor(steps.length / 2)] ?? 0;
}

export function RulePicture({ draft }: { draft: Draft }) {
  const { t } = useTranslation();
  const examples = useExamples(draft);
  const [chosen, setChosen] = useState<string | null>(null);
  if (draft.kind === "compound") return <TermsPicture draft={draft} />;
  const sensor = examples.find(({ id }) => id === chosen)?.id ?? examples[0]?.id;
  if (!sensor) return <Nothing>{t("rule.no_sensor")}</Nothing>;
  return (
    <div className="rule-picture">
      <div className="rule-example">
        <small>{t("rule.example")}</small>
        <Select size="small" className="form-select" aria-label={t("rule.example")} showSearch={{ optionFilterProp: "label" }} value={sensor} options={examples.map(({ id, label }) => ({ value: id, label }))} onChange={setChosen} />
      </div>
      <OnSensor draft={draft} sensor={sensor} />
    </div>
  );
}
