/** Underpasses, entrances and other assets in the order in which the water comes. */
import { Button, Select } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";

import type { Arrival, Arrivals } from "../../api/flooding";
import { useLang } from "../../app/preferences";
import { isGrade } from "../../parts/grades";
import { GradeTag } from "../../parts/GradeTag";
import { name } from "../../parts/names";
import { Nothing } from "../../parts/States";
import { dayTime, shortTime } from "../../parts/time";
import { useWords } from "../../parts/useWords";
import { Synthetic } from "../../parts/Why";
import { chanceWord, depthWord, spreadWord } from "./words";

const PAGE = 100;

/** Returns how many assets of each type there are, the commonest first. */
export function tally(items: Arrival[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const { type } of items) counts.set(type, (counts.get(type) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
}

function Row({ item, chosen, onChoose }: { item: Arrival; chosen: boolean; onChoose: () => void }) {
  const { t } = useTranslation();
  const lang = useLang();
  const words = useWords();
  return (
    <li>
      <button type="button" className={chosen ? "row arrival-row row-on" : "row arrival-row"} data-arrival={item.asset} aria-pressed={chosen} onClick={onChoose}>
        <time className="num" title={item.arrival ? dayTime(item.arrival, lang) : t("flood.maybe_long")}>
          {item.arrival ? shortTime(item.arrival, lang) : t("flood.maybe")}
        </time>
        <span className="row-main">
          {name({ zh: item.name_zh, en: item.name_en }, lang, item.asset)} {item.synthetic && <Synthetic />}
          <small>
            {words.assetType(item.type)} · {words.area(item.area)}
          </small>
          <small className="num arrival-chances">
            {item.chance.map(({ depth_m, chance }) => (
              <span key={depth_m}>{t("flood.chance_short", { depth: depth_m, chance: chanceWord(chance) })}</span>
            ))}
          </small>
          {item.harm && <small className="num">{t("flood.harm", { harm: spreadWord(item.harm, chanceWord) })}</small>}
        </span>
        <span className="row-side num">
          {depthWord(item.depth_m)} <GradeTag grade={isGrade(item.grade) ? item.grade : null} short />
        </span>
      </button>
    </li>
  );
}

interface Props {
  arrivals: Arrivals;
  chosen: string | null;
  onChoose: (item: Arrival) => void;
}

export function ArrivalList({ arrivals, chosen, onChoose }: Props) {
  const { t } = useTranslation();
  const words = useWords();
  const [types, setTypes] = useState<string[]>([]);
  const [most, setMost] = useState(PAGE);
  const { items, arrival_m } = arrivals;
  const found = useMemo(() => (types.length > 0 ? items.filter(({ type }) => types.includes(type)) : items), [items, types]);
  if (items.length === 0) return <Nothing>{t("flood.no_arrivals")}</Nothing>;
  return (
    <div className="arrivals" data-total={found.length}>
      <Select
        mode="multiple"
        allowClear
        size="small"
        className="arrival-types"
        placeholder={t("flood.every_type")}
        maxTagCount="responsive"
        value={types}
        onChange={setTypes}
        options={tally(items).map(([type, count]) => ({ value: type, label: `${words.assetType(type)} ${count}` }))}
      />
      <p className="arrival-note">{t("flood.arrival_note", { depth: arrival_m })}</p>
      <ul className="rows">
        {found.slice(0, most).map((item) => (
          <Row key={item.asset} item={item} chosen={item.asset === chosen} onChoose={() => onChoose(item)} />
        ))}
      </ul>
      {found.length > most && (
        <Button type="link" block onClick={() => setMost(most + PAGE)}>
          {t("flood.more", { count: found.length - most })}
        </Button>
      )}
    </div>
  );
}
