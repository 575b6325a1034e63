/** What lies under the pointer: one sensor in a line, or the list to choose from where several stand at one place. */
import { useTranslation } from "react-i18next";

import type { SensorColumns } from "../../../api/types";
import { useLang } from "../../../app/preferences";
import { GRADES } from "../../../parts/grades";
import { GradeTag } from "../../../parts/GradeTag";
import { number } from "../../../parts/names";
import { dayTime } from "../../../parts/time";
import { useWords } from "../../../parts/useWords";
import { useCatalog } from "../../../api/queries";
import type { Pointed } from "./SensorMap";

function Line({ columns, row }: { columns: SensorColumns; row: number }) {
  const { t } = useTranslation();
  const lang = useLang();
  const words = useWords();
  const { data: catalog } = useCatalog();
  const quantity = columns.quantities[columns.quantity[row] ?? 0] ?? "";
  const state = columns.states[columns.state[row] ?? 0] ?? "";
  const grade = GRADES[columns.grade[row] ?? -1];
  const at = columns.at[row] ?? Number.NaN;
  return (
    <>
      <span className="point-head">
        {grade && <GradeTag grade={grade} short />}
        <b>{words.quantity(quantity)}</b>
        <b className="num">
          {number(columns.value[row], lang, 2)} {catalog?.quantities[quantity]?.unit}
        </b>
      </span>
      <small>
        {t(`sense.state.${state}`, { defaultValue: state })} · {Number.isFinite(at) ? dayTime(at, lang) : t("sense.never")} · {columns.ids[row]}
      </small>
    </>
  );
}

interface Props {
  columns: SensorColumns;
  pointed: Pointed;
  onOpen?: (id: string) => void;
}

export function PointCard({ columns, pointed, onOpen }: Props) {
  const { t } = useTranslation();
  const { rows, x, y } = pointed;
  const style = { left: x, top: y };
  const [first] = rows;
  if (!onOpen) {
    return (
      <div className="point-card" style={style} role="status">
        {first !== undefined && <Line columns={columns} row={first} />}
        {rows.length > 1 && <em>{t("sense.more_here", { count: rows.length - 1 })}</em>}
      </div>
    );
  }
  return (
    <ul className="point-card point-list" style={style} aria-label={t("sense.choose_here")}>
      {rows.map((row) => (
        <li key={row}>
          <button type="button" onClick={() => onOpen(columns.ids[row] ?? "")}>
            <Line columns={columns} row={row} />
          </button>
        </li>
      ))}
    </ul>
  );
}
