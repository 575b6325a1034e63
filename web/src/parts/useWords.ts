/** Words of this city and its policy: areas, roles, quantities, by code, in the reader's language. */
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { useAreas, useCatalog } from "../api/queries";
import { useLang } from "../app/preferences";
import { name } from "./names";

export interface Words {
  area: (code: string) => string;
  role: (code: string) => string;
  quantity: (code: string) => string;
  unit: (unit: string) => string;
  item: (code: string) => string;
  itemUnit: (code: string) => string;
  reportKind: (code: string) => string;
  assetType: (code: string) => string;
  eventType: (code: string) => string;
  rule: (code: string) => string;
  sensorKind: (code: string) => string;
}

export function useWords(): Words {
  const lang = useLang();
  const { t } = useTranslation();
  const { data: catalog } = useCatalog();
  const { data: areas } = useAreas();
  return useMemo(() => {
    const sign = (unit: string): string => {
      const known = catalog?.sign(unit) ?? unit;
      return known === "" ? "" : t(`unit_sign.${known}`, { defaultValue: known }); // a few signs are words
    };
    return {
      area: (code) => name(areas?.get(code)?.names, lang, code),
      role: (code) => name(catalog?.roles[code], lang, code),
      quantity: (code) => name(catalog?.quantities[code]?.names, lang, code),
      unit: sign,
      item: (code) => name(catalog?.items[code]?.names, lang, code),
      itemUnit: (code) => catalog?.items[code]?.unit ?? "",
      reportKind: (code) => name(catalog?.reportKinds[code], lang, code),
      assetType: (code) => name(catalog?.assetTypes[code], lang, code),
      eventType: (code) => name(catalog?.eventTypes[code], lang, code),
      rule: (code) => name(catalog?.rules[code], lang, code),
      sensorKind: (code) => name(catalog?.sensorKinds[code], lang, code),
    };
  }, [lang, t, catalog, areas]);
}
