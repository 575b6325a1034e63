/** The screens, in the order of the loop; the first ones are the phone's tabs. */
import {
  AlertOutlined, ApartmentOutlined, AuditOutlined, CarryOutOutlined, CloudOutlined, GlobalOutlined, InboxOutlined, LineChartOutlined, RadarChartOutlined,
} from "@ant-design/icons";
import type { ReactNode } from "react";

export interface Screen {
  path: string;
  key: string;
  icon: ReactNode;
}

export const SCREENS: Screen[] = [
  { path: "/", key: "situation", icon: <GlobalOutlined /> },
  { path: "/desks", key: "desks", icon: <CarryOutOutlined /> },
  { path: "/sense", key: "sense", icon: <RadarChartOutlined /> },
  { path: "/assess", key: "assess", icon: <CloudOutlined /> },
  { path: "/warnings", key: "warnings", icon: <AlertOutlined /> },
  { path: "/plans", key: "plans", icon: <ApartmentOutlined /> },
  { path: "/supply", key: "supply", icon: <InboxOutlined /> },
  { path: "/review", key: "review", icon: <LineChartOutlined /> },
  { path: "/journal", key: "journal", icon: <AuditOutlined /> },
];
