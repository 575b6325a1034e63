/** One button for each desk of the demonstration. */
import { useTranslation } from "react-i18next";

import { useDemo } from "../../api/demo";
import { useCatalog } from "../../api/queries";
import { useLang } from "../../app/preferences";
import { name } from "../../parts/names";
import type { Credentials } from "./LoginScreen";

export function DemoDesks({ onEnter }: { onEnter: (credentials: Credentials) => void }) {
  const { t } = useTranslation();
  const lang = useLang();
  const { data: demo } = useDemo(true);
  const { data: catalog } = useCatalog();
  if (!demo || demo.users.length === 0) return null;
  return (
    <section className="login-demo">
      <h4>
        {t("login.demo")} · {lang === "zh" ? demo.name_zh : demo.name_en}
      </h4>
      <div className="login-desks">
        {demo.users.map(({ user, role, name: zh, name_en }) => (
          <button key={user} type="button" data-user={user} onClick={() => onEnter({ user, password: demo.password })}>
            <b>{name(catalog?.roles[role], lang, role)}</b>
            <small>{name({ zh, en: name_en ?? null }, lang)}</small>
          </button>
        ))}
      </div>
    </section>
  );
}
