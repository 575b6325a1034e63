/** The versions of a rule that people made: proposed by one, switched on by another. */
import { Button } from "antd";
import { useTranslation } from "react-i18next";

import { useMe } from "../../../api/queries";
import type { Data, OwnRule } from "../../../api/types";
import { useLang } from "../../../app/preferences";
import { ActButton } from "../../../parts/ActButton";
import { By } from "../../../parts/By";
import { Panel } from "../../../parts/Panel";
import { StateTag } from "../../../parts/StateTag";
import { dayTime } from "../../../parts/time";
import { useWords } from "../../../parts/useWords";

function Version({ one, onEdit }: { one: OwnRule; onEdit: (body: Data) => void }) {
  const { t } = useTranslation();
  const lang = useLang();
  const words = useWords();
  const { data: me } = useMe();
  const mine = one.proposed_by === me?.user;
  const args = { id: one.id, version: one.version };
  return (
    <div className="todo" data-version={one.version}>
      <div className="todo-main">
        <div className="todo-title">
          <b>{t("rule.version", { version: one.version })}</b> <StateTag noun="rule" state={one.state} /> <small>{words.area(one.area)}</small>
        </div>
        <div className="todo-sub">
          <span>
            <By actor={one.proposed_by} /> · {dayTime(one.proposed_at, lang)}
          </span>
          {one.switched_by && one.switched_at && (
            <span>
              <By actor={one.switched_by} /> · {dayTime(one.switched_at, lang)}
            </span>
          )}
          <span className="todo-reason">{one.reason}</span>
          {one.state === "proposed" && mine && <span className="todo-reason">{t("rule.second_person")}</span>}
        </div>
      </div>
      <div className="todo-acts">
        <Button size="small" onClick={() => onEdit(one.body)}>
          {t("rule.open_version")}
        </Button>
        {one.state === "proposed" && !mine && <ActButton kind="primary" verb="rule.switch_on" args={args} />}
        {one.state === "on" && <ActButton danger verb="rule.switch_off" args={args} />}
      </div>
    </div>
  );
}

export function Versions({ own, onEdit }: { own: OwnRule[]; onEdit: (body: Data) => void }) {
  const { t } = useTranslation();
  if (own.length === 0) return null;
  return (
    <Panel title={t("rule.versions")} count={own.length} flush>
      {own.map((one) => (
        <Version key={one.version} one={one} onEdit={onEdit} />
      ))}
    </Panel>
  );
}
