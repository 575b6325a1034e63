/** Keeps the screens fresh: every journal entry is shown in the timeline and makes stale what it changed. */
import { useQueryClient } from "@tanstack/react-query";
import { createContext, useCallback, useContext, useEffect, useState, type ReactNode } from "react";

import { get } from "../api/http";
import { staleBy } from "../api/names";
import type { Entry } from "../api/types";
import { batch } from "./batch";
import { merge } from "./merge";
import { openStream, type Stream } from "./stream";

const BEFORE = 200;

type Listener = (entry: Entry) => void;

interface Live {
  entries: Entry[];
  connected: boolean;
  /** Calls back for every entry at once, for those who cannot wait until a burst is gathered; returns how to stop. */
  hear: (listener: Listener) => () => void;
}

const Context = createContext<Live>({ entries: [], connected: false, hear: () => () => undefined });
const WAIT_MS = 700;
const SOON_MS = 120;

export const useLive = (): Live => useContext(Context);

export function LiveProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [entries, setEntries] = useState<Entry[]>([]);
  const [connected, setConnected] = useState(false);
  const [listeners] = useState(() => new Set<Listener>());
  const hear = useCallback(
    (listener: Listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    [listeners],
  );

  useEffect(() => {
    let stream: Stream | null = null;
    let stopped = false;
    const burst = batch<Entry>((fresh) => {
      setEntries((known) => merge(known, fresh));
      for (const key of new Set(fresh.flatMap((entry) => staleBy(entry.verb)))) {
        void client.invalidateQueries({ queryKey: [key] });
      }
    }, WAIT_MS, SOON_MS);
    const start = async (): Promise<void> => {
      const head = await get("/api/v1/journal/head").catch(() => ({ size: 0 }));
      const after = Math.max(0, head.size - BEFORE);
      const before = await get("/api/v1/journal", { query: { after, limit: BEFORE } }).catch(() => ({ items: [] as Entry[] }));
      if (stopped) return;
      setEntries((known) => merge(known, before.items));
      const last = before.items.reduce((seq, entry) => Math.max(seq, entry.seq), after);
      stream = openStream(
        last,
        (entry) => {
          for (const listener of listeners) listener(entry);
          burst.add(entry);
        },
        setConnected,
      );
    };
    void start();
    return () => {
      stopped = true;
      burst.stop();
      stream?.close();
    };
  }, [client, listeners]);

  return <Context value={{ entries, connected, hear }}>{children}</Context>;
}
