/** The demonstration's own controls: how the night is played, and who can sign in. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { ask as asked, type Problem } from "./http";

const ask = <T>(method: "GET" | "POST", body?: object): Promise<T> => asked<T>(method, "/api/v1/demo", body);

export interface DemoState {
  scenario: string;
  name_zh: string;
  name_en: string;
  start: string;
  end: string;
  now: string;
  speed: number;
  paused: boolean;
  autopilot: boolean;
  users: { user: string; name: string; name_en?: string; role: string; area: string }[];
  password: string;
}

export type DemoChange = Partial<Pick<DemoState, "speed" | "paused" | "autopilot">>;

export const useDemo = (on: boolean) =>
  useQuery<DemoState, Problem>({ queryKey: ["demo"], queryFn: () => ask<DemoState>("GET"), enabled: on, refetchInterval: 10_000 });

export function useDemoChange() {
  const client = useQueryClient();
  return useMutation<DemoState, Problem, DemoChange>({
    mutationFn: (change) => ask<DemoState>("POST", change),
    onSuccess: (state) => {
      client.setQueryData(["demo"], state);
      void client.invalidateQueries({ queryKey: ["clock"] });
    },
  });
}
