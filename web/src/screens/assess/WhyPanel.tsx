/** Why the map says what it says: what made it, which members failed, what the gauges changed, inputs, models and policy. */
import { useTranslation } from "react-i18next";

import type { FloodMap } from "../../api/flooding";
import { useForecast } from "../../api/queries";
import { Facts } from "../../parts/Facts";
import { Loaded } from "../../parts/States";
import { ForecastWhy } from "../objects/ForecastObject";

const number = (value: unknown): number => (typeof value === "number" ? value : 0);

export function WhyPanel({ flood }: { flood: FloodMap }) {
  const { t } = useTranslation();
  const answer = useForecast(flood.id);
  const { members, failed_members: failed } = flood.made_by;
  return (
    <Loaded of={answer}>
      {(forecast) => {
        const { depth_gauges, depth_misfit_before_m: before, depth_misfit_after_m: after } = forecast.inputs;
        return (
          <div className="flood-why">
            <Facts
              rows={[
                [t("flood.members"), t("flood.members_used", { used: members, all: members + failed.length })],
                [t("flood.failed"), failed.length > 0 && failed.join("; ")],
                [
                  t("flood.gauges"),
                  number(depth_gauges) > 0
                    ? t("flood.misfit", { count: number(depth_gauges), before: number(before).toFixed(2), after: number(after).toFixed(2) })
                    : t("flood.no_gauges"),
                ],
              ]}
            />
            <ForecastWhy forecast={forecast} />
          </div>
        );
      }}
    </Loaded>
  );
}
