/** The world's clock. In a demonstration it says so, and can be sped up, slowed down and stopped. */
import { PauseOutlined, CaretRightOutlined } from "@ant-design/icons";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, Segmented, Switch, Tooltip } from "antd";
import { useTranslation } from "react-i18next";

import { post } from "../api/http";
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
  const { reading } = useWorldClock();
  const client = useQueryClient();
  const refresh = (): void => void client.invalidateQueries({ queryKey: ["clock"] });
  const set = useMutation({ mutationFn: (wish: object) => post("/demo/clock", wish), onSuccess: refresh });
  const pilot = useMutation({ mutationFn: (on: boolean) => post("/demo/autopilot", { on }), onSuccess: refresh });
  if (!me?.demo || !reading?.simulated) return null;
  const autopilot = (reading as { autopilot?: boolean }).autopilot ?? pilot.variables ?? false;
  return (
    <div className="clock-controls">
      <Button
        size="small"
        icon={reading.running ? <PauseOutlined /> : <CaretRightOutlined />}
        aria-label={t(reading.running ? "clock.pause" : "clock.run")}
        onClick={() => set.mutate({ paused: reading.running })}
      />
      <Segmented
        size="small"
        aria-label={t("clock.speed")}
        value={reading.speed}
        options={[...new Set([...SPEEDS, reading.speed])].sort((a, b) => a - b).map((value) => ({ value, label: `${value}×` }))}
        onChange={(speed) => set.mutate({ speed })}
      />
      <Tooltip title={t("clock.autopilot_long")}>
        <label className="autopilot">
          <Switch size="small" checked={autopilot} onChange={(on) => pilot.mutate(on)} /> {t("clock.autopilot")}
        </label>
      </Tooltip>
    </div>
  );
}
