/** Small geometry on the sphere, for what the map draws by itself. */
import type { Feature, Polygon, Position } from "geojson";

const EARTH_KM = 6371.0088; // mean radius, IUGG
const STEPS = 72;

/** Returns the point at a distance and bearing (degrees from north, clockwise) from another, on a sphere. */
export function destination([lon, lat]: Position, km: number, bearing: number): Position {
  const rad = Math.PI / 180;
  const δ = km / EARTH_KM;
  const θ = bearing * rad;
  const φ1 = (lat ?? 0) * rad;
  const φ2 = Math.asin(Math.sin(φ1) * Math.cos(δ) + Math.cos(φ1) * Math.sin(δ) * Math.cos(θ));
  const λ = Math.atan2(Math.sin(θ) * Math.sin(δ) * Math.cos(φ1), Math.cos(δ) - Math.sin(φ1) * Math.sin(φ2));
  return [(lon ?? 0) + λ / rad, φ2 / rad];
}

/** Returns the circle of all points at a distance from a centre. */
export function circle(centre: Position, km: number, properties: Record<string, unknown> = {}): Feature<Polygon> {
  const ring = Array.from({ length: STEPS + 1 }, (_, i) => destination(centre, km, (i % STEPS) * (360 / STEPS)));
  return { type: "Feature", properties, geometry: { type: "Polygon", coordinates: [ring] } };
}
