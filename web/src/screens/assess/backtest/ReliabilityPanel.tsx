/** Whether chances can be relied on: how often a depth came after each chance of it. */
import { Segmented } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";

import type { Backtest } from "../../../api/backtest";
import { palette } from "../../../app/palette";
import { usePreferences } from "../../../app/preferences";
import { Chart } from "../../../charts/Chart";
import { number } from "../../../parts/names";
import { Panel } from "../../../parts/Panel";
import { Nothing } from "../../../parts/States";
import { reliabilityOption } from "./options";

export function ReliabilityPanel({ scores }: { scores: Backtest }) {
  const { t } = useTranslation();
  const { lang, theme } = usePreferences();
  const [depth, setDepth] = useState<number | null>(null);
  const shown = scores.chances.find(({ depth_m }) => depth_m === depth) ?? scores.chances[0];
  const option = useMemo(() => {
    void theme; // the colours are those of the theme
    const words = { said: t("backtest.said"), came: t("backtest.came"), perfect: t("backtest.perfect"), cases: (count: number) => t("backtest.case_count", { count }) };
    return shown ? reliabilityOption(shown, words, palette(), lang) : {};
  }, [shown, theme, lang, t]);
  if (!shown) return null;
  const choice = <Segmented size="small" value={shown.depth_m} onChange={setDepth} options={scores.chances.map(({ depth_m }) => ({ value: depth_m, label: `≥ ${depth_m} m` }))} />;
  return (
    <Panel title={t("backtest.reliability")} extra={choice}>
      {shown.brier === null ? (
        <Nothing>{t("backtest.nothing")}</Nothing>
      ) : (
        <>
          <Chart option={option} height={260} label={t("backtest.reliability")} />
          <p className="legend num" title={t("backtest.long.brier")}>
            {t("backtest.brier", { score: number(shown.brier, lang, 3), reliability: number(shown.reliability, lang, 3), resolution: number(shown.resolution, lang, 3), uncertainty: number(shown.uncertainty, lang, 3) })}
          </p>
        </>
      )}
    </Panel>
  );
}
