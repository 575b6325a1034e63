/** Sizes as people say them: powers of 1024 (IEC 80000-13). */
const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"];

export function bytes(size: number): string {
  const power = size < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(size) / 10));
  const value = size / 1024 ** power;
  return `${value >= 100 || power === 0 ? Math.round(value) : value.toFixed(1)} ${UNITS[power]}`;
}
