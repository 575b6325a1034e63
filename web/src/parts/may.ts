/** Who may do what, as the catalog's roles say it. The server decides; this only hides what it would refuse. */

/** Tells whether a pattern such as `task.*` covers a verb. */
export const covers = (pattern: string, verb: string): boolean =>
  pattern === "*" || pattern === verb || (pattern.endsWith(".*") && verb.startsWith(pattern.slice(0, -1)));

/** Tells whether one of the roles held may do the verb; roles of unknown content are taken to allow it. */
export function may(verb: string, held: string[], verbsOf: (role: string) => string[] | undefined): boolean {
  return held.some((role) => {
    const patterns = verbsOf(role);
    return patterns === undefined || patterns.some((pattern) => covers(pattern, verb));
  });
}
