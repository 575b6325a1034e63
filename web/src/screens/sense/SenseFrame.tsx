/** 监测: the screens of instruments under one heading. */
import { Spin } from "antd";
import { Suspense, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { NavLink, Outlet, useLocation } from "react-router";

const PAGES = [
  ["/sense", "map"],
  ["/sense/alarms", "alarms"],
  ["/sense/rules", "rules"],
  ["/sense/ingest", "ingest"],
  ["/sense/alarm-system", "system"],
  ["/sense/vital-signs", "vitals"],
  ["/sense/catalogue", "catalogue"],
  ["/sense/coverage", "coverage"],
] as const;

export default function SenseFrame() {
  const { t } = useTranslation();
  const tabs = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  useEffect(() => {
    tabs.current?.querySelector(".active")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [pathname]);
  return (
    <div className="sense">
      <nav ref={tabs} className="sense-tabs" aria-label={t("sense.label")}>
        {PAGES.map(([path, key]) => (
          <NavLink key={path} to={path} end={path === "/sense"} className="sense-tab">
            {t(`sense.tab.${key}`)}
          </NavLink>
        ))}
      </nav>
      <div className="sense-page">
        <Suspense fallback={<Spin className="screen-wait" />}>
          <Outlet />
        </Suspense>
      </div>
    </div>
  );
}
