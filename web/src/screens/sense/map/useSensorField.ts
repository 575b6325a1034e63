/** All sensors in sight, kept up to date by a worker: whole once, then only what is new. */
import { useCallback, useEffect, useRef, useState } from "react";

import { Problem } from "../../../api/http";
import { address } from "../../../api/sensing";
import type { SensorColumns } from "../../../api/types";
import { useLang } from "../../../app/preferences";
import { useLive } from "../../../live/LiveProvider";
import { noun } from "../../../parts/entries";
import { renew } from "./columns";
import type { Ask, Word } from "./columns.worker";

const EVERY_MS = 5_000;
const SOON_MS = 300;
const TELLS = new Set(["alarm", "sensor"]);

export interface SensorField {
  columns: SensorColumns | null;
  /** Grows whenever the columns say something new; they are the same object until the sensors themselves change. */
  version: number;
  problem: Problem | null;
}

const EMPTY: SensorField = { columns: null, version: 0, problem: null };

export function useSensorField(area: string | null): SensorField {
  const lang = useLang();
  const [field, setField] = useState<SensorField>(EMPTY);
  const look = useRef<() => void>(() => undefined);
  const held = useRef<SensorColumns | null>(null);
  const hear = useCallback((word: Word): void => {
    if (word.told === "fault") {
      const problem = new Problem({ status: word.status, title: word.title, detail: word.detail });
      setField((known) => ({ ...known, problem }));
      return;
    }
    if (word.told === "all") held.current = word.columns;
    else if (held.current) renew(held.current, word.news);
    const fresh = word.told === "all" || word.news.rows.length > 0;
    setField((known) => (fresh || known.problem ? { columns: held.current, version: known.version + Number(fresh), problem: null } : known));
  }, []);

  useEffect(() => {
    const worker = new Worker(new URL("./columns.worker.ts", import.meta.url), { type: "module" });
    const ask: Ask = { address: address("/api/v1/sense/map", { area }), language: lang };
    look.current = () => {
      if (!document.hidden) worker.postMessage(ask);
    };
    worker.onmessage = ({ data }: MessageEvent<Word>) => hear(data);
    worker.postMessage(ask);
    const timer = window.setInterval(() => look.current(), EVERY_MS);
    return () => {
      look.current = () => undefined;
      window.clearInterval(timer);
      worker.terminate();
    };
  }, [area, lang, hear]);

  const newest = useLive().entries.find((entry) => TELLS.has(noun(entry.verb)))?.seq;
  useEffect(() => {
    const timer = window.setTimeout(() => look.current(), SOON_MS);
    return () => window.clearTimeout(timer);
  }, [newest]);

  return field;
}
