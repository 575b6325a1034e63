/** The kinds of instruments, by sector: how many, how many in alarm, how many silent; a click shows only those. */
import { useTranslation } from "react-i18next";

import { useCatalog } from "../../../api/queries";
import { useLang } from "../../../app/preferences";
import { GRADES } from "../../../parts/grades";
import { GradeTag } from "../../../parts/GradeTag";
import { name, number } from "../../../parts/names";
import { NO_KIND, type KindTally, type SensorFilter, type Tally } from "./filter";
import { useKinds, type Kind } from "./useKinds";

interface RowProps {
  kind: Kind;
  count: KindTally;
  on: boolean;
  onClick: () => void;
}

function Row({ kind, count, on, onClick }: RowProps) {
  const { t } = useTranslation();
  const lang = useLang();
  return (
    <button type="button" className={on ? "kind kind-on" : "kind"} aria-pressed={on} onClick={onClick}>
      <i className="kind-sign" aria-hidden>{kind.sign}</i>
      <span className="kind-name">{kind.name}</span>
      {count.stale > 0 && <small className="num" title={t("sense.stale_count", { count: count.stale })}>○ {number(count.stale, lang)}</small>}
      {count.alarms > 0 && (
        <span className="kind-alarms">
          <GradeTag grade={GRADES[count.worst] ?? null} short /> <b className="num">{number(count.alarms, lang)}</b>
        </span>
      )}
      <span className="kind-total num">{number(count.total, lang)}</span>
    </button>
  );
}

interface Props {
  quantities: string[];
  tally: Tally;
  filter: SensorFilter;
  toggle: (part: "quantities", names: string[]) => void;
}

export function KindList({ quantities, tally, filter, toggle }: Props) {
  const { t } = useTranslation();
  const lang = useLang();
  const { data: catalog } = useCatalog();
  const kinds = useKinds(quantities).filter(({ quantity }) => (tally.quantities[quantity]?.total ?? 0) > 0 || filter.quantities.has(quantity));
  const sectors = [...new Set(kinds.map(({ sector }) => sector))];
  return (
    <div className="kinds">
      {sectors.map((sector) => {
        const own = kinds.filter((kind) => kind.sector === sector);
        const names = own.map(({ quantity }) => quantity);
        return (
          <section key={sector}>
            {sectors.length > 1 && (
              <button type="button" className="kinds-sector" aria-pressed={names.every((one) => filter.quantities.has(one))} onClick={() => toggle("quantities", names)}>
                {name(catalog?.sectors[sector], lang, t("sense.other_sector"))}
              </button>
            )}
            {own.map((kind) => (
              <Row
                key={kind.quantity}
                kind={kind}
                count={tally.quantities[kind.quantity] ?? NO_KIND}
                on={filter.quantities.has(kind.quantity)}
                onClick={() => toggle("quantities", [kind.quantity])}
              />
            ))}
          </section>
        );
      })}
    </div>
  );
}
