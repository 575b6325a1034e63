/** All rules by sector, with kind and who says so; what waits for a second person stands out. */
import { Input, Segmented } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { useCatalog } from "../../../api/queries";
import type { RuleBook, RuleView } from "../../../api/types";
import { useLang } from "../../../app/preferences";
import { name } from "../../../parts/names";
import { Nothing } from "../../../parts/States";
import { StateTag } from "../../../parts/StateTag";
import { useWords } from "../../../parts/useWords";
import { Confidence } from "../../../parts/Why";
import { levelTexts, levelUnit } from "./levels";

const ABOUT = ["any", "hazard", "instrument", "proposed"] as const;
type About = (typeof ABOUT)[number];

function Item({ rule, state, chosen }: { rule: RuleView; state: string | null; chosen: boolean }) {
  const { t } = useTranslation();
  const lang = useLang();
  const words = useWords();
  return (
    <Link className={chosen ? "todo rule-item todo-chosen" : "todo rule-item"} to={`/sense/rules/${rule.id}`} data-rule={rule.id}>
      <div className="todo-main">
        <div className="todo-title">
          <b>{name(rule.names, lang, rule.id)}</b>
          <span className="mark">{t(`rule.kind.${rule.kind}`)}</span>
          {state && <StateTag noun="rule" state={state} />}
        </div>
        <div className="todo-sub num">
          {levelTexts(rule).join(" · ")} {levelUnit(rule, words.unit, t)}
        </div>
      </div>
      {rule.confidence && <Confidence value={rule.confidence} />}
    </Link>
  );
}

export function RuleList({ book, chosen }: { book: RuleBook; chosen: string | null }) {
  const { t } = useTranslation();
  const lang = useLang();
  const { data: catalog } = useCatalog();
  const [text, setText] = useState("");
  const [about, setAbout] = useState<About>("any");
  const proposed = useMemo(() => new Map(book.own.filter(({ state }) => state === "proposed" || state === "on").map(({ id, state }) => [id, state])), [book]);
  const fresh = book.own.filter((one, i) => one.state === "proposed" && !book.rules.some(({ id }) => id === one.id) && book.own.findIndex(({ id }) => id === one.id) === i);
  const wanted = text.trim().toLowerCase();
  const kept = book.rules.filter(
    (rule) =>
      (wanted === "" || [rule.id, rule.names.zh, rule.names.en ?? "", rule.quantity].some((part) => part.toLowerCase().includes(wanted))) &&
      (about === "any" || (about === "proposed" ? proposed.get(rule.id) === "proposed" : rule.about === about)),
  );
  const sectorOf = (rule: RuleView): string => catalog?.sectorOfRule[rule.id] ?? catalog?.quantities[rule.quantity]?.sector ?? "";
  const sectors = [...new Set(kept.map(sectorOf))].sort((a, b) => Number(a === "") - Number(b === ""));
  return (
    <>
      <Input.Search size="small" allowClear placeholder={t("rule.search")} onChange={(event) => setText(event.target.value)} />
      <Segmented<About> block size="small" value={about} options={ABOUT.map((value) => ({ value, label: value === "proposed" ? `${t("state.rule.proposed")} ${book.own.filter(({ state }) => state === "proposed").length}` : t(value === "any" ? "warning.filter.all" : `alarm.about.${value}`) }))} onChange={setAbout} />
      <div className="list">
        {(about === "any" || about === "proposed") && fresh.map((one) => (
          <Link key={one.id} className={one.id === chosen ? "todo rule-item todo-chosen" : "todo rule-item"} to={`/sense/rules/${one.id}`} data-rule={one.id}>
            <div className="todo-main">
              <div className="todo-title"><b>{name({ zh: String(one.body.zh ?? ""), en: String(one.body.en ?? "") }, lang, one.id)}</b> <StateTag noun="rule" state="proposed" /></div>
              <div className="todo-sub">{one.reason}</div>
            </div>
          </Link>
        ))}
        {kept.length + fresh.length === 0 && <Nothing>{t("rule.none")}</Nothing>}
        {sectors.map((sector) => (
          <section key={sector}>
            <h4 className="list-head">{name(catalog?.sectors[sector], lang, t("sense.other_sector"))}</h4>
            {kept.filter((rule) => sectorOf(rule) === sector).map((rule) => (
              <Item key={rule.id} rule={rule} state={proposed.get(rule.id) ?? null} chosen={rule.id === chosen} />
            ))}
          </section>
        ))}
      </div>
    </>
  );
}
