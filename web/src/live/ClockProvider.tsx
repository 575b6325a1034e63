/** The world's time, ticking once a second of the wall, for countdowns and the clock in the bar. */
import { createContext, useContext, useEffect, useState, type ReactNode } from "react";

import { useClockReading } from "../api/queries";
import { worldTime, type ClockReading } from "./clock";

interface WorldClock {
  now: number;
  reading: ClockReading | null;
}

const Context = createContext<WorldClock>({ now: 0, reading: null });

export const useNow = (): number => useContext(Context).now;
export const useWorldClock = (): WorldClock => useContext(Context);

export function ClockProvider({ children }: { children: ReactNode }) {
  const { data } = useClockReading();
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!data) return;
    const tick = (): void => setNow(worldTime(data, data.readAt, Date.now()));
    tick();
    const timer = window.setInterval(tick, 1000);
    return () => window.clearInterval(timer);
  }, [data]);
  return <Context value={{ now, reading: data ?? null }}>{children}</Context>;
}
