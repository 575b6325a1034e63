/** Puts the providers around the screens. */
import { QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { App as AntApp, ConfigProvider } from "antd";
import enGB from "antd/locale/en_GB";
import zhCN from "antd/locale/zh_CN";
import { useMemo } from "react";
import { RouterProvider } from "react-router";

import { Problem } from "../api/http";
import { PreferencesProvider, usePreferences } from "./preferences";
import { router } from "./routes";
import { themeConfig } from "./theme";

/** Whoever is no longer signed in is asked who they are, and the frame then shows the sign-in page. */
const signedOut = (error: Error): void => {
  if (error instanceof Problem && error.status === 401) void client.invalidateQueries({ queryKey: ["me"] });
};

const client: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: signedOut }),
  defaultOptions: { queries: { staleTime: 5_000, retry: (count, error) => count < 1 && !(error instanceof Problem && error.status >= 400 && error.status < 500), refetchOnWindowFocus: false } },
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
