/** What there is, and what is missing. */
import type { Names } from "../../parts/names";
import type { Level, Range } from "./base";

export interface StockLine {
  item: string;
  names: Names;
  quantity: number;
  unit: string;
}

export interface Warehouse {
  id: string;
  name: Names;
  area: string;
  stock: StockLine[];
  synthetic: boolean;
}

export interface Shelter {
  id: string;
  name: Names;
  area: string;
  capacity: number;
  occupied: number;
  state: string;
  lon: number | null;
  lat: number | null;
  synthetic: boolean;
}

export interface Need {
  id: string;
  area: string;
  state: string;
  at: string;
  grade: Level;
  forecast: string | null;
  days: number;
  people: Range;
  towns: { area: string; grade: Level; people: Range }[];
  items: StockLine[];
}

export interface Allocation {
  id: string;
  area: string;
  need: string;
  state: string;
  at: string;
  unmet: StockLine[];
  flows: number;
  people: number;
}

export interface Flow {
  from: Names;
  to: Names;
  goods: StockLine | null;
  people: number | null;
  distance_m: number | null;
}
