/** 淹没图: one forecast on the map, through its hours, with what the water reaches when, and why. */
import { Select } from "antd";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useParams } from "react-router";

import { useFloodMap } from "../../api/flooding";
import { useForecasts } from "../../api/queries";
import { useLang } from "../../app/preferences";
import { Loaded, Nothing } from "../../parts/States";
import { dayTime } from "../../parts/time";
import { useWords } from "../../parts/useWords";
import { Explorer } from "./Explorer";

export default function ForecastScreen() {
  const { t } = useTranslation();
  const lang = useLang();
  const words = useWords();
  const go = useNavigate();
  const { id } = useParams();
  const { data: lines } = useForecasts();
  const shown = id ?? lines?.[0]?.id ?? null;
  const answer = useFloodMap(shown);
  const options = useMemo(
    () => (lines ?? []).map((line) => ({ value: line.id, label: `${words.area(line.area)} · ${dayTime(line.at, lang)}` })),
    [lines, words, lang],
  );
  if (lines && !shown) return <Nothing>{t("flood.none")}</Nothing>;
  const choice = (
    <Select
      className="forecast-choice"
      aria-label={t("flood.choose")}
      value={shown}
      options={options}
      showSearch={{ optionFilterProp: "label" }}
      onChange={(next: string | null) => next && void go(`/assess/${encodeURIComponent(next)}`)}
    />
  );
  return <Loaded of={answer}>{(flood) => <Explorer key={flood.id} flood={flood} choice={choice} />}</Loaded>;
}
