/** Outlines of areas as plain shapes, for a small map without a map. */
import type { FeatureCollection, Position } from "geojson";

const SIZE = 300;

interface Outline {
  code: string;
  d: string;
}

/** Returns the outlines as SVG paths in a square, the sphere flattened at the middle latitude. */
export function outlines(shapes: FeatureCollection, near: (code: string) => boolean): { paths: Outline[]; box: string } {
  const rings: { code: string; ring: Position[] }[] = [];
  for (const { properties, geometry } of shapes.features) {
    const code = String(properties?.code ?? "");
    if (!near(code)) continue;
    if (geometry.type === "Polygon") for (const ring of geometry.coordinates) rings.push({ code, ring });
    if (geometry.type === "MultiPolygon") for (const ring of geometry.coordinates.flat()) rings.push({ code, ring });
  }
  const points = rings.flatMap(({ ring }) => ring);
  if (points.length === 0) return { paths: [], box: `0 0 ${SIZE} ${SIZE}` };
  const lons = points.map(([lon]) => lon ?? 0);
  const lats = points.map(([, lat]) => lat ?? 0);
  const [west, east] = extent(lons);
  const [south, north] = extent(lats);
  const squeeze = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const scale = SIZE / Math.max((east - west) * squeeze, north - south);
  const xy = ([lon = 0, lat = 0]: Position): string =>
    `${((lon - west) * squeeze * scale).toFixed(1)} ${((north - lat) * scale).toFixed(1)}`;
  const joined = new Map<string, string>();
  for (const { code, ring } of rings) joined.set(code, `${joined.get(code) ?? ""}M${ring.map(xy).join("L")}Z`);
  const box = `-4 -4 ${((east - west) * squeeze * scale + 8).toFixed(0)} ${((north - south) * scale + 8).toFixed(0)}`;
  return { paths: [...joined].map(([code, d]) => ({ code, d })), box };
}

const extent = (values: number[]): [number, number] =>
  values.reduce<[number, number]>(([low, high], v) => [Math.min(low, v), Math.max(high, v)], [Infinity, -Infinity]);
