/** What the map shows, and what its marks mean: switches and legend in one. */
import { DownOutlined, UpOutlined } from "@ant-design/icons";
import { Checkbox } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { GRADES } from "../parts/grades";
import { GradeTag } from "../parts/GradeTag";
import { GROUPS, type Shown } from "./groups";

const SHAPES: Record<string, string> = {
  alarms: "◆",
  sensors: "▼",
  cyclone: "◎",
  tasks: "■",
  shelters: "⌂",
  warehouses: "▭",
  metro: "╌",
  roads: "─",
  towns: "▱",
  impact: "▦",
  flood: "≈",
};

export function LayerPanel({ shown, onChange, wide }: { shown: Shown; onChange: (shown: Shown) => void; wide: boolean }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(wide);
  return (
    <aside className="layers" aria-label={t("map.layers")}>
      <button type="button" className="layers-head" aria-expanded={open} onClick={() => setOpen(!open)}>
        {t("map.layers")} {open ? <UpOutlined /> : <DownOutlined />}
      </button>
      {open && (
        <>
          <ul>
            {GROUPS.map(({ key }) => (
              <li key={key}>
                <Checkbox checked={shown[key] ?? false} onChange={(event) => onChange({ ...shown, [key]: event.target.checked })}>
                  <i className={`shape shape-${key}`} aria-hidden>{SHAPES[key]}</i>
                  {t(`layer.${key}`)}
                </Checkbox>
              </li>
            ))}
          </ul>
          <div className="layers-grades">
            {GRADES.map((grade) => (
              <GradeTag key={grade} grade={grade} />
            ))}
          </div>
        </>
      )}
    </aside>
  );
}
