/** Said loudly when alarms come faster than a person can take them in, with the ways to see them together. */
import { ThunderboltFilled } from "@ant-design/icons";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { useAlarmSystem } from "../../../api/sensing";
import { useLang } from "../../../app/preferences";
import { useNow } from "../../../live/ClockProvider";
import { number } from "../../../parts/names";
import { shortTime } from "../../../parts/time";
import { floodNow } from "./flood";
import type { Heap } from "./rows";
import type { Desk } from "./useDesk";

const STEP = 300_000;
const BACK = 6 * 3_600_000;
const WAYS: Heap[] = ["rule", "area"];

export function FloodBanner({ desk }: { desk: Desk }) {
  const { t } = useTranslation();
  const lang = useLang();
  const now = useNow();
  const { filter, write, all } = desk;
  const since = new Date(Math.floor(now / STEP) * STEP - BACK).toISOString();
  const { data } = useAlarmSystem({ since, ...(filter.area ? { area: filter.area } : {}) });
  const flood = floodNow(all, data, now);
  if (!flood) return null;
  return (
    <div className="flood-banner" role="alert">
      <ThunderboltFilled aria-hidden />
      <b>{t("alarm.flood.title")}</b>
      <span>
        {t("alarm.flood.rate", { count: flood.count, target: number(flood.target, lang, 1) })}
        {flood.since && ` · ${t("alarm.since", { time: shortTime(flood.since, lang) })}`}
      </span>
      <span className="bar-gap" />
      {WAYS.map((heap) => (
        <Button key={heap} size="small" type={filter.heap === heap ? "primary" : "default"} onClick={() => write("heap", filter.heap === heap ? null : heap)}>
          {t(`alarm.heaps.${heap}`)}
        </Button>
      ))}
      <Link to="/sense/alarm-system">{t("sense.tab.system")}</Link>
    </div>
  );
}
