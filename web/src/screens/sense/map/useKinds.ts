/** The kinds of instruments with their names, signs and sectors, in the order of the sectors. */
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { useCatalog } from "../../../api/queries";
import { useLang } from "../../../app/preferences";
import { name } from "../../../parts/names";
import { signOf } from "./glyphs";

export interface Kind {
  quantity: string;
  name: string;
  unit: string;
  sign: string;
  sector: string;
}

export function useKinds(quantities: string[]): Kind[] {
  const { t } = useTranslation();
  const lang = useLang();
  const { data: catalog } = useCatalog();
  return useMemo(() => {
    const kinds = quantities.map((quantity) => {
      const known = catalog?.quantities[quantity];
      const called = name(known?.names, lang, quantity);
      const family = quantity.split("_")[0] ?? "";
      return { quantity, name: called, unit: known?.unit ?? "", sign: signOf(called, t(`sense.sign.${family}`, { defaultValue: "" })), sector: known?.sector ?? "" };
    });
    const order = Object.keys(catalog?.sectors ?? {});
    return kinds.sort((a, b) => order.indexOf(a.sector) - order.indexOf(b.sector) || a.name.localeCompare(b.name, lang));
  }, [quantities, catalog, lang, t]);
}

/** Returns one sign for each quantity, in the given order. */
export function useSigns(quantities: string[]): string[] {
  const kinds = useKinds(quantities);
  return useMemo(() => {
    const signs = new Map(kinds.map(({ quantity, sign }) => [quantity, sign]));
    return quantities.map((quantity) => signs.get(quantity) ?? "·");
  }, [kinds, quantities]);
}
