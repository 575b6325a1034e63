/** Addresses and their screens; each screen is loaded when it is first opened. */
import { lazy } from "react";
import { createBrowserRouter, Navigate } from "react-router";

import { Shell } from "./Shell";

const Login = lazy(() => import("../screens/login/LoginScreen"));
const Situation = lazy(() => import("../screens/situation/SituationScreen"));
const Desks = lazy(() => import("../screens/desks/DesksScreen"));
const Sense = lazy(() => import("../screens/sense/SenseFrame"));
const SenseMap = lazy(() => import("../screens/sense/map/MapScreen"));
const Sensor = lazy(() => import("../screens/sense/sensor/SensorScreen"));
const Alarms = lazy(() => import("../screens/sense/alarms/AlarmsScreen"));
const Rules = lazy(() => import("../screens/sense/rules/RulesScreen"));
const Ingest = lazy(() => import("../screens/sense/ingest/IngestScreen"));
const AlarmSystem = lazy(() => import("../screens/sense/system/AlarmSystemScreen"));
const VitalSigns = lazy(() => import("../screens/sense/city/VitalSignsScreen"));
const Catalogue = lazy(() => import("../screens/sense/city/CatalogueScreen"));
const Coverage = lazy(() => import("../screens/sense/city/CoverageScreen"));
const Assess = lazy(() => import("../screens/assess/AssessFrame"));
const FloodForecast = lazy(() => import("../screens/assess/ForecastScreen"));
const Backtest = lazy(() => import("../screens/assess/backtest"));
const Warnings = lazy(() => import("../screens/warnings/WarningsScreen"));
const Plans = lazy(() => import("../screens/plans/PlansScreen"));
const Supply = lazy(() => import("../screens/supply/SupplyScreen"));
const Review = lazy(() => import("../screens/review/ReviewScreen"));
const Journal = lazy(() => import("../screens/journal/JournalScreen"));

export const router = createBrowserRouter([
  { path: "/login", element: <Login /> },
  {
    path: "/",
    element: <Shell />,
    children: [
      { index: true, element: <Situation /> },
      { path: "desks", element: <Desks /> },
      {
        path: "sense",
        element: <Sense />,
        children: [
          { index: true, element: <SenseMap /> },
          { path: "alarms/:id?", element: <Alarms /> },
          { path: "rules/:id?", element: <Rules /> },
          { path: "ingest", element: <Ingest /> },
          { path: "alarm-system", element: <AlarmSystem /> },
          { path: "vital-signs", element: <VitalSigns /> },
          { path: "catalogue", element: <Catalogue /> },
          { path: "coverage", element: <Coverage /> },
          { path: "sensors/:id", element: <Sensor /> },
        ],
      },
      {
        path: "assess",
        element: <Assess />,
        children: [
          { path: ":id?", element: <FloodForecast /> },
          { path: "backtest", element: <Backtest /> },
        ],
      },
      { path: "warnings/:id?", element: <Warnings /> },
      { path: "plans/:id?", element: <Plans /> },
      { path: "supply", element: <Supply /> },
      { path: "review", element: <Review /> },
      { path: "journal/:seq?", element: <Journal /> },
      { path: "*", element: <Navigate to="/" replace /> },
    ],
  },
]);
