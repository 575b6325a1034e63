/** What was forecast and what came, as tables: by depth and lead time, by event, and scores of depth. */
import { useTranslation } from "react-i18next";

import type { Backtest } from "../../../api/backtest";
import { useLang } from "../../../app/preferences";
import { number } from "../../../parts/names";
import { Panel } from "../../../parts/Panel";

type Lead = Backtest["tables"][number]["lead"];

interface Counted {
  hits: number;
  misses: number;
  false_alarms: number;
  correct_rejections: number;
  pod: number | null;
  far: number | null;
  csi: number | null;
  bias: number | null;
}

const COUNTS = ["hits", "misses", "false_alarms", "correct_rejections"] as const;
const SHARES = ["pod", "far", "csi"] as const;

function CountHeads() {
  const { t } = useTranslation();
  return (
    <>
      {COUNTS.map((key) => (
        <th key={key} scope="col" className={`head-${key}`}>{t(`backtest.${key}`)}</th>
      ))}
      {SHARES.map((key) => (
        <th key={key} scope="col" title={t(`backtest.long.${key}`)}>{key.toUpperCase()}</th>
      ))}
      <th scope="col" title={t("backtest.long.bias")}>{t("backtest.bias")}</th>
    </>
  );
}

function CountCells({ one }: { one: Counted }) {
  const lang = useLang();
  return (
    <>
      {COUNTS.map((key) => (
        <td key={key} className={`num cell-${key}${one[key] ? "" : " cell-nothing"}`}>{number(one[key], lang)}</td>
      ))}
      {SHARES.map((key) => (
        <td key={key} className="num">{one[key] === null ? "–" : `${number(one[key] * 100, lang)}%`}</td>
      ))}
      <td className="num">{number(one.bias, lang, 1)}</td>
    </>
  );
}

function useLead(): (lead: Lead) => string {
  const { t } = useTranslation();
  return ({ from_h, to_h }) => t("backtest.lead", { from: from_h, to: to_h });
}

export function CasesTable({ scores }: { scores: Backtest }) {
  const { t } = useTranslation();
  const lead = useLead();
  const depths = [...new Set(scores.tables.map(({ depth_m }) => depth_m))];
  return (
    <Panel title={t("backtest.cases")} extra={<small>{t("backtest.cases_note", { chance: Math.round(scores.said_chance * 100) })}</small>} flush>
      <div className="wide-table">
        <table className="plain backtest-table">
          <thead>
            <tr>
              <th scope="col">{t("backtest.depth")}</th>
              <th scope="col" className="head-ahead">{t("backtest.ahead")}</th>
              <CountHeads />
            </tr>
          </thead>
          {depths.map((depth) => {
            const rows = scores.tables.filter(({ depth_m }) => depth_m === depth);
            return (
              <tbody key={depth}>
                {rows.map((one, i) => (
                  <tr key={one.lead.from_h}>
                    {i === 0 && <th scope="rowgroup" rowSpan={rows.length}>≥ {depth} m</th>}
                    <th scope="row">{lead(one.lead)}</th>
                    <CountCells one={one} />
                  </tr>
                ))}
              </tbody>
            );
          })}
        </table>
      </div>
    </Panel>
  );
}

export function EventsTable({ scores }: { scores: Backtest }) {
  const { t } = useTranslation();
  const lang = useLang();
  return (
    <Panel title={t("backtest.events")} extra={<small>{t("backtest.events_note")}</small>} flush>
      <div className="wide-table">
        <table className="plain backtest-table">
          <thead>
            <tr>
              <th scope="col">{t("backtest.depth")}</th>
              <CountHeads />
              <th scope="col">{t("backtest.lead_time")}</th>
            </tr>
          </thead>
          <tbody>
            {scores.events.map((one) => (
              <tr key={one.depth_m}>
                <th scope="row">≥ {one.depth_m} m</th>
                <CountCells one={one} />
                <td className="num">{one.lead_median_min === null ? "–" : t("backtest.lead_range", { median: number(one.lead_median_min, lang), least: number(one.lead_least_min, lang), most: number(one.lead_most_min, lang) })}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

const METRES = ["crps_m", "wet_crps_m", "bias_m", "error_m"] as const;

export function DepthsTable({ scores }: { scores: Backtest }) {
  const { t } = useTranslation();
  const lang = useLang();
  const lead = useLead();
  return (
    <Panel title={t("backtest.depths")} extra={<small>{t("backtest.depths_note")}</small>} flush>
      <div className="wide-table">
        <table className="plain backtest-table">
          <thead>
            <tr>
              <th scope="col">{t("backtest.ahead")}</th>
              <th scope="col">{t("backtest.count")}</th>
              <th scope="col">{t("backtest.wet")}</th>
              {METRES.map((key) => (
                <th key={key} scope="col" title={t(`backtest.long.${key}`)}>{t(`backtest.${key}`)}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {scores.depths.map((one) => (
              <tr key={one.lead.from_h}>
                <th scope="row">{lead(one.lead)}</th>
                <td className="num">{number(one.count, lang)}</td>
                <td className="num">{number(one.wet, lang)}</td>
                {METRES.map((key) => (
                  <td key={key} className="num">{number(one[key], lang, 3)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
