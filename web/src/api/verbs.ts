/** The verbs' argument schemas, as the server lists them. */
import { useQuery } from "@tanstack/react-query";

import { get } from "./http";
import type { JsonSchema } from "./forms";
import type { Listing } from "./types";

export interface VerbInfo {
  verb: string;
  summary: string;
  arguments: JsonSchema & { $defs?: Record<string, JsonSchema> };
}

export function useVerb(verb: string): { data: VerbInfo | undefined; isLoading: boolean } {
  const { data, isLoading } = useQuery({
    queryKey: ["verbs"],
    queryFn: () => get("/api/v1/actions") as Promise<Listing<VerbInfo>>,
    staleTime: Infinity,
  });
  return { data: data?.items.find((one) => one.verb === verb), isLoading };
}
