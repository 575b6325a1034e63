/** Gathers what comes in a burst, so that a fast night does not redraw the screen for each entry. */

export interface Batch<T> {
  add: (item: T) => void;
  stop: () => void;
}

/** Calls `flush` with all items added since, at most once every `wait` ms. */
export function batch<T>(flush: (items: T[]) => void, wait: number): Batch<T> {
  let items: T[] = [];
  let timer: ReturnType<typeof setTimeout> | null = null;
  const fire = (): void => {
    timer = null;
    const full = items;
    items = [];
    flush(full);
  };
  return {
    add: (item) => {
      items.push(item);
      timer ??= setTimeout(fire, wait);
    },
    stop: () => {
      if (timer) clearTimeout(timer);
      timer = null;
    },
  };
}
