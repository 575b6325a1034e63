/** What can be done with a warning now. */
import { useTranslation } from "react-i18next";

import { useMe } from "../../api/queries";
import type { Warning } from "../../api/types";
import { useLang } from "../../app/preferences";
import { ActButton } from "../../parts/ActButton";
import { MOVES } from "./steps";

export function WarningActs({ warning, all = false }: { warning: Warning; all?: boolean }) {
  const { t } = useTranslation();
  const lang = useLang();
  const { data: me } = useMe();
  const own = me !== undefined && warning.authors.includes(me.user);
  const headline = (lang === "en" ? warning.texts.en : warning.texts.zh)?.headline ?? warning.texts.zh?.headline ?? warning.id;
  const moves = MOVES[warning.state] ?? [];
  return (
    <>
      {(all ? moves : moves.slice(0, 1)).map(({ verb, ask, danger, second }, i) => (
        <ActButton
          key={verb}
          verb={verb}
          args={{ warning: warning.id }}
          ask={ask}
          kind={i === 0 ? "primary" : "default"}
          danger={danger ?? false}
          disabled={Boolean(second) && own}
          about={headline}
          {...(second && own ? { why: t("warning.second_person") } : {})}
        />
      ))}
    </>
  );
}
