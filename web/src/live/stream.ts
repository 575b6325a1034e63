/** The journal as it grows, by server-sent events; after a break it goes on where it stopped. */
import type { Entry } from "../api/types";

export interface Stream {
  close: () => void;
}

const AGAIN_MS = 3000;

/** Opens the stream after entry `seq` and calls `onEntry` for each entry once, in order. */
export function openStream(seq: number, onEntry: (entry: Entry) => void, onState: (live: boolean) => void): Stream {
  let last = seq;
  let source: EventSource | null = null;
  let timer = 0;
  let closed = false;

  const receive = (event: MessageEvent<string>): void => {
    const entry = JSON.parse(event.data) as Entry;
    if (entry.seq <= last) return;
    last = entry.seq;
    onEntry(entry);
  };
  const open = (): void => {
    if (closed) return;
    source = new EventSource(`/api/v1/journal/stream?after=${last}`, { withCredentials: true });
    source.onopen = () => onState(true);
    source.onmessage = receive;
    source.addEventListener("entry", receive as EventListener);
    source.addEventListener("signed_out", () => window.location.assign("/login"));
    source.onerror = () => {
      onState(false);
      source?.close();
      timer = window.setTimeout(open, AGAIN_MS);
    };
  };
  open();
  return {
    close: () => {
      closed = true;
      window.clearTimeout(timer);
      source?.close();
    },
  };
}
