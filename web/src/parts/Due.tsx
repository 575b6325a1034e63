/** A deadline against the world's clock: how long there is, or how late it is, in words and figures. */
import { useTranslation } from "react-i18next";

import { useLang } from "../app/preferences";
import { useNow } from "../live/ClockProvider";
import { duration, shortTime } from "./time";

const SOON = 10 * 60_000;

export function DueText({ due, now }: { due: string; now: number }) {
  const { t } = useTranslation();
  const lang = useLang();
  const left = Date.parse(due) - now;
  const tone = left < 0 ? "late" : left < SOON ? "soon" : "calm";
  const words = left < 0 ? t("due.late", { time: duration(left) }) : t("due.left", { time: duration(left) });
  return (
    <span className={`due due-${tone}`} title={t("due.at", { time: shortTime(due, lang) })}>
      {words}
    </span>
  );
}

export function Due({ due }: { due: string | null }) {
  const now = useNow();
  return due ? <DueText due={due} now={now} /> : null;
}
