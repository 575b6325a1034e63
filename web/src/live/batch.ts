/** Gathers what comes in a burst, so that a fast night does not redraw the screen for each entry. */

export interface Batch<T> {
  add: (item: T) => void;
  stop: () => void;
}

/** Calls `flush` with all items added since: `soon` ms after one that comes in quiet, and in a burst every `wait` ms. */
export function batch<T>(flush: (items: T[]) => void, wait: number, soon: number = wait): Batch<T> {
  let items: T[] = [];
  let timer: ReturnType<typeof setTimeout> | null = null;
  let last = -Infinity;
  const fire = (): void => {
    timer = null;
    last = performance.now();
    const full = items;
    items = [];
    flush(full);
  };
  return {
    add: (item) => {
      items.push(item);
      timer ??= setTimeout(fire, Math.max(soon, last + wait - performance.now()));
    },
    stop: () => {
      if (timer) clearTimeout(timer);
      timer = null;
    },
  };
}
