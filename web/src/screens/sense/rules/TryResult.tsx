/** What the rule would have done: the sentence, the picture over time, and the alarms one by one. */
import { Table } from "antd";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import type { TriedAlarm } from "../../../api/types";
import { palette } from "../../../app/palette";
import { usePreferences } from "../../../app/preferences";
import { Chart } from "../../../charts/Chart";
import { GradeTag } from "../../../parts/GradeTag";
import { number } from "../../../parts/names";
import { Nothing } from "../../../parts/States";
import { dayTime } from "../../../parts/time";
import { useWide } from "../../../parts/useWide";
import { useWords } from "../../../parts/useWords";
import { useSubjectName } from "../useSubjectName";
import { span } from "../words";
import { trialOption } from "./trialChart";
import type { Verdict } from "./useTrial";

const AROUND = 6 * 3_600_000;

/** Returns the address of a sensor's page around a moment. */
function around(subject: string, since: string, until: string | null): string {
  const from = Date.parse(since) - AROUND;
  const to = (until ? Date.parse(until) : Date.parse(since)) + AROUND;
  return `/sense/sensors/${encodeURIComponent(subject)}?from=${from}&to=${to}`;
}

export function TryResult({ verdict: { wish, found, present } }: { verdict: Verdict }) {
  const { t } = useTranslation();
  const { lang, theme } = usePreferences();
  const wide = useWide();
  const called = useSubjectName(String(wish.body.quantity ?? ""));
  const words = useWords();
  const measured = words.quantity(String(wish.body.quantity ?? ""));
  const [from, to] = [Date.parse(wish.since), Date.parse(wish.until)];
  const drawn = useMemo(() => {
    void theme; // the colours are those of the theme
    const short = (subject: string): string => called(subject).replace(measured, "").trim() || called(subject); // all measure the same
    return trialOption(found.alarms, from, to, { subject: short, per_day: t("system.per.day"), room: wide ? 176 : 108 }, palette(), lang);
  }, [found, from, to, called, measured, wide, lang, theme, t]);
  const days = number((to - from) / 86_400_000, lang);
  return (
    <div className="try-result">
      <p className="try-sentence" data-count={found.count}>
        {t("rule.verdict", { days, n: number(found.count, lang), per_day: number(found.per_day, lang, 2) })}
      </p>
      <p className="try-note">
        {t("rule.looked_at", { sensors: number(found.sensors, lang), samples: number(found.samples, lang) })}
        {present && ` · ${t("rule.present", { n: number(present.count, lang), per_day: number(present.per_day, lang, 2) })}`}
      </p>
      {found.truncated && <p className="late">{t("rule.truncated")}</p>}
      {found.alarms.length === 0 ? (
        <Nothing>{t("rule.no_tried")}</Nothing>
      ) : (
        <>
          <Chart option={drawn.option} height={drawn.height} label={t("rule.try")} />
          <Table<TriedAlarm>
            size="small"
            rowKey={({ subject, since }) => `${subject}${since}`}
            dataSource={found.alarms}
            pagination={{ pageSize: 15, size: "small", hideOnSinglePage: true, showSizeChanger: false }}
            scroll={{ x: 560 }}
            columns={[
              { title: t("alarm.grade"), width: 70, render: (_, one) => <GradeTag grade={one.worst} short /> },
              { title: t("alarm.subject"), ellipsis: true, render: (_, one) => (/^\d+$/.test(one.subject) ? called(one.subject) : <Link to={around(one.subject, one.since, one.until)}>{called(one.subject)}</Link>) },
              { title: t("alarm.opened"), width: 120, className: "num", render: (_, one) => dayTime(one.since, lang) },
              { title: t("rule.lasted"), width: 110, className: "num", render: (_, one) => (one.until ? span(Math.round((Date.parse(one.until) - Date.parse(one.since)) / 1000), t) : t("rule.still")) },
              { title: t("rule.value"), width: 90, align: "right", className: "num", render: (_, one) => number(one.value, lang, 2) },
            ]}
          />
        </>
      )}
    </div>
  );
}
