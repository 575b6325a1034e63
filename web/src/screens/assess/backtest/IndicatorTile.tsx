/** One score with its target, and who set it. */
import { useTranslation } from "react-i18next";

import type { ScoreIndicator } from "../../../api/backtest";
import { useLang } from "../../../app/preferences";
import { name, number } from "../../../parts/names";
import { Confidence } from "../../../parts/Why";

export function IndicatorTile({ one }: { one: ScoreIndicator }) {
  const { t } = useTranslation();
  const lang = useLang();
  const unit = one.unit === "1" ? "" : ` ${one.unit}`;
  const standing = one.met === null ? null : one.met ? "met" : "missed";
  const tone = one.met === null ? "none" : one.met ? "good" : "bad";
  return (
    <div className={`indicator indicator-${tone}`} data-indicator={one.id}>
      <span className="figure-label">{name(one, lang)}</span>
      <span className="figure-value">
        {number(one.value, lang, 2)}
        {one.value !== null && unit}
      </span>
      <span className="indicator-foot">
        {standing && <span className={`verdict-mark verdict-${tone}`}>{t(`system.standing.${standing}`)}</span>}
        <span className="num">{t(one.id === "csi" ? "backtest.at_least" : "backtest.at_most", { value: `${number(one.target, lang, 2)}${unit}` })}</span>
        <span title={one.source}>
          <Confidence value={one.confidence} />
        </span>
      </span>
    </div>
  );
}
