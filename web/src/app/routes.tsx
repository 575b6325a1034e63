/** Addresses and their screens; each screen is loaded when it is first opened. */
import { lazy } from "react";
import { createBrowserRouter, Navigate } from "react-router";

import { Shell } from "./Shell";

const Login = lazy(() => import("../screens/login/LoginScreen"));
const Situation = lazy(() => import("../screens/situation/SituationScreen"));
const Desks = lazy(() => import("../screens/desks/DesksScreen"));
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
      { path: "warnings/:id?", element: <Warnings /> },
      { path: "plans/:id?", element: <Plans /> },
      { path: "supply", element: <Supply /> },
      { path: "review", element: <Review /> },
      { path: "journal/:seq?", element: <Journal /> },
      { path: "*", element: <Navigate to="/" replace /> },
    ],
  },
]);
