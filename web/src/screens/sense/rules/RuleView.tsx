/** A rule in force: the sentence, the picture, its levels, who says so, and the versions that people made. */
import { Button } from "antd";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import type { Data, OwnRule, RuleView as Rule } from "../../../api/types";
import { useLang } from "../../../app/preferences";
import { GradeTag } from "../../../parts/GradeTag";
import { name, number } from "../../../parts/names";
import { Panel } from "../../../parts/Panel";
import { useMay } from "../../../parts/useMay";
import { useWords } from "../../../parts/useWords";
import { Why } from "../../../parts/Why";
import { span } from "../words";
import { bodyOf } from "./body";
import { draftOf } from "./draft";
import { levelUnit, SIGNS } from "./levels";
import { RulePicture } from "./RulePicture";
import { sentence } from "./sentence";
import { TryPanel } from "./TryPanel";
import { Versions } from "./Versions";

function Levels({ rule }: { rule: Rule }) {
  const { t } = useTranslation();
  const lang = useLang();
  const words = useWords();
  const unit = levelUnit(rule, words.unit, t);
  return (
    <table className="plain">
      <thead>
        <tr>
          <th>{t("alarm.grade")}</th>
          <th>{t("rule.value")}</th>
          <th>{t("rule.hold")}</th>
          <th>{t("rule.escalate_after")}</th>
          <th>{t("rule.confidence")}</th>
        </tr>
      </thead>
      <tbody>
        {[...rule.grades].reverse().map((line) => (
          <tr key={line.grade}>
            <th>
              <GradeTag grade={line.grade} />
            </th>
            <td className="num">
              {SIGNS[rule.op]} {rule.unit === "s" && line.value !== null ? span(line.value, t) : `${number(line.value, lang, 3)} ${unit}`}
            </td>
            <td className="num">{line.hold_s ? span(line.hold_s, t) : "–"}</td>
            <td className="num">{line.escalate_after_s ? span(line.escalate_after_s, t) : "–"}</td>
            <td title={line.source ?? ""}>{line.confidence}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface Props {
  rule: Rule;
  body: Data;
  own: OwnRule[];
  onEdit: (body: Data) => void;
}

export function RuleView({ rule, body, own, onEdit }: Props) {
  const { t } = useTranslation();
  const lang = useLang();
  const words = useWords();
  const may = useMay();
  const draft = useMemo(() => draftOf(rule.id, body), [rule.id, body]);
  return (
    <div className="rule-view">
      <header className="screen-head">
        <h1>{name(rule.names, lang, rule.id)}</h1>
        <span className="mark">{t(`rule.kind.${rule.kind}`)}</span>
        <span className="mark">{t(`alarm.about.${rule.about}`)}</span>
        {rule.layer === "own" && <span className="mark">{t("rule.own")}</span>}
        <span className="bar-gap" />
        {may("rule.propose") && (
          <Button size="small" onClick={() => onEdit(body)}>
            {t("rule.edit")}
          </Button>
        )}
      </header>
      <p className="rule-sentence">{sentence(draft, { t, ...words })}</p>
      <div className="columns">
        <div>
          <Panel title={t("rule.picture")}>
            <RulePicture draft={draft} />
          </Panel>
          <TryPanel key={rule.id} id={rule.id} body={bodyOf(draft)} present={null} />
        </div>
        <div>
          <Panel title={t("rule.levels")} flush>
            <Levels rule={rule} />
          </Panel>
          <Why rows={[[t("rule.id"), <code key="id">{rule.id}</code>], [t("field.note"), rule.note], [t("rule.overrides"), rule.overrides || null]]} source={rule.source ?? null} confidence={rule.confidence ?? null} />
          <Versions own={own} onEdit={onEdit} />
        </div>
      </div>
    </div>
  );
}
