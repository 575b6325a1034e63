/** Choosing by name what has a code: areas, roles, kinds of events, incidents, grades. */
import { Select } from "antd";
import { useTranslation } from "react-i18next";

import type { FieldKind } from "../api/forms";
import { useAreas, useCatalog, useIncidents } from "../api/queries";
import { names } from "../api/raw";
import { useLang } from "../app/preferences";
import { name } from "./names";

type Named = Extract<FieldKind, "area" | "areas" | "role" | "event" | "incident">;
interface Option {
  value: string;
  label: string;
}

export const isNamed = (kind: FieldKind): kind is Named => ["area", "areas", "role", "event", "incident"].includes(kind);

function useOptions(kind: Named): Option[] {
  const lang = useLang();
  const { data: areas } = useAreas();
  const { data: catalog } = useCatalog();
  const { data: incidents } = useIncidents(kind === "incident");
  if (kind === "incident") return (incidents ?? []).map((one) => ({ value: String(one.id), label: `${name(names(one), lang, "")} ${String(one.id)}`.trim() }));
  if (kind === "role") return Object.entries(catalog?.roles ?? {}).map(([value, names]) => ({ value, label: name(names, lang, value) }));
  if (kind === "event") return Object.entries(catalog?.eventTypes ?? {}).map(([value, names]) => ({ value, label: `${name(names, lang, value)} ${value}` }));
  return (areas?.list ?? []).map(({ code, names }) => ({ value: code, label: `${name(names, lang, code)} ${code}` }));
}

/** Finds by name or code; the list is drawn only as far as it is seen, since a city has thousands of communities. */
export function NamedSelect({ kind, ...rest }: { kind: Named }) {
  const options = useOptions(kind);
  return <Select {...rest} {...(kind === "areas" ? { mode: "multiple" as const } : {})} showSearch={{ optionFilterProp: "label" }} options={options} allowClear virtual />;
}

export function ChoiceSelect({ choices, ...rest }: { choices: string[] }) {
  const { t } = useTranslation();
  return <Select {...rest} options={choices.map((value) => ({ value, label: t(`choice.${value}`, { defaultValue: t(`grade.${value}`, { defaultValue: value }) }) }))} allowClear />;
}
