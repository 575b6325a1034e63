/** What stands around every screen, for those who have signed in. */
import { Spin } from "antd";
import { Suspense } from "react";
import { Navigate, Outlet, useLocation } from "react-router";

import { useMe } from "../api/queries";
import { ClockProvider } from "../live/ClockProvider";
import { LiveProvider } from "../live/LiveProvider";
import { ProblemNote } from "../parts/States";
import { Nav } from "./Nav";
import { TopBar } from "./TopBar";

/** Tells whether the answer to "who am I" is nobody: the public has no roles. */
const isNobody = (me: { user: string; roles: unknown[] } | undefined): boolean =>
  me !== undefined && (me.user === "public" || me.user === "" || me.roles.length === 0);

export function Shell() {
  const me = useMe();
  const { pathname } = useLocation();
  if (me.isLoading) return <Spin fullscreen />;
  if (me.error?.status === 401 || me.error?.status === 403 || isNobody(me.data)) {
    return <Navigate to="/login" state={{ from: pathname }} replace />;
  }
  if (me.error) {
    return (
      <main className="alone">
        <ProblemNote problem={me.error} />
      </main>
    );
  }
  return (
    <LiveProvider>
      <ClockProvider>
        <div className="shell">
          <TopBar />
          <Nav />
          <main className="screen">
            <Suspense fallback={<Spin className="screen-wait" />}>
              <Outlet />
            </Suspense>
          </main>
        </div>
      </ClockProvider>
    </LiveProvider>
  );
}
