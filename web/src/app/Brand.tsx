import { useTranslation } from "react-i18next";

/** The product's mark: calm water. */
export function Brand({ large = false }: { large?: boolean }) {
  const { t } = useTranslation();
  return (
    <span className={large ? "brand brand-large" : "brand"}>
      <svg viewBox="0 0 32 32" aria-hidden>
        <rect width="32" height="32" rx="7" fill="currentColor" />
        <path d="M5 13q5.5-5 11 0t11 0M5 20q5.5-5 11 0t11 0" fill="none" stroke="var(--surface)" strokeWidth="2.6" strokeLinecap="round" />
      </svg>
      <span>
        <b>{t("brand.name")}</b>
        <small>{t("brand.line")}</small>
      </span>
    </span>
  );
}
