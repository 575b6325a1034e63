/** Where the map looks first: the whole city, or the district of those who work in one. */
import type { FeatureCollection, Position } from "geojson";

export type Bounds = [number, number, number, number];

/** Returns west, south, east and north of a geometry's positions, however deep they are nested. */
export function boundsOf(coordinates: unknown, found: Bounds = [Infinity, Infinity, -Infinity, -Infinity]): Bounds {
  if (!Array.isArray(coordinates)) return found;
  if (typeof coordinates[0] !== "number") return coordinates.reduce<Bounds>((all, part) => boundsOf(part, all), found);
  const [lon = 0, lat = 0] = coordinates as Position;
  return [Math.min(found[0], lon), Math.min(found[1], lat), Math.max(found[2], lon), Math.max(found[3], lat)];
}

/** Returns the bounds of the district in which an area lies; of the city where it is the city itself or unknown. */
export function viewOf(area: string | undefined, districts: FeatureCollection, city: Bounds): Bounds {
  const code = area?.slice(0, 6);
  const home = districts.features.find(({ properties }) => properties?.code === code);
  return home && "coordinates" in home.geometry ? boundsOf(home.geometry.coordinates) : city;
}
