/** 预警: all warnings by what has to be done first, and one in full beside them. */
import { Segmented } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useParams } from "react-router";

import { useWarnings } from "../../api/queries";
import { isOnAir, isPending } from "../../api/readers";
import type { Warning } from "../../api/types";
import { ActButton } from "../../parts/ActButton";
import { Loaded, Nothing } from "../../parts/States";
import { useWide } from "../../parts/useWide";
import { WarningDetailView } from "./WarningDetailView";
import { WarningRow } from "./WarningRow";

const FILTERS: Record<string, (one: Warning) => boolean> = {
  all: () => true,
  pending: isPending,
  issued: isOnAir,
  ended: (one) => !isPending(one) && !isOnAir(one),
};

export default function WarningsScreen() {
  const { t } = useTranslation();
  const wide = useWide();
  const go = useNavigate();
  const { id } = useParams();
  const [filter, setFilter] = useState("all");
  const answer = useWarnings();
  const chosen = id ?? (wide ? answer.data?.[0]?.id : undefined);
  const showList = wide || !id;
  return (
    <div className="page split">
      {showList && (
        <section className="split-list">
          <header className="screen-head">
            <h1>{t("nav.warnings")}</h1>
            <ActButton verb="warning.draft" args={{}} ask={["areas", "reason"]} onDone={({ subject }) => void go(`/warnings/${subject}`)} />
          </header>
          <Segmented block size="small" value={filter} onChange={setFilter} options={Object.keys(FILTERS).map((value) => ({ value, label: t(`warning.filter.${value}`) }))} />
          <Loaded of={answer}>
            {(warnings) => {
              const kept = warnings.filter(FILTERS[filter] ?? (() => true));
              return kept.length === 0 ? (
                <Nothing>{t("warning.none")}</Nothing>
              ) : (
                <div className="list">{kept.map((one) => <WarningRow key={one.id} warning={one} chosen={one.id === chosen} />)}</div>
              );
            }}
          </Loaded>
        </section>
      )}
      {chosen && (
        <section className="split-main">
          {!wide && (
            <button type="button" className="link back" onClick={() => void go("/warnings")}>
              ← {t("nav.warnings")}
            </button>
          )}
          <WarningDetailView key={chosen} id={chosen} />
        </section>
      )}
    </div>
  );
}
