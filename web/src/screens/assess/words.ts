/** Numbers of a forecast as they are read. */

interface Spread {
  low: number;
  best: number;
  high: number;
}

export const depthWord = (metres: number): string => `${metres.toFixed(2)} m`;
export const chanceWord = (share: number): string => `${Math.round(share * 100)} %`;

/** Returns `0.40 m (0.20 m–0.65 m)`; the best estimate alone where all agree. */
export function spreadWord({ low, best, high }: Spread, word: (value: number) => string): string {
  return low === high ? word(best) : `${word(best)} (${word(low)}–${word(high)})`;
}
