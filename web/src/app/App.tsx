/** Puts the providers around the screens. */
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { App as AntApp, ConfigProvider } from "antd";
import enGB from "antd/locale/en_GB";
import zhCN from "antd/locale/zh_CN";
import { useMemo } from "react";
import { RouterProvider } from "react-router";

import { PreferencesProvider, usePreferences } from "./preferences";
import { router } from "./routes";
import { themeConfig } from "./theme";

const client = new QueryClient({
  defaultOptions: { queries: { staleTime: 5_000, retry: 1, refetchOnWindowFocus: false } },
});

function Themed() {
  const { lang, theme } = usePreferences();
  const config = useMemo(() => themeConfig(theme), [theme]);
  return (
    <ConfigProvider locale={lang === "zh" ? zhCN : enGB} theme={config} button={{ autoInsertSpace: false }}>
      <AntApp>
        <RouterProvider router={router} />
      </AntApp>
    </ConfigProvider>
  );
}

export function App() {
  return (
    <QueryClientProvider client={client}>
      <PreferencesProvider>
        <Themed />
      </PreferencesProvider>
    </QueryClientProvider>
  );
}
