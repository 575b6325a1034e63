/** The time of the forecast: a slider over its moments, and play. */
import { CaretRightOutlined, PauseOutlined } from "@ant-design/icons";
import { Button, Slider } from "antd";
import { useTranslation } from "react-i18next";

import { useLang } from "../../app/preferences";
import { dayTime, shortTime } from "../../parts/time";

interface Props {
  frames: string[];
  frame: number;
  live: boolean;
  playing: boolean;
  onFrame: (frame: number) => void;
  onPlay: (playing: boolean) => void;
}

export function FrameBar({ frames, frame, live, playing, onFrame, onPlay }: Props) {
  const { t } = useTranslation();
  const lang = useLang();
  const at = frames[frame];
  if (at === undefined) return null;
  const words = (number: number | undefined): string => shortTime(frames[number ?? 0] ?? "", lang);
  const half = Math.floor((frames.length - 1) / 2);
  const marks = Object.fromEntries([0, half, frames.length - 1].map((number) => [number, words(number)]));
  return (
    <div className={live ? "frame-bar frame-bar-live" : "frame-bar"} data-frame={frame} data-playing={playing ? "yes" : "no"}>
      <Button
        shape="circle"
        type={playing ? "primary" : "default"}
        icon={playing ? <PauseOutlined /> : <CaretRightOutlined />}
        aria-label={t(playing ? "flood.pause" : "flood.play")}
        onClick={() => onPlay(!playing)}
      />
      <Slider
        className="frame-slider"
        min={0}
        max={frames.length - 1}
        value={frame}
        marks={marks}
        included={live}
        onChange={onFrame}
        tooltip={{ formatter: words }}
        ariaLabelForHandle={t("flood.moment")}
      />
      <time className="frame-time num" dateTime={at}>
        {live ? dayTime(at, lang) : t("flood.whole")}
      </time>
    </div>
  );
}
