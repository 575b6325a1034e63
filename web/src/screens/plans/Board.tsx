/** The plan's board: each action, and how it stands at each level's desks. */
import { Tooltip } from "antd";
import { useTranslation } from "react-i18next";

import type { ActivationDetail, BoardRow, Progress } from "../../api/types";
import { useLang } from "../../app/preferences";
import { name } from "../../parts/names";
import { useWords } from "../../parts/useWords";
import { standing } from "./standing";

export const LEVELS = ["city", "district", "town", "village"] as const;

export function ProgressBar({ progress, wide = false }: { progress: Progress; wide?: boolean }) {
  const { t } = useTranslation();
  const share = Math.round(progress.done_share * 100);
  return (
    <span className={wide ? "progress progress-wide" : "progress"} role="img" aria-label={t("plan.share", { share })}>
      <i style={{ width: `${share}%` }} />
    </span>
  );
}

function Cell({ row }: { row: BoardRow }) {
  const { t } = useTranslation();
  const words = useWords();
  const { progress } = row;
  const how = row.applies ? standing(progress) : "off";
  const closed = progress.by_state.closed ?? 0;
  const tip = Object.entries(progress.by_state).filter(([, n]) => n > 0).map(([state, n]) => `${t(`state.task.${state}`)} ${n}`).join(" · ");
  return (
    <Tooltip title={tip}>
      <div className={`cell cell-${how}`}>
        <span className="cell-role">{words.role(row.role)}</span>
        <span className="cell-state">
          {t(`plan.standing.${how}`)}
          {progress.total > 0 && <b className="num"> {closed}/{progress.total}</b>}
          {progress.overdue > 0 && <em> {t("figure.late", { count: progress.overdue })}</em>}
        </span>
        {progress.total > 0 && <ProgressBar progress={progress} />}
      </div>
    </Tooltip>
  );
}

export function Board({ detail }: { detail: ActivationDetail }) {
  const { t } = useTranslation();
  const lang = useLang();
  const levels = LEVELS.filter((level) => detail.rows.some((row) => row.level === level));
  const title = new Map(detail.rows.map((row) => [row.action, name(row.names, lang)]));
  return (
    <div className="board-scroll">
      <table className="board">
        <thead>
          <tr>
            <th scope="col">{t("plan.action")}</th>
            <th scope="col" className="board-limit">{t("plan.limit")}</th>
            {levels.map((level) => (
              <th key={level} scope="col">{t(`level.${level}`)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {detail.rows.map((row) => (
            <tr key={row.action + row.level} className={row.applies ? "" : "board-off"}>
              <th scope="row">
                {name(row.names, lang)} <span className="mark">{t("plan.from", { level: row.from_level })}</span>
                {row.depends.length > 0 && <small>{t("plan.after", { what: row.depends.map((d) => title.get(d) ?? d).join(lang === "zh" ? "、" : ", ") })}</small>}
              </th>
              <td className="board-limit num">{row.minutes === null ? "" : t("unit.minutes", { n: row.minutes })}</td>
              {levels.map((level) => (
                <td key={level}>{row.level === level && <Cell row={row} />}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
