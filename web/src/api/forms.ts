/** A verb's form, from the JSON schema that the server publishes for its arguments. */
import { cityTime } from "../parts/time";
import type { Data } from "./types";

export interface JsonSchema {
  type?: string;
  format?: string;
  enum?: unknown[];
  const?: unknown;
  title?: string;
  description?: string;
  default?: unknown;
  anyOf?: JsonSchema[];
  allOf?: JsonSchema[];
  items?: JsonSchema;
  $ref?: string;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
}

export type FieldKind = "area" | "areas" | "role" | "event" | "incident" | "text" | "long" | "number" | "integer" | "boolean" | "choice" | "time" | "list" | "json";

export interface Field {
  name: string;
  kind: FieldKind;
  required: boolean;
  choices?: string[];
  minimum?: number;
  maximum?: number;
  maxLength?: number;
  description?: string;
  fallback?: unknown;
}

type Definitions = Record<string, JsonSchema>;

/** Follows references, and takes `X` out of `X or null`. */
export function resolve(schema: JsonSchema, definitions: Definitions): JsonSchema {
  if (schema.$ref) {
    const target = definitions[schema.$ref.split("/").pop() ?? ""];
    return target ? resolve(target, definitions) : {};
  }
  const real = (schema.anyOf ?? schema.allOf)?.filter((one) => one.type !== "null");
  if (real?.length === 1 && real[0]) return { ...resolve(real[0], definitions), ...titled(schema) };
  return schema;
}

const titled = ({ title, description, default: fallback }: JsonSchema): JsonSchema => ({
  ...(title ? { title } : {}),
  ...(description ? { description } : {}),
  ...(fallback === undefined ? {} : { default: fallback }),
});

const LONG = 300;
const ANYTHING = 20_000; // the bound of every text, which says nothing of how long it is meant to be

/** Fields whose values have names of their own, so that a person chooses a name and not a code. */
const NAMED: Record<string, FieldKind> = { area: "area", stock_area: "area", areas: "areas", role: "role", event_type: "event", incident: "incident" };
const WORDY = new Set(["note", "reason", "detail", "text", "evidence", "handling"]);

function kindOf(name: string, schema: JsonSchema): FieldKind {
  const named = NAMED[name];
  if (named) return named;
  if (schema.enum) return "choice";
  if (schema.type === "string" && schema.format === "date-time") return "time";
  if (schema.type === "string") {
    const { maxLength = ANYTHING } = schema;
    return WORDY.has(name) || (maxLength > LONG && maxLength < ANYTHING) ? "long" : "text";
  }
  if (schema.type === "integer" || schema.type === "number" || schema.type === "boolean") return schema.type;
  if (schema.type === "array" && schema.items?.type === "string") return "list";
  return "json";
}

/** Returns the fields of a verb's form, the required first, without those already known. */
export function fieldsOf(schema: JsonSchema, definitions: Definitions, known: Data = {}): Field[] {
  const required = new Set(schema.required ?? []);
  const fields = Object.entries(schema.properties ?? {})
    .filter(([name]) => !(name in known))
    .map(([name, raw]) => field(name, resolve(raw, definitions), required.has(name)));
  return fields.sort((a, b) => Number(b.required) - Number(a.required));
}

function field(name: string, schema: JsonSchema, required: boolean): Field {
  const { minimum, maximum, maxLength, description, default: fallback } = schema;
  return {
    name,
    kind: kindOf(name, schema),
    required,
    ...(schema.enum ? { choices: schema.enum.map(String) } : {}),
    ...(minimum === undefined ? {} : { minimum }),
    ...(maximum === undefined ? {} : { maximum }),
    ...(maxLength === undefined ? {} : { maxLength }),
    ...(description ? { description } : {}),
    ...(fallback === undefined || fallback === null ? {} : { fallback }),
  };
}

/** Turns what was typed into the arguments: empty is left out, lists and JSON are read. */
export function argsOf(fields: Field[], typed: Data): Data {
  const args: Data = {};
  for (const { name, kind } of fields) {
    const value = typed[name];
    if (value === undefined || value === null || value === "") continue;
    if (kind === "json" && typeof value === "string") args[name] = JSON.parse(value);
    else if (kind === "time" && typeof value === "string") args[name] = cityTime(value);
    else args[name] = value;
  }
  return args;
}
