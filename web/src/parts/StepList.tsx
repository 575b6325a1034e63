/** The history of a thing: when, who, what, and the reason given. */
import { useTranslation } from "react-i18next";

import type { Step } from "../api/types";
import { useLang } from "../app/preferences";
import { By } from "./By";
import { dayTime } from "./time";

export function StepList({ steps, noun }: { steps: Step[]; noun: string }) {
  const { t } = useTranslation();
  const lang = useLang();
  return (
    <ol className="steps">
      {steps.map((step) => {
        const verb = step.verb.includes(".") ? step.verb : `${noun}.${step.verb}`;
        return (
          <li key={`${step.seq}${step.verb}${step.state}`}>
            <time className="num">{dayTime(step.at, lang)}</time> <b>{t(`entry.${verb}`, { defaultValue: t(`verb.${verb}`, { defaultValue: step.verb }) })}</b>
            <small>
              {" "}
              <By actor={step.by} />
            </small>
            {step.note && <p>{step.note}</p>}
          </li>
        );
      })}
    </ol>
  );
}
