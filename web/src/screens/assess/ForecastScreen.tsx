/** 淹没图: one forecast on the map, through its hours, with what the water reaches when, and why. */
import { Select } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useParams } from "react-router";

import { useFloodMap } from "../../api/flooding";
import { useForecasts } from "../../api/queries";
import type { ForecastLine } from "../../api/types";
import { useLang } from "../../app/preferences";
import { Loaded, Nothing } from "../../parts/States";
import { dayTime } from "../../parts/time";
import { useWords } from "../../parts/useWords";
import { Explorer } from "./Explorer";
import { newerThan } from "./view";

const address = (id: string): string => `/assess/${encodeURIComponent(id)}`;
const NONE: ForecastLine[] = [];

/** Returns the forecast asked for, else the newest when the page was opened: what is looked at does not change by itself. */
function useShown(lines: ForecastLine[]): string | null {
  const { id } = useParams();
  const [first, setFirst] = useState<string | null>(null);
  const newest = lines[0]?.id ?? null;
  if (first === null && newest !== null) setFirst(newest);
  return id ?? first ?? newest;
}

export default function ForecastScreen() {
  const { t } = useTranslation();
  const lang = useLang();
  const words = useWords();
  const go = useNavigate();
  const { data } = useForecasts();
  const lines = data ?? NONE;
  const shown = useShown(lines);
  const answer = useFloodMap(shown);
  const options = useMemo(() => lines.map((line) => ({ value: line.id, label: `${words.area(line.area)} · ${dayTime(line.at, lang)}` })), [lines, words, lang]);
  if (data && !shown) return <Nothing>{t("flood.none")}</Nothing>;
  const newer = newerThan(lines, shown);
  const choice = (
    <>
      <Select
        className="forecast-choice"
        aria-label={t("flood.choose")}
        value={shown}
        options={options}
        showSearch={{ optionFilterProp: "label" }}
        onChange={(next: string | null) => next && void go(address(next))}
      />
      {newer && (
        <p>
          <Link to={address(newer.id)}>{t("flood.newer", { time: dayTime(newer.at, lang) })}</Link>
        </p>
      )}
    </>
  );
  return <Loaded of={answer}>{(flood) => <Explorer key={flood.id} flood={flood} choice={choice} />}</Loaded>;
}
