/** What stands behind a number: source, confidence, maturity, and that it is synthetic where it is. */
import { useTranslation } from "react-i18next";

import type { Reasons } from "../api/types";

export function Synthetic() {
  const { t } = useTranslation();
  return <span className="mark mark-synthetic" title={t("why.synthetic_long")}>{t("why.synthetic")}</span>;
}

export function Maturity({ value }: { value: string }) {
  const { t } = useTranslation();
  return (
    <span className="mark" title={t(`why.maturity_long.${value}`, { defaultValue: value })}>
      {t(`why.maturity.${value}`, { defaultValue: value })}
    </span>
  );
}

export function Confidence({ value }: { value: string }) {
  const { t } = useTranslation();
  const letter = value.charAt(0);
  return (
    <span className="mark" title={t(`why.confidence_long.${letter}`, { defaultValue: value })}>
      {t("why.confidence", { value })}
    </span>
  );
}

export function Marks({ maturity, confidence, synthetic }: Reasons) {
  return (
    <span className="marks">
      {maturity && <Maturity value={maturity} />}
      {confidence && <Confidence value={confidence} />}
      {synthetic && <Synthetic />}
    </span>
  );
}

/** The "why" box of a drawer: rows of what was put in and which rule drew the conclusion. */
export function Why({ rows, ...reasons }: Reasons & { rows: [string, React.ReactNode][] }) {
  const { t } = useTranslation();
  const shown = rows.filter(([, value]) => value !== null && value !== undefined && value !== "");
  return (
    <section className="why" aria-label={t("why.title")}>
      <h4>{t("why.title")}</h4>
      <dl>
        {shown.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        {reasons.source && (
          <div>
            <dt>{t("why.source")}</dt>
            <dd>{reasons.source}</dd>
          </div>
        )}
        {reasons.from && (
          <div>
            <dt>{t("why.from")}</dt>
            <dd>{reasons.from}</dd>
          </div>
        )}
      </dl>
      <Marks {...reasons} />
    </section>
  );
}
