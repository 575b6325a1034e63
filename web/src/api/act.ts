/** Acts through the one gate: `POST /actions/{verb}` with a key, so that a repeated click acts once. */
import { useMutation, useQueryClient } from "@tanstack/react-query";

import { ask, type Problem } from "./http";
import { staleBy } from "./names";
import type { Data, Outcome } from "./types";

export const act = (verb: string, args: Data, key: string, dryRun = false): Promise<Outcome> =>
  ask<Outcome>("POST", `/api/v1/actions/${verb}${dryRun ? "?dry_run=true" : ""}`, args, { "Idempotency-Key": key });

export interface Wish {
  verb: string;
  args: Data;
  key: string;
}

export function useAct(onDone?: (outcome: Outcome) => void) {
  const client = useQueryClient();
  return useMutation<Outcome, Problem, Wish>({
    mutationFn: ({ verb, args, key }) => act(verb, args, key),
    onSuccess: (outcome) => {
      for (const key of staleBy(outcome.verb)) void client.invalidateQueries({ queryKey: [key] });
      onDone?.(outcome);
    },
  });
}
