/** 研判: what is forecast, and how well forecasts did, under one heading. */
import { Spin } from "antd";
import { Suspense } from "react";
import { useTranslation } from "react-i18next";
import { Link, NavLink, Outlet, useLocation } from "react-router";

const BACKTEST = "/assess/backtest";

export default function AssessFrame() {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const back = pathname.startsWith(BACKTEST);
  return (
    <div className="sense">
      <nav className="sense-tabs" aria-label={t("flood.label")}>
        <Link to="/assess" className={back ? "sense-tab" : "sense-tab active"}>
          {t("flood.tab.map")}
        </Link>
        <NavLink to={BACKTEST} className="sense-tab">
          {t("flood.tab.backtest")}
        </NavLink>
      </nav>
      <div className="sense-page">
        <Suspense fallback={<Spin className="screen-wait" />}>
          <Outlet />
        </Suspense>
      </div>
    </div>
  );
}
