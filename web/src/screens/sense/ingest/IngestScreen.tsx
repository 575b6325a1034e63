/** 接入: what comes in, from whom, how fast and how late, what was refused and why. */
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useIngest } from "../../../api/sensing";
import { ActButton } from "../../../parts/ActButton";
import { Panel } from "../../../parts/Panel";
import { Loaded } from "../../../parts/States";
import { DeadLetters } from "./DeadLetters";
import { MappingTry } from "./MappingTry";
import { Doors, SourcesTable } from "./SourcesTable";
import { Totals } from "./Totals";

export default function IngestScreen() {
  const { t } = useTranslation();
  const answer = useIngest();
  const [source, setSource] = useState<string | null>(null);
  return (
    <div className="page">
      <header className="screen-head">
        <h1>{t("sense.tab.ingest")}</h1>
        <span className="bar-gap" />
        <ActButton verb="source.register" args={{}} ask={["mapping", "quota_per_s", "note"]} />
      </header>
      <Loaded of={answer}>
        {(ingest) => (
          <>
            <Totals ingest={ingest} />
            {ingest.doors.length > 0 && <Doors doors={ingest.doors} />}
            <Panel title={t("ingest.sources")} count={ingest.sources.length} flush>
              <SourcesTable sources={ingest.sources} onPick={setSource} />
            </Panel>
            <DeadLetters source={source} sources={ingest.sources.map(({ id }) => id)} onSource={setSource} />
          </>
        )}
      </Loaded>
      <MappingTry />
    </div>
  );
}
