/** 规则: what turns readings into alarms, who says so, and what a change would do before it is made. */
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useParams } from "react-router";

import { useRuleBodies, useRules } from "../../../api/sensing";
import type { Data, RuleBook } from "../../../api/types";
import { Loaded, Nothing } from "../../../parts/States";
import { useMay } from "../../../parts/useMay";
import { useWide } from "../../../parts/useWide";
import { bodyOf } from "./body";
import { draftOf } from "./draft";
import { RuleEditor } from "./RuleEditor";
import { RuleList } from "./RuleList";
import { RuleView } from "./RuleView";
import { Versions } from "./Versions";

const NEW = "new";

/** Returns the body of the rule in force: what people switched on, else the catalog's. */
const inForce = (book: RuleBook, id: string, bodies: Record<string, Data>): Data | null =>
  book.own.find((one) => one.id === id && one.state === "on")?.body ?? bodies[id] ?? null;

function Chosen({ book, id }: { book: RuleBook; id: string }) {
  const { t } = useTranslation();
  const go = useNavigate();
  const { data: bodies = {} } = useRuleBodies();
  const [editing, setEditing] = useState<Data | null>(null);
  const body = inForce(book, id, bodies);
  const rule = book.rules.find((one) => one.id === id);
  const own = book.own.filter((one) => one.id === id);
  const done = (made: string): void => {
    setEditing(null);
    void go(`/sense/rules/${made}`);
  };
  if (id === NEW) return <RuleEditor id={null} body={null} present={null} onClose={() => void go("/sense/rules")} onProposed={done} />;
  if (editing) return <RuleEditor id={id} body={editing} present={body && bodyOf(draftOf(id, body))} onClose={() => setEditing(null)} onProposed={done} />;
  if (rule && body) return <RuleView rule={rule} body={body} own={own} onEdit={setEditing} />;
  return own.length > 0 ? <Versions own={own} onEdit={setEditing} /> : <Nothing>{t("rule.unknown")}</Nothing>;
}

export default function RulesScreen() {
  const { t } = useTranslation();
  const wide = useWide();
  const may = useMay();
  const go = useNavigate();
  const { id } = useParams();
  const answer = useRules();
  return (
    <Loaded of={answer}>
      {(book) => {
        const chosen = id ?? (wide ? (book.rules[0]?.id ?? null) : null);
        return (
          <div className="page split rules-page">
            {(wide || !id) && (
              <section className="split-list">
                <header className="screen-head">
                  <h1>{t("sense.tab.rules")}</h1>
                  <span className="count">{book.rules.length}</span>
                  <span className="bar-gap" />
                  {may("rule.propose") && <Button size="small" type="primary" onClick={() => void go(`/sense/rules/${NEW}`)}>{t("rule.new")}</Button>}
                </header>
                <RuleList book={book} chosen={chosen} />
              </section>
            )}
            {chosen && (
              <section className="split-main">
                {!wide && (
                  <button type="button" className="link back" onClick={() => void go("/sense/rules")}>
                    ← {t("sense.tab.rules")}
                  </button>
                )}
                <Chosen key={chosen} book={book} id={chosen} />
              </section>
            )}
          </div>
        );
      }}
    </Loaded>
  );
}
