import { useCallback } from "react";

import { useMe } from "../api/queries";

/** Returns a test whether this user may do a verb somewhere. The server decides; this hides what it would refuse. */
export function useMay(): (verb: string) => boolean {
  const { data: me } = useMe();
  return useCallback((verb) => me?.verbs.includes(verb) ?? false, [me]);
}
