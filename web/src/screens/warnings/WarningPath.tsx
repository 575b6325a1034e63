/** Where a warning stands on its way: draft, review, approved, issued, and how it ended. */
import { useTranslation } from "react-i18next";

import { ENDS, PATH } from "./steps";

export function WarningPath({ state }: { state: string }) {
  const { t } = useTranslation();
  const ended = ENDS.has(state);
  const at = ended ? PATH.length : PATH.indexOf(state as (typeof PATH)[number]);
  const walk = ended ? [...PATH, state] : PATH;
  return (
    <ol className="path">
      {walk.map((step, i) => (
        <li key={step} className={i < at ? "path-done" : i === at ? "path-now" : "path-next"} aria-current={i === at ? "step" : undefined}>
          <span aria-hidden>{i < at ? "✓" : i + 1}</span>
          {t(`state.warning.${step}`)}
        </li>
      ))}
    </ol>
  );
}
