/** What an alarm is about, by name: a sensor, an area by its code; what has no name keeps its id. */
import { useQueries, type UseQueryResult } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";

import { sensorPage } from "../../api/readers";
import { names, record, text, type Raw } from "../../api/raw";
import { sensorAsked, useSensorsOf } from "../../api/sensing";
import { useLang } from "../../app/preferences";
import { name, type Names } from "../../parts/names";
import { useWords } from "../../parts/useWords";

const AREA = /^\d+$/;

function useNamed(known: ReadonlyMap<string, Names>): (subject: string) => string {
  const lang = useLang();
  const words = useWords();
  return useCallback((subject) => (AREA.test(subject) ? words.area(subject) : name(known.get(subject), lang, subject)), [known, words, lang]);
}

/** Returns the names of what a rule about a quantity can find. */
export function useSubjectName(quantity: string): (subject: string) => string {
  const { data } = useSensorsOf(quantity);
  const known = useMemo(() => new Map((data?.features ?? []).map(({ properties }): [string, Names] => [text(record(properties).id) ?? "", names(record(properties))])), [data]);
  return useNamed(known);
}

/** Returns the names of a few sensors of whatever kind, each asked for by itself. */
export function useSensorNames(subjects: string[]): (subject: string) => string {
  const told = [...new Set(subjects)].filter((subject) => !AREA.test(subject)).join("\n");
  const ids = useMemo(() => (told === "" ? [] : told.split("\n")), [told]);
  const combine = useCallback(
    (answers: UseQueryResult<Raw>[]): ReadonlyMap<string, Names> => new Map(answers.flatMap(({ data }, i): [string, Names][] => (data ? [[ids[i] ?? "", sensorPage(data).card.name]] : []))),
    [ids],
  );
  return useNamed(useQueries({ queries: ids.map(sensorAsked), combine }));
}
