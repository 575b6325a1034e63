/** The drawer's content for whatever was clicked: one table of kinds, one component each. */
import type { ComponentType } from "react";

import type { Outlook } from "../../api/types";
import type { Picked } from "../../map/CityMap";
import { AlarmObject } from "./AlarmObject";
import { CycloneObject } from "./CycloneObject";
import { ForecastObject } from "./ForecastObject";
import { LinkObject } from "./LinkObject";
import { SensorObject } from "./SensorObject";
import { ShelterObject } from "./ShelterObject";
import { AreaTasksObject, TaskObject } from "./TaskObject";
import { TownObject } from "./TownObject";
import { WarehouseObject } from "./WarehouseObject";

export interface ObjectProps {
  id: string;
  outlook: Outlook | undefined;
  onChoose: (picked: Picked | null) => void;
}

const WarningLink = ({ id }: ObjectProps) => <LinkObject to={`/warnings/${id}`} />;
const ActivationLink = ({ id }: ObjectProps) => <LinkObject to={`/plans/${id}`} />;

const KINDS: Record<string, ComponentType<ObjectProps>> = {
  alarm: AlarmObject,
  sensor: SensorObject,
  town: TownObject,
  forecast: ForecastObject,
  cyclone: CycloneObject,
  shelter: ShelterObject,
  warehouse: WarehouseObject,
  task: TaskObject,
  tasks: AreaTasksObject,
  warning: WarningLink,
  activation: ActivationLink,
};

export function ObjectDetail({ picked, ...rest }: { picked: Picked } & Omit<ObjectProps, "id">) {
  const Kind = KINDS[picked.kind];
  return Kind ? <Kind key={picked.id} id={picked.id} {...rest} /> : <code>{picked.id}</code>;
}
