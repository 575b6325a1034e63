import { useCallback } from "react";

import { useCatalog, useMe } from "../api/queries";
import { may } from "./may";

/** Returns a test whether this user's roles include a verb. */
export function useMay(): (verb: string) => boolean {
  const { data: me } = useMe();
  const { data: catalog } = useCatalog();
  return useCallback(
    (verb) => {
      const verbsOf = (role: string): string[] | undefined => {
        const verbs = catalog?.roles[role]?.verbs;
        return verbs && verbs.length > 0 ? verbs : undefined;
      };
      return may(verb, me?.roles.map((grant) => grant.role) ?? [], verbsOf);
    },
    [me, catalog],
  );
}
