/** A grade, told by colour, numeral and word at once. */
import { useTranslation } from "react-i18next";

import { isGrade, NUMERAL } from "./grades";

export function GradeTag({ grade, short = false }: { grade: string | null | undefined; short?: boolean }) {
  const { t } = useTranslation();
  if (!isGrade(grade)) return <span className="grade grade-none">{t("grade.none")}</span>;
  const word = t(`grade.${grade}`);
  return (
    <span className={`grade grade-${grade}`} title={word} aria-label={word}>
      <b aria-hidden>{NUMERAL[grade]}</b>
      {!short && <span aria-hidden>{word}</span>}
    </span>
  );
}
