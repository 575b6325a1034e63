/** What has happened, the newest first, in the words that the review makes of the journal. */
import { useTranslation } from "react-i18next";

import { useStory } from "../../api/queries";
import type { StoryLine } from "../../api/types";
import { useLang } from "../../app/preferences";
import type { Picked } from "../../map/CityMap";
import { By } from "../../parts/By";
import { kindOf } from "../../parts/entries";
import { GradeTag } from "../../parts/GradeTag";
import { name } from "../../parts/names";
import { Loaded, Nothing } from "../../parts/States";
import { clockTime } from "../../parts/time";
import { useWords } from "../../parts/useWords";

export function TimelineRow({ line, area, onOpen }: { line: StoryLine; area: string; onOpen: (() => void) | null }) {
  const { t } = useTranslation();
  const lang = useLang();
  const body = (
    <>
      <time className="num">{clockTime(line.at, lang)}</time>
      <span className="row-main">
        <b>{t(`entry.${line.kind}`, { defaultValue: line.kind })}</b>
        <span className="row-about">{name(line.names, lang, line.subject)}</span>
        <small>
          {area} · <By actor={line.by} />
        </small>
      </span>
      {line.grade && <GradeTag grade={line.grade} short />}
    </>
  );
  return (
    <li>
      {onOpen ? (
        <button type="button" className="row" onClick={onOpen}>
          {body}
        </button>
      ) : (
        <div className="row">{body}</div>
      )}
    </li>
  );
}

export function Timeline({ onChoose }: { onChoose: (picked: Picked) => void }) {
  const { t } = useTranslation();
  const words = useWords();
  const answer = useStory();
  return (
    <Loaded of={answer}>
      {(lines) =>
        lines.length === 0 ? (
          <Nothing>{t("situation.quiet")}</Nothing>
        ) : (
          <ol className="rows timeline">
            {lines.map((line) => {
              const kind = kindOf(line.kind);
              return <TimelineRow key={line.seq} line={line} area={words.area(line.area)} onOpen={kind ? () => onChoose({ kind, id: line.subject }) : null} />;
            })}
          </ol>
        )
      }
    </Loaded>
  );
}
