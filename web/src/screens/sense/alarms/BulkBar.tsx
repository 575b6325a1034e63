/** What can be done with all ticked alarms at once; each act says for how many of them it fits. */
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Alarm } from "../../../api/types";
import type { Suggestions } from "../../../parts/VerbFields";
import { useMay } from "../../../parts/useMay";
import { ALARM_ACTS, type AlarmAct } from "./acts";
import { BulkDialog } from "./BulkDialog";

interface Props {
  alarms: Alarm[];
  suggest: Suggestions;
  onClear: () => void;
}

export function BulkBar({ alarms, suggest, onClear }: Props) {
  const { t } = useTranslation();
  const may = useMay();
  // The alarms are those of the moment in which the act was begun: what it closes falls out of the list meanwhile.
  const [doing, setDoing] = useState<{ act: AlarmAct; alarms: Alarm[] } | null>(null);
  const fitting = (act: AlarmAct): Alarm[] => alarms.filter(act.fits);
  const dialog = doing && (
    <BulkDialog
      verb={doing.act.verb}
      ask={doing.act.ask}
      alarms={doing.alarms}
      suggest={suggest}
      close={(done) => {
        setDoing(null);
        if (done) onClear();
      }}
    />
  );
  return (
    <>
      {alarms.length > 0 && (
        <div className="bulk-bar" role="toolbar" aria-label={t("alarm.ticked", { count: alarms.length })}>
          <b>{t("alarm.ticked", { count: alarms.length })}</b>
          {ALARM_ACTS.filter((act) => may(act.verb) && fitting(act).length > 0).map((act, i) => (
            <Button key={act.verb} size="small" type={i === 0 ? "primary" : "default"} danger={act.danger ?? false} data-bulk={act.verb} onClick={() => setDoing({ act, alarms: fitting(act) })}>
              {t(`verb.${act.verb}`)} {fitting(act).length}
            </Button>
          ))}
          <span className="bar-gap" />
          <Button size="small" type="text" onClick={onClear}>
            {t("alarm.untick")}
          </Button>
        </div>
      )}
      {dialog}
    </>
  );
}
