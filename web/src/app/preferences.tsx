/** What this reader prefers, kept in this browser: language and theme. */
import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { speak } from "../api/http";
import type { Lang } from "../parts/time";
import type { ThemeName } from "./theme";

interface Preferences {
  lang: Lang;
  theme: ThemeName;
  setLang: (lang: Lang) => void;
  setTheme: (theme: ThemeName) => void;
}

const Context = createContext<Preferences | null>(null);

const kept = (key: string): string | null => {
  try {
    return localStorage.getItem(`anlan.${key}`);
  } catch {
    return null;
  }
};

function keep(key: string, value: string): void {
  try {
    localStorage.setItem(`anlan.${key}`, value);
  } catch {
    /* a browser that keeps nothing still works */
  }
}

const firstTheme = (): ThemeName => {
  const theme = kept("theme");
  if (theme === "light" || theme === "dark") return theme;
  return window.matchMedia("(prefers-color-scheme: dark)").matches || window.innerWidth >= 1900 ? "dark" : "light";
};

export function PreferencesProvider({ children }: { children: ReactNode }) {
  const { i18n } = useTranslation();
  const [lang, setLang] = useState<Lang>(() => {
    const first: Lang = kept("lang") === "en" ? "en" : "zh";
    speak(first);
    return first;
  });
  const [theme, setTheme] = useState<ThemeName>(() => {
    const first = firstTheme();
    document.documentElement.dataset.theme = first;
    return first;
  });
  useEffect(() => {
    document.documentElement.lang = lang === "zh" ? "zh-CN" : "en";
    void i18n.changeLanguage(lang);
  }, [lang, i18n]);
  const value = useMemo(
    () => ({
      lang,
      theme,
      setLang: (next: Lang) => {
        speak(next);
        keep("lang", next);
        setLang(next);
      },
      setTheme: (next: ThemeName) => {
        document.documentElement.dataset.theme = next;
        keep("theme", next);
        setTheme(next);
      },
    }),
    [lang, theme],
  );
  return <Context value={value}>{children}</Context>;
}

export function usePreferences(): Preferences {
  const value = useContext(Context);
  if (!value) throw new Error("preferences are used outside their provider");
  return value;
}

export const useLang = (): Lang => usePreferences().lang;
