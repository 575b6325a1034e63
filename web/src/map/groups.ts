/** What can be switched on and off, and the map layers that belong to each. Order is the order of the legend. */

export interface Group {
  key: string;
  layers: string[];
  on: boolean;
}

export const GROUPS: Group[] = [
  { key: "impact", layers: ["impact-fill"], on: true },
  { key: "flood", layers: [], on: true },
  { key: "alarms", layers: ["alarms-halo", "alarms"], on: true },
  { key: "sensors", layers: ["sensors-dot", "sensors"], on: true },
  { key: "cyclone", layers: ["wind-fill", "wind-line", "track-line", "track-dots", "cyclone"], on: true },
  { key: "tasks", layers: ["tasks"], on: false },
  { key: "shelters", layers: ["shelters"], on: false },
  { key: "warehouses", layers: ["warehouses"], on: false },
  { key: "metro", layers: ["metro"], on: false },
  { key: "roads", layers: ["roads"], on: true },
  { key: "towns", layers: ["towns-line", "towns-label"], on: true },
];

export type Shown = Record<string, boolean>;

export const firstShown = (): Shown => Object.fromEntries(GROUPS.map(({ key, on }) => [key, on]));

/** Layers that answer a click, the topmost first, and the kind of thing that each shows. */
export const PICKABLE: Record<string, string> = {
  alarms: "alarm",
  tasks: "tasks",
  shelters: "shelter",
  warehouses: "warehouse",
  cyclone: "cyclone",
  sensors: "sensor",
  "sensors-dot": "sensor",
  "impact-fill": "town",
  "towns-fill": "town",
};
