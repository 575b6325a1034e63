/** A titled box of a screen, with its count and its actions. */
import type { ReactNode } from "react";

interface Props {
  title: ReactNode;
  count?: number;
  extra?: ReactNode;
  children: ReactNode;
  flush?: boolean;
}

export function Panel({ title, count, extra, children, flush = false }: Props) {
  return (
    <section className="panel">
      <header className="panel-head">
        <h3>
          {title}
          {count !== undefined && <span className="count">{count}</span>}
        </h3>
        {extra}
      </header>
      <div className={flush ? "panel-body flush" : "panel-body"}>{children}</div>
    </section>
  );
}
