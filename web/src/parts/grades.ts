/** The four grades, gravest first. A grade is always told three ways: colour, numeral and word. */

export const GRADES = ["red", "orange", "yellow", "blue"] as const;
export type Grade = (typeof GRADES)[number];

export const NUMERAL: Record<Grade, string> = { red: "Ⅰ", orange: "Ⅱ", yellow: "Ⅲ", blue: "Ⅳ" };

export const isGrade = (value: unknown): value is Grade => GRADES.includes(value as Grade);

/** Sorts the gravest first; no grade comes last. */
export const rank = (grade: string | null | undefined): number => (isGrade(grade) ? GRADES.indexOf(grade) : GRADES.length);

export const gravest = (grades: Iterable<string | null | undefined>): Grade | null => {
  let best = GRADES.length as number;
  for (const grade of grades) best = Math.min(best, rank(grade));
  return GRADES[best] ?? null;
};
