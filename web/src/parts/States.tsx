/** What a panel shows while it loads, when it failed, and when there is nothing. */
import { Alert, Skeleton } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { Problem } from "../api/http";

export function ProblemNote({ problem }: { problem: Error }) {
  const { t } = useTranslation();
  const refused = problem instanceof Problem && problem.status === 403;
  const faults = problem instanceof Problem && !refused ? problem.faults : [];
  const gone = problem instanceof Problem && problem.status === 0;
  return (
    <Alert
      type={refused ? "info" : "error"}
      showIcon
      title={gone ? t("error.unreachable") : problem.message}
      description={
        faults.length > 0 ? (
          <ul className="faults">
            {faults.map((fault) => (
              <li key={`${fault.at}${fault.rule}`}>
                <code>{fault.at}</code> {fault.rule}
              </li>
            ))}
          </ul>
        ) : undefined
      }
    />
  );
}

interface Answer<T> {
  data: T | undefined;
  isLoading: boolean;
  error: Error | null;
}

/** Draws `children(data)` once there is data; before that what there is instead. */
export function Loaded<T>({ of, children }: { of: Answer<T>; children: (data: T) => ReactNode }) {
  if (of.data !== undefined) return <>{children(of.data)}</>;
  if (of.error) return <ProblemNote problem={of.error} />;
  return <Skeleton active paragraph={{ rows: 3 }} title={false} className="waiting" />;
}

export function Nothing({ children }: { children: ReactNode }) {
  return <p className="nothing">{children}</p>;
}
