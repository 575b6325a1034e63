/** Asks for the map's columns beside the page, so that reading some megabytes never holds the map still; tells only what is new. */
import type { SensorChanges, SensorColumns } from "../../../api/types";
import { changes, columnsOf, sameSensors } from "./columns";

export interface Ask {
  address: string;
  language: string;
}

export type Word =
  | { told: "all"; columns: SensorColumns }
  | { told: "news"; news: SensorChanges }
  | { told: "fault"; status: number; title: string; detail: string };

let known: { address: string; columns: SensorColumns } | null = null;

const say = (word: Word, transfer: Transferable[] = []): void => (self as unknown as Worker).postMessage(word, transfer);

async function look({ address, language }: Ask): Promise<void> {
  const response = await fetch(address, { credentials: "same-origin", headers: { "Accept-Language": language } });
  if (!response.ok) {
    const body = (await response.json().catch(() => ({}))) as { title?: string; detail?: string };
    say({ told: "fault", status: response.status, title: body.title ?? response.statusText, detail: body.detail ?? "" });
    return;
  }
  const columns = columnsOf((await response.json()) as object);
  if (known?.address === address && sameSensors(known.columns, columns)) {
    const news = changes(known.columns, columns);
    say({ told: "news", news }, [news.rows.buffer, news.state.buffer, news.grade.buffer, news.value.buffer, news.at.buffer] as Transferable[]);
  } else say({ told: "all", columns });
  known = { address, columns };
}

let busy = false;

self.onmessage = ({ data }: MessageEvent<Ask>): void => {
  if (busy && known?.address === data.address) return; // the answer under way will say it
  busy = true;
  look(data)
    .catch((error: unknown) => say({ told: "fault", status: 0, title: "unreachable", detail: String(error) }))
    .finally(() => (busy = false));
};
