import { Popover } from "antd";
import { useTranslation } from "react-i18next";

const KEYS = [["↑ ↓ / k j", "move"], ["PgUp PgDn", "page"], ["Space / x", "tick"], ["a", "acknowledge"], ["Enter", "open"], ["→ ←", "fold"], ["Esc", "close"]] as const;

/** Which keys do what at the desk. */
export function KeyHelp() {
  const { t } = useTranslation();
  return (
    <Popover
      placement="bottomRight"
      content={
        <dl className="key-help">
          {KEYS.map(([key, what]) => (
            <div key={key}>
              <dt>
                <kbd>{key}</kbd>
              </dt>
              <dd>{t(`alarm.keys.${what}`)}</dd>
            </div>
          ))}
        </dl>
      }
    >
      <button type="button" className="key-button" aria-label={t("alarm.keys.title")}>
        ⌨
      </button>
    </Popover>
  );
}
