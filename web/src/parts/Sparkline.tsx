/** A row of numbers as a small line, with a dot at the last. */

const WIDTH = 120;
const HEIGHT = 28;
const ROOM = 3;

/** Returns the line's path and where it ends; a break where nothing was read. Nothing without two numbers. */
export function sparkPath(points: [number, number][]): { d: string; x: number; y: number } | null {
  const known = points.filter(([, value]) => Number.isFinite(value));
  const [first, last] = [known[0], known.at(-1)];
  if (!first || !last || known.length < 2) return null;
  const values = known.map(([, value]) => value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const across = (at: number): number => ROOM + ((at - first[0]) / Math.max(1, last[0] - first[0])) * (WIDTH - 2 * ROOM);
  const down = (value: number): number => (high === low ? HEIGHT / 2 : HEIGHT - ROOM - ((value - low) / (high - low)) * (HEIGHT - 2 * ROOM));
  let pen = "M";
  const steps: string[] = [];
  for (const [at, value] of points) {
    if (!Number.isFinite(value)) {
      pen = "M";
      continue;
    }
    steps.push(`${pen}${across(at).toFixed(1)} ${down(value).toFixed(1)}`);
    pen = "L";
  }
  return { d: steps.join(""), x: across(last[0]), y: down(last[1]) };
}

export function Sparkline({ points, label }: { points: [number, number][]; label: string }) {
  const path = sparkPath(points);
  return (
    <svg className="spark" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label} preserveAspectRatio="none">
      {path && <path d={path.d} />}
      {path && <circle cx={path.x} cy={path.y} r="2.2" />}
    </svg>
  );
}
