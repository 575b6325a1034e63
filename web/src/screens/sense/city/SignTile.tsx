/** One vital sign: its value, the grade that it has come to, the levels, and how it moved. */
import { useTranslation } from "react-i18next";

import type { Sign, SignReading } from "../../../api/types";
import { useLang } from "../../../app/preferences";
import { GradeTag } from "../../../parts/GradeTag";
import { isGrade, NUMERAL } from "../../../parts/grades";
import { name, number } from "../../../parts/names";
import { Sparkline } from "../../../parts/Sparkline";
import { useWords } from "../../../parts/useWords";
import { SIGNS } from "../rules/levels";

interface Props {
  sign: Sign;
  reading: SignReading | undefined;
  trend: [number, number][];
  chosen: boolean;
  onClick: () => void;
}

export const signUnit = (unit: string, sign: (unit: string) => string): string => (unit === "1" ? "" : sign(unit));

/** The levels as a row of boxes from calm to grave; the one in which the value lies is filled. */
function Levels({ sign, reading }: { sign: Sign; reading: SignReading | undefined }) {
  const at = reading?.grade ?? null;
  const measured = reading?.value != null;
  return (
    <span className="sign-levels" aria-hidden>
      <i className={measured && at === null ? "level-calm level-on" : "level-calm"} />
      {sign.grades.map(({ grade, value }) => (
        <i key={grade} className={measured && at === grade ? `area-${grade} level-on` : `area-${grade}`} title={`${isGrade(grade) ? NUMERAL[grade] : ""} ${SIGNS[sign.op] ?? sign.op} ${value}`} />
      ))}
    </span>
  );
}

export function SignTile({ sign, reading, trend, chosen, onClick }: Props) {
  const { t } = useTranslation();
  const lang = useLang();
  const words = useWords();
  const value = reading?.value ?? null;
  const grade = reading?.grade ?? null;
  const tone = value === null ? "sign-none" : grade ? `sign-${grade}` : "sign-calm";
  return (
    <button type="button" className={chosen ? `sign ${tone} sign-chosen` : `sign ${tone}`} aria-pressed={chosen} data-sign={sign.id} onClick={onClick}>
      <span className="sign-name">{name(sign.names, lang, sign.id)}</span>
      <span className="sign-value">
        {value === null ? <em>{t("vitals.unmeasured")}</em> : number(value, lang, value !== 0 && Math.abs(value) < 10 ? 2 : 1)} {value !== null && <small>{signUnit(sign.unit, words.unit)}</small>}
        {grade && <GradeTag grade={grade} short />}
      </span>
      <span className="sign-foot">
        <Levels sign={sign} reading={reading} />
        {trend.length > 1 && <Sparkline points={trend} label={t("vitals.trend")} />}
      </span>
    </button>
  );
}
