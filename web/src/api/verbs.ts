/** The verbs' argument schemas, read once from the OpenAPI document of the server itself. */
import { useQuery } from "@tanstack/react-query";

import { get } from "./http";
import type { JsonSchema } from "./schema";

interface Operation {
  requestBody?: { content?: Record<string, { schema?: JsonSchema }> };
  summary?: string;
}

export interface OpenApi {
  paths: Record<string, { post?: Operation }>;
  components?: { schemas?: Record<string, JsonSchema> };
}

export interface VerbSchema {
  schema: JsonSchema;
  definitions: Record<string, JsonSchema>;
}

/** Returns the schema of a verb's arguments, or nothing if the document does not list the verb. */
export function schemaOf(document: OpenApi, verb: string): VerbSchema | null {
  const definitions = document.components?.schemas ?? {};
  const path = Object.keys(document.paths).find((one) => one.endsWith(`/actions/${verb}`));
  const schema = path ? document.paths[path]?.post?.requestBody?.content?.["application/json"]?.schema : undefined;
  if (!schema) return null;
  const target = schema.$ref ? definitions[schema.$ref.split("/").pop() ?? ""] : schema;
  return target ? { schema: target, definitions } : null;
}

export function useVerbSchema(verb: string, on: boolean): { data: VerbSchema | null; isLoading: boolean } {
  const { data, isLoading } = useQuery({
    queryKey: ["openapi"],
    queryFn: () => get<OpenApi>("/openapi.json"),
    enabled: on,
    staleTime: Infinity,
    retry: false,
  });
  return { data: data ? schemaOf(data, verb) : null, isLoading };
}
