import { useEffect, useState, type RefObject } from "react";

export interface Size {
  width: number;
  height: number;
}

/** Returns how large an element is, and again when that changes; nothing before it was measured. */
export function useSize(box: RefObject<HTMLElement | null>): Size | null {
  const [size, setSize] = useState<Size | null>(null);
  useEffect(() => {
    if (!box.current) return;
    const watch = new ResizeObserver(([entry]) => {
      if (!entry) return;
      const { width, height } = entry.contentRect;
      setSize((before) => (before && Math.abs(before.width - width) < 1 && Math.abs(before.height - height) < 1 ? before : { width, height }));
    });
    watch.observe(box.current);
    return () => watch.disconnect();
  }, [box]);
  return size;
}
