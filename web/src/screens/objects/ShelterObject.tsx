import { useTranslation } from "react-i18next";

import { useShelters } from "../../api/queries";
import { useLang } from "../../app/preferences";
import { name } from "../../parts/names";
import { Nothing } from "../../parts/States";
import { ShelterCard } from "../supply/ShelterCard";
import type { ObjectProps } from "./ObjectDetail";

/** A shelter: how full it is, and what can be done there. */
export function ShelterObject({ id }: ObjectProps) {
  const { t } = useTranslation();
  const lang = useLang();
  const { data: shelters = [] } = useShelters();
  const shelter = shelters.find((one) => one.id === id);
  if (!shelter) return <Nothing>{t("error.gone")}</Nothing>;
  return (
    <article className="object">
      <header className="object-head">
        <h2>{name(shelter.name, lang)}</h2>
      </header>
      <ShelterCard shelter={shelter} />
    </article>
  );
}
