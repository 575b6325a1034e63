/** Words of this city and its policy: areas, roles, quantities, by code, in the reader's language. */
import { useMemo } from "react";

import { useAreas, useCatalog } from "../api/queries";
import { useLang } from "../app/preferences";
import { name } from "./names";

export interface Words {
  area: (code: string) => string;
  role: (code: string) => string;
  quantity: (code: string) => string;
  unit: (quantity: string) => string;
  assetType: (code: string) => string;
  eventType: (code: string) => string;
}

export function useWords(): Words {
  const lang = useLang();
  const { data: catalog } = useCatalog();
  const { data: areas } = useAreas();
  return useMemo(
    () => ({
      area: (code) => name(areas?.get(code)?.names, lang, code),
      role: (code) => name(catalog?.roles[code]?.names, lang, code),
      quantity: (code) => name(catalog?.quantities[code]?.names, lang, code),
      unit: (quantity) => catalog?.quantities[quantity]?.unit ?? "",
      assetType: (code) => name(catalog?.assetTypes[code]?.names, lang, code),
      eventType: (code) => name(catalog?.eventTypes[code], lang, code),
    }),
    [lang, catalog, areas],
  );
}
