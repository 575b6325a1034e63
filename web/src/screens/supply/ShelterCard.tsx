/** A shelter and how full it is; the bar says it in words too. */
import { useTranslation } from "react-i18next";

import type { Shelter } from "../../api/types";
import { useLang } from "../../app/preferences";
import { ActButton } from "../../parts/ActButton";
import { name, number } from "../../parts/names";
import { StateTag } from "../../parts/StateTag";
import { useWords } from "../../parts/useWords";
import { Synthetic } from "../../parts/Why";
import { fullness } from "./fullness";

export function ShelterCard({ shelter }: { shelter: Shelter }) {
  const { t } = useTranslation();
  const lang = useLang();
  const words = useWords();
  const { share, tone } = fullness(shelter);
  const n = (value: number): string => number(value, lang);
  const args = { shelter: shelter.id };
  return (
    <div className="todo" data-shelter={shelter.id}>
      <div className="todo-main">
        <div className="todo-title">
          <b>{name(shelter.name, lang)}</b>
          <StateTag noun="shelter" state={shelter.state} />
          {shelter.synthetic && <Synthetic />}
        </div>
        <div className="todo-sub">
          <span>{words.area(shelter.area)}</span>
          <span className="num">{t("supply.places", { occupied: n(shelter.occupied), capacity: n(shelter.capacity) })}</span>
        </div>
        <span className={`progress progress-${tone}`} role="img" aria-label={`${Math.round(share * 100)}%`}>
          <i style={{ width: `${Math.min(100, share * 100)}%` }} />
        </span>
      </div>
      <div className="todo-acts">
        {shelter.state === "open" ? (
          <>
            <ActButton verb="shelter.admit" args={args} />
            <ActButton verb="shelter.close" args={args} danger />
          </>
        ) : (
          <ActButton verb="shelter.open" args={args} kind="primary" />
        )}
      </div>
    </div>
  );
}
