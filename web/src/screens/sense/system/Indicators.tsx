/** The figures that an alarm system is measured by, each beside its target and who says so. */
import { useTranslation } from "react-i18next";

import type { AlarmSystem, Indicator } from "../../../api/types";
import { useLang } from "../../../app/preferences";
import { name, number } from "../../../parts/names";
import { Confidence } from "../../../parts/Why";
import { roughly } from "../words";

const TONES: Record<string, string> = { met: "good", bearable: "soon", missed: "bad" };

export function IndicatorTile({ one }: { one: Indicator }) {
  const { t } = useTranslation();
  const lang = useLang();
  const unit = one.unit === "1" ? "" : ` ${one.unit}`;
  const tone = TONES[one.standing] ?? "soon";
  return (
    <div className={`indicator indicator-${tone}`} data-indicator={one.id}>
      <span className="figure-label">{name(one.names, lang)}</span>
      <span className="figure-value">
        {number(one.value, lang, 2)}
        {unit}
      </span>
      <span className="indicator-foot">
        <span className={`verdict-mark verdict-${tone}`}>{t(`system.standing.${one.standing}`, { defaultValue: one.standing })}</span>
        <span className="num">
          {t("system.target", { value: `${number(one.target, lang, 2)}${unit}` })}
          {one.most !== null && ` · ${t("system.most", { value: `${number(one.most, lang, 2)}${unit}` })}`}
        </span>
        <span className="indicator-source" title={one.source ?? ""}>
          {one.confidence && <Confidence value={one.confidence} />}
        </span>
      </span>
    </div>
  );
}

export function Waited({ system }: { system: AlarmSystem }) {
  const { t } = useTranslation();
  const { median_s, most_s } = system.waited;
  return (
    <div className="indicator">
      <span className="figure-label">{t("system.waited")}</span>
      <span className="figure-value">{median_s === null ? "–" : roughly(Math.round(median_s), t)}</span>
      <span className="indicator-foot">{most_s !== null && t("system.waited_most", { time: roughly(Math.round(most_s), t) })}</span>
    </div>
  );
}
