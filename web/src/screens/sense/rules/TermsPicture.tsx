/** A compound rule as boxes: what must stand together, how many of each, and where. */
import { Fragment } from "react";
import { useTranslation } from "react-i18next";

import { GRADES } from "../../../parts/grades";
import { GradeTag } from "../../../parts/GradeTag";
import { useWords } from "../../../parts/useWords";
import { span } from "../words";
import type { Draft } from "./draft";

export function TermsPicture({ draft }: { draft: Draft }) {
  const { t } = useTranslation();
  const words = useWords();
  const place = draft.over === "area" ? t(`level.${draft.level}`) : draft.network;
  return (
    <figure className="terms-picture">
      <figcaption>
        {t(`rule.say.over.${draft.over}`, { place })} {draft.window_s !== null && `· ${span(draft.window_s, t)}`}
      </figcaption>
      <div className="terms">
        {draft.terms.map(({ rule, grade, count }, at) => (
          <Fragment key={`${rule}${at}`}>
            {at > 0 && <b className="terms-joint">{t(draft.mode === "all" ? "rule.and" : "rule.or")}</b>}
            <div className="terms-box">
              <b>{words.rule(rule) || "…"}</b>
              <span>{grade ? <GradeTag grade={grade} /> : t("rule.any_grade")}</span>
              {typeof count === "number" ? (
                <span className="num">≥ {count}</span>
              ) : (
                [...GRADES].reverse().map((one) => count[one] !== undefined && (
                  <span key={one} className="num">
                    <GradeTag grade={one} short /> ≥ {count[one]}
                  </span>
                ))
              )}
            </div>
          </Fragment>
        ))}
      </div>
      {draft.gathers && <small>{t("rule.gathers_long")}</small>}
    </figure>
  );
}
