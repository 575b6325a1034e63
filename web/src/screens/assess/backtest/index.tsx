/** 回顾检验: the tab that scores forecasts against what was then observed.
 *
 * This file must export by default a component without properties that fills its page; it is loaded when the tab is opened.
 */
import { useTranslation } from "react-i18next";

import { Nothing } from "../../../parts/States";

export default function BacktestScreen() {
  const { t } = useTranslation();
  return (
    <div className="page">
      <Nothing>{t("flood.no_backtest")}</Nothing>
    </div>
  );
}
