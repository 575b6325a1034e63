/** A rule tried on what was observed; it can be given up while it runs. */
import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";

import { ask, type Problem } from "../../../api/http";
import { trial, type Raw } from "../../../api/readers";
import type { Data, Trial } from "../../../api/types";

export interface Wish {
  id: string;
  /** The rule, and where there is one, the rule in force to hold it against. */
  body: Data;
  present: Data | null;
  since: string;
  until: string;
  area: string | null;
}

export interface Verdict {
  wish: Wish;
  found: Trial;
  present: Trial | null;
}

const run = async ({ id, since, until, area }: Wish, body: Data, signal: AbortSignal): Promise<Trial> =>
  trial(await ask<Raw>("POST", "/api/v1/sense/rules/try", { rule: { id, ...body }, since, until, ...(area ? { area } : {}) }, {}, signal));

export function useTrial() {
  const stop = useRef<AbortController | null>(null);
  const [begun, setBegun] = useState<number | null>(null);
  const mutation = useMutation<Verdict | null, Problem, Wish>({
    mutationFn: async (wish) => {
      const control = new AbortController();
      stop.current = control;
      setBegun(Date.now());
      try {
        const found = await run(wish, wish.body, control.signal);
        return { wish, found, present: wish.present ? await run(wish, wish.present, control.signal) : null };
      } catch (error) {
        if (control.signal.aborted) return null;
        throw error;
      } finally {
        setBegun(null);
      }
    },
  });
  useEffect(() => () => stop.current?.abort(), []);
  return { ...mutation, begun, cancel: () => stop.current?.abort() };
}
