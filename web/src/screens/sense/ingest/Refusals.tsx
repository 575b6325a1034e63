import { useTranslation } from "react-i18next";

import type { Refusal } from "../../../api/types";

/** What was refused of a message, item by item, in words. */
export function Refusals({ refused, count = refused.length }: { refused: Refusal[]; count?: number }) {
  const { t } = useTranslation();
  if (refused.length === 0) return null;
  return (
    <>
      <ul className="refusals">
        {refused.map((one, at) => (
          <li key={at}>
            <span className="mark num">{one.row < 0 ? t("ingest.whole") : t("ingest.row", { row: one.row + 1 })}</span> {one.sensor && <code>{one.sensor}</code>} {one.detail} <small>{one.rule}</small>
          </li>
        ))}
      </ul>
      {count > refused.length && <p className="nothing">{t("desk.more", { count: count - refused.length })}</p>}
    </>
  );
}
