/** Web Mercator in the unit square, as the map's camera has it (EPSG:3857 scaled to 0…1), and what lies near a place. */

export const mercatorX = (lon: number): number => (180 + lon) / 360;

export const mercatorY = (lat: number): number => (180 - (180 / Math.PI) * Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360))) / 360;

export interface Places {
  /** The point that single-precision coordinates are told from, so that they are exact to centimetres. */
  origin: [number, number];
  /** x, y of each row from the origin. */
  xy: Float32Array;
}

/** Returns where each sensor lies, told from the first one that lies anywhere. */
export function places(lon: Float64Array, lat: Float64Array): Places {
  const first = lon.findIndex((v, i) => Number.isFinite(v) && Number.isFinite(lat[i]));
  const origin: [number, number] = first < 0 ? [0, 0] : [mercatorX(lon[first] ?? 0), mercatorY(lat[first] ?? 0)];
  const xy = new Float32Array(lon.length * 2);
  for (let i = 0; i < lon.length; i++) {
    xy[2 * i] = mercatorX(lon[i] ?? Number.NaN) - origin[0];
    xy[2 * i + 1] = mercatorY(lat[i] ?? Number.NaN) - origin[1];
  }
  return { origin, xy };
}

/** Returns the rows within a reach of a place (all in the unit square), the last drawn first, no more than `most`. */
export function near({ origin, xy }: Places, rows: Uint32Array, [x, y]: [number, number], reach: number, most: number): number[] {
  const [px, py] = [x - origin[0], y - origin[1]];
  const found: number[] = [];
  for (let i = rows.length - 1; i >= 0 && found.length < most; i--) {
    const row = rows[i] ?? 0;
    const dx = (xy[2 * row] ?? 0) - px;
    const dy = (xy[2 * row + 1] ?? 0) - py;
    if (dx * dx + dy * dy <= reach * reach) found.push(row);
  }
  return found;
}

/** Returns `matrix` (4×4, by columns) after a shift by the origin, in double precision until the end. */
export function shifted(matrix: ArrayLike<number>, [x, y]: [number, number]): Float32Array {
  const m = Float64Array.from(matrix);
  for (let row = 0; row < 4; row++) m[12 + row] = (m[row] ?? 0) * x + (m[4 + row] ?? 0) * y + (m[12 + row] ?? 0);
  return Float32Array.from(m);
}

const TILE = 512;
const DOT = 1.5; // pixels: of two calm points nearer than this only one is seen
const FULL_ZOOM = 11;

/** West, north, east and south in the unit square. */
export type Box = [number, number, number, number];

export const boxOf = (west: number, south: number, east: number, north: number): Box => [mercatorX(west), mercatorY(north), mercatorX(east), mercatorY(south)];

/** Returns a box with as much again around it on every side. */
export const padded = ([w, n, e, s]: Box): Box => [2 * w - e, 2 * n - s, 2 * e - w, 2 * s - n];

export const inside = (inner: Box, outer: Box): boolean => inner[0] >= outer[0] && inner[1] >= outer[1] && inner[2] <= outer[2] && inner[3] <= outer[3];

/** Returns the rows worth drawing: those in the box, far out without calm ones that would lie on another calm one.
 *
 * `calm` tells how many rows at the front are calm.
 */
export function drawable({ origin, xy }: Places, rows: Uint32Array, calm: number, zoom: number, [w, n, e, s]: Box): Uint32Array {
  const scale = zoom < FULL_ZOOM ? (TILE * 2 ** Math.ceil(zoom)) / DOT : 0;
  const seen = new Set<number>();
  const kept = new Uint32Array(rows.length);
  let count = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] ?? 0;
    const x = xy[2 * row] ?? Number.NaN;
    const y = xy[2 * row + 1] ?? Number.NaN;
    if (!(x + origin[0] >= w && x + origin[0] <= e && y + origin[1] >= n && y + origin[1] <= s)) continue;
    if (scale > 0 && i < calm) {
      const cell = Math.floor(x * scale) * 1_000_003 + Math.floor(y * scale);
      if (seen.has(cell)) continue;
      seen.add(cell);
    }
    kept[count++] = row;
  }
  return kept.subarray(0, count);
}
