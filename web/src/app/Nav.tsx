/** The way between screens: a rail at the side, or tabs at the bottom of a phone. */
import { useTranslation } from "react-i18next";
import { NavLink } from "react-router";

import { SCREENS } from "./screens";
import { useTodoCount } from "./useTodoCount";

export function Nav() {
  const { t } = useTranslation();
  const todo = useTodoCount();
  return (
    <nav className="nav" aria-label={t("nav.label")}>
      {SCREENS.map(({ path, key, icon }) => (
        <NavLink key={key} to={path} end={path === "/"} className="nav-link">
          <span className="nav-icon">
            {icon}
            {key === "desks" && todo > 0 && <em className="nav-badge">{todo > 99 ? "99+" : todo}</em>}
          </span>
          <span className="nav-text">{t(`nav.${key}`)}</span>
        </NavLink>
      ))}
    </nav>
  );
}
