/** One warning in full: its words, its areas, its way, who wrote and who approved, and its CAP message. */
import { useTranslation } from "react-i18next";

import { useWarning } from "../../api/queries";
import type { Warning, WarningDetail } from "../../api/types";
import { useLang } from "../../app/preferences";
import { Facts } from "../../parts/Facts";
import { GradeTag } from "../../parts/GradeTag";
import { Panel } from "../../parts/Panel";
import { Loaded } from "../../parts/States";
import { StepList } from "../../parts/StepList";
import { dayTime } from "../../parts/time";
import { useWords } from "../../parts/useWords";
import { Why } from "../../parts/Why";
import { inputText } from "../objects/ForecastObject";
import { AreasMap } from "./AreasMap";
import { EditWords } from "./EditWords";
import { WarningActs } from "./WarningActs";
import { WarningPath } from "./WarningPath";
import { headlineOf } from "./WarningRow";

function Wording({ texts }: { texts: Warning["texts"] }) {
  const { t, i18n } = useTranslation();
  return (
    <div className="two-columns">
      {(["zh", "en"] as const).map((lang) => {
        const words = texts[lang];
        return (
          <article key={lang} lang={lang} className="wording">
            <h5>{t(`language.${lang}`)}</h5>
            {words ? (
              <>
                <h4>{words.headline}</h4>
                <p>{words.description}</p>
                {words.instruction && (
                  <p className="instruction">
                    <b>{i18n.getFixedT(lang)("warning.instruction")}</b> {words.instruction}
                  </p>
                )}
              </>
            ) : (
              <p className="nothing">{t("warning.no_words")}</p>
            )}
          </article>
        );
      })}
    </div>
  );
}

function People({ warning }: { warning: Warning }) {
  const { t } = useTranslation();
  const lang = useLang();
  const words = useWords();
  return (
    <Facts
      rows={[
        [t("warning.event"), words.eventType(warning.event_type)],
        [t("warning.authors"), warning.authors.join(", ")],
        [t("warning.approver"), warning.approver ?? (warning.state === "in_review" ? t("warning.second_person") : null)],
        [t("warning.issuer"), warning.issuer],
        [t("warning.onset"), warning.onset && dayTime(warning.onset, lang)],
        [t("warning.expires"), warning.expires && dayTime(warning.expires, lang)],
        [t("warning.certainty"), warning.certainty && t(`certainty.${warning.certainty}`, { defaultValue: warning.certainty })],
        [t("warning.areas"), warning.areas.map(words.area).join(lang === "zh" ? "、" : ", ")],
      ]}
    />
  );
}

function View({ detail: { warning, steps, messages } }: { detail: WarningDetail }) {
  const { t } = useTranslation();
  const lang = useLang();
  const facts = Object.entries(warning.facts).map(([key, value]): [string, string] => [t(`input.${key}`, { defaultValue: key.replaceAll("_", " ") }), inputText(value)]);
  return (
    <div className="warning-view">
      <header className="object-head">
        <GradeTag grade={warning.grade} />
        <h2>{headlineOf(warning, lang)}</h2>
        {warning.candidate && <span className="mark mark-synthetic" title={t("warning.candidate_long")}>{t("warning.candidate")}</span>}
      </header>
      <WarningPath state={warning.state} />
      <div className="actions">
        <WarningActs warning={warning} all />
        <EditWords warning={warning} />
        {messages.length > 0 && (
          <a className="link-out" href={`/api/v1/warn/warnings/${warning.id}/cap.xml`} target="_blank" rel="noreferrer">
            {t("warning.cap")}
          </a>
        )}
      </div>
      <Panel title={t("warning.words")}>
        <Wording texts={warning.texts} />
      </Panel>
      <div className="two-columns">
        <Panel title={t("warning.about")}>
          <AreasMap areas={warning.areas} grade={warning.grade} />
          <People warning={warning} />
        </Panel>
        <Panel title={t("object.history")}>
          <StepList steps={steps} noun="warning" />
          {(warning.reason || facts.length > 0) && <Why rows={[[t("why.reason"), warning.reason], ...facts]} />}
        </Panel>
      </div>
    </div>
  );
}

export function WarningDetailView({ id }: { id: string }) {
  const answer = useWarning(id);
  return <Loaded of={answer}>{(detail) => <View detail={detail} />}</Loaded>;
}
