/** Choosing the span: so much back from now, a step earlier or later, or from a moment to a moment. */
import { LeftOutlined, RightOutlined } from "@ant-design/icons";
import { Button, Input, Popover, Segmented } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Resolution } from "../../../api/types";
import { cityTime, typedTime } from "../../../parts/time";
import { SPANS, type Window } from "./span";
import type { useWindow } from "./useWindow";

function Moments({ window, onChange }: { window: Window; onChange: (window: Window) => void }) {
  const { t } = useTranslation();
  const [from, setFrom] = useState(typedTime(window.from));
  const [to, setTo] = useState(typedTime(window.to));
  const next = { from: Date.parse(cityTime(from)), to: Date.parse(cityTime(to)) };
  return (
    <div className="moments">
      <label>
        {t("sense.from")} <Input size="small" type="datetime-local" value={from} onChange={(event) => setFrom(event.target.value)} />
      </label>
      <label>
        {t("sense.to")} <Input size="small" type="datetime-local" value={to} onChange={(event) => setTo(event.target.value)} />
      </label>
      <Button size="small" type="primary" disabled={!(next.to > next.from)} onClick={() => onChange(next)}>
        {t("form.confirm")}
      </Button>
    </div>
  );
}

const RESOLUTIONS: Resolution[] = ["raw", "hour", "day"];

export function SpanPicker({ chosen, setSpan, setResolution, setWindow, move }: ReturnType<typeof useWindow>) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <div className="span-picker">
      <Button size="small" icon={<LeftOutlined />} aria-label={t("sense.earlier")} onClick={() => move(-0.5)} />
      <Segmented size="small" aria-label={t("sense.span")} value={chosen.span ?? ""} options={Object.keys(SPANS).map((value) => ({ value, label: t(`sense.spans.${value}`) }))} onChange={setSpan} />
      <Button size="small" icon={<RightOutlined />} aria-label={t("sense.later")} onClick={() => move(0.5)} />
      <Popover
        trigger="click"
        open={open}
        onOpenChange={setOpen}
        content={
          <Moments
            key={String(open)}
            window={chosen.window}
            onChange={(next) => {
              setOpen(false);
              setWindow(next);
            }}
          />
        }
      >
        <Button size="small" type={chosen.span === null ? "primary" : "default"}>{t("sense.moments")}</Button>
      </Popover>
      <Segmented<Resolution> size="small" aria-label={t("sense.resolution")} value={chosen.resolution} options={RESOLUTIONS.map((value) => ({ value, label: t(`sense.resolutions.${value}`) }))} onChange={setResolution} />
    </div>
  );
}
