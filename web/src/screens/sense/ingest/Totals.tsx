/** Ingest in a few numbers: what comes in a second, what was refused, how far the log has been worked off. */
import { useTranslation } from "react-i18next";

import type { Ingest } from "../../../api/types";
import { useLang } from "../../../app/preferences";
import { bytes } from "../../../parts/bytes";
import { number } from "../../../parts/names";

interface TileProps {
  label: string;
  value: string;
  note?: string;
  late?: boolean;
}

export function Tile({ label, value, note, late = false }: TileProps) {
  return (
    <div className={late ? "figure figure-late" : "figure"}>
      <span className="figure-label">{label}</span>
      <span className="figure-value">{value}</span>
      {note && <span className="figure-note">{note}</span>}
    </div>
  );
}

const sum = (values: number[]): number => values.reduce((a, b) => a + b, 0);

export function Totals({ ingest: { sources, doors, totals } }: { ingest: Ingest }) {
  const { t } = useTranslation();
  const lang = useLang();
  const n = (value: number, digits = 0): string => number(value, lang, digits);
  const rows = sum(sources.map((one) => one.rows));
  const refused = sum(sources.map((one) => one.refused));
  const waiting = sources.filter(({ state }) => state === "held" || state === "quiet").length;
  const broken = doors.filter(({ open }) => !open).length;
  return (
    <div className="figures figures-wide">
      <Tile label={t("ingest.rate")} value={n(sum(sources.map((one) => one.rate_per_s)), 1)} note={t("ingest.per_second")} />
      <Tile label={t("ingest.rows")} value={n(rows)} note={t("ingest.messages", { n: n(sum(sources.map((one) => one.messages))) })} />
      <Tile label={t("ingest.refused")} value={n(refused)} late={refused > 0} note={rows + refused > 0 ? t("ingest.share", { share: n((100 * refused) / (rows + refused), 2) }) : ""} />
      <Tile label={t("ingest.sources")} value={n(sources.length)} late={waiting + broken > 0} note={broken > 0 ? t("ingest.doors_shut", { count: broken }) : t("ingest.waiting", { count: waiting })} />
      {totals && (
        <>
          <Tile label={t("ingest.behind")} value={n(totals.end - totals.applied)} late={totals.end - totals.applied > 1000} note={t("ingest.position", { end: n(totals.end) })} />
          <Tile label={t("ingest.unfiled")} value={n(Math.max(0, totals.end - totals.history))} note={bytes(totals.log_bytes)} />
        </>
      )}
    </div>
  );
}
