/** The world's clock. In a demonstration it says so, and can be sped up, slowed down and stopped. */
import { PauseOutlined, CaretRightOutlined } from "@ant-design/icons";
import { Button, Segmented, Switch, Tooltip } from "antd";
import { useTranslation } from "react-i18next";

import { useDemo, useDemoChange } from "../api/demo";
import { useMe } from "../api/queries";
import { useWorldClock } from "../live/ClockProvider";
import { clockTime, fullDay } from "../parts/time";
import { useLang } from "./preferences";

const SPEEDS = [1, 10, 60, 300];

export function WorldClock() {
  const { t } = useTranslation();
  const lang = useLang();
  const { now, reading } = useWorldClock();
  return (
    <div className="clock" role="timer" aria-label={t("clock.label")}>
      <span className="clock-day">{fullDay(now, lang)}</span>
      <span className="clock-time">{clockTime(now, lang)}</span>
      {reading?.simulated && (
        <Tooltip title={t("clock.simulated_long")}>
          <span className="mark mark-synthetic">{t("clock.simulated")}</span>
        </Tooltip>
      )}
    </div>
  );
}

export function ClockControls() {
  const { t } = useTranslation();
  const { data: me } = useMe();
  const { data: demo } = useDemo(me?.demo ?? false);
  const change = useDemoChange();
  if (!demo) return null;
  const speeds = [...new Set([...SPEEDS, demo.speed])].sort((a, b) => a - b);
  return (
    <div className="clock-controls">
      <Button
        size="small"
        icon={demo.paused ? <CaretRightOutlined /> : <PauseOutlined />}
        aria-label={t(demo.paused ? "clock.run" : "clock.pause")}
        onClick={() => change.mutate({ paused: !demo.paused })}
      />
      <Segmented
        size="small"
        aria-label={t("clock.speed")}
        value={demo.speed}
        options={speeds.map((value) => ({ value, label: `${value}×` }))}
        onChange={(speed) => change.mutate({ speed })}
      />
      <Tooltip title={t("clock.autopilot_long")}>
        <label className="autopilot">
          <Switch size="small" checked={demo.autopilot} onChange={(autopilot) => change.mutate({ autopilot })} /> {t("clock.autopilot")}
        </label>
      </Tooltip>
    </div>
  );
}
