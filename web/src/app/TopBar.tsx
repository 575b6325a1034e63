/** The bar over every screen: what this is, what time it is in the world, who is here, and how they like it. */
import { LogoutOutlined, MoonOutlined, SunOutlined, UserOutlined } from "@ant-design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { Button, Dropdown } from "antd";
import { useTranslation } from "react-i18next";

import { leave } from "../api/http";
import { useMe } from "../api/queries";
import { useLive } from "../live/LiveProvider";
import { Brand } from "./Brand";
import { usePreferences } from "./preferences";
import { ClockControls, WorldClock } from "./WorldClock";

function Connection() {
  const { t } = useTranslation();
  const { connected } = useLive();
  return (
    <span className={connected ? "live live-on" : "live live-off"} role="status">
      {t(connected ? "live.on" : "live.off")}
    </span>
  );
}

export function LookButtons() {
  const { t } = useTranslation();
  const { lang, theme, setLang, setTheme } = usePreferences();
  return (
    <>
      <Button type="text" onClick={() => setLang(lang === "zh" ? "en" : "zh")} aria-label={t("look.language")}>
        {lang === "zh" ? "EN" : "中"}
      </Button>
      <Button
        type="text"
        icon={theme === "dark" ? <SunOutlined /> : <MoonOutlined />}
        aria-label={t(theme === "dark" ? "look.light" : "look.dark")}
        onClick={() => setTheme(theme === "dark" ? "light" : "dark")}
      />
    </>
  );
}

function Who() {
  const { t } = useTranslation();
  const { data: me } = useMe();
  const { lang } = usePreferences();
  const client = useQueryClient();
  if (!me) return null;
  const grants = me.roles.map((held) => (lang === "zh" ? `${held.role_zh} · ${held.area_zh}` : `${held.role_en} · ${held.area_en}`));
  const signOut = async (): Promise<void> => {
    await leave().catch(() => undefined);
    client.clear();
    window.location.assign("/login");
  };
  return (
    <Dropdown
      trigger={["click"]}
      menu={{
        items: [
          ...grants.map((label, key) => ({ key, label, disabled: true })),
          { type: "divider" as const },
          { key: "leave", icon: <LogoutOutlined />, label: t("login.leave"), onClick: () => void signOut() },
        ],
      }}
    >
      <Button type="text" icon={<UserOutlined />} className="who" aria-label={me.name}>
        <span className="who-text">
          <b>{grants[0] ?? me.name}</b>
          <small>{me.user}</small>
        </span>
      </Button>
    </Dropdown>
  );
}

export function TopBar() {
  return (
    <header className="bar">
      <Brand />
      <WorldClock />
      <ClockControls />
      <span className="bar-gap" />
      <Connection />
      <LookButtons />
      <Who />
    </header>
  );
}
