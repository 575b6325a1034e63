import { useTranslation } from "react-i18next";

import { actorKind } from "./entries";

/** Who did it: a person by name, a machine by what it is. */
export function By({ actor }: { actor: string }) {
  const { t } = useTranslation();
  const kind = actorKind(actor);
  return <span title={actor}>{kind ? t(`entry.${kind}`) : actor}</span>;
}
