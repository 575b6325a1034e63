/** The world's clock, read now and then from the server and carried on between two readings. */

export interface ClockReading {
  now: string;
  speed: number;
  running: boolean;
  simulated: boolean;
}

/** Returns the world's time (ms) at `wall`, from a reading taken at `readAt` (both of the browser's clock, ms). */
export function worldTime(reading: ClockReading, readAt: number, wall: number): number {
  const then = Date.parse(reading.now);
  if (!reading.running) return then;
  const speed = reading.simulated ? reading.speed : 1;
  return then + Math.max(0, wall - readAt) * speed;
}
