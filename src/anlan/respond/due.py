"""Which reports are owed by when; limits run from the moment that the sender learnt of the matter."""

from datetime import datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa

from anlan.catalog.catalog import Catalog
from anlan.city.city import city_of
from anlan.kernel.actions import Tx
from anlan.kernel.errors import Conflict
from anlan.respond.model import REPORT_ARROWS, WAITING, ReportState, reports

Kind = Literal["first", "follow", "final"]

REPORT_DUTY = "report_duty"
"""The catalog's code list from the level of a desk to the rule that its first report falls under."""

KINDS: dict[str, str] = {"first": "first_written", "follow": "follow_up", "final": "final"}
"""The catalog's kind of report for each kind here."""


def owe_first(tx: Tx, incident: str, area: str, learned: datetime) -> dict[str, Any]:
    """Note that a first report is owed, within the limit of the rule that binds the desk of the area's level."""
    rule = tx.catalog.report_rules[tx.catalog.code_lists[REPORT_DUTY].codes[city_of(tx).level(area)]]
    due = None if rule.limit_minutes is None else learned + timedelta(minutes=rule.limit_minutes)
    return owe(tx, incident, area, "first", learned=learned, due=due, rule=rule.id, receiver=rule.receiver)


def owe_follow(tx: Tx, sent: dict[str, Any]) -> dict[str, Any] | None:
    """Note that the next follow-up is owed a cycle after a report, if the catalog has such a rhythm."""
    cycle_h = cycle(tx.catalog)
    if cycle_h is None:
        return None
    due = tx.now + timedelta(hours=cycle_h)
    return owe(
        tx, sent["incident"], sent["area"], "follow", learned=tx.now, due=due, rule=None, receiver=sent["receiver"]
    )


def cycle(catalog: Catalog) -> int | None:
    """Return the hours between follow-up reports."""
    return catalog.report_kinds[KINDS["follow"]].cycle_h


def owe(
    tx: Tx,
    incident: str,
    area: str,
    kind: Kind,
    *,
    learned: datetime,
    due: datetime | None,
    rule: str | None,
    receiver: str | None,
) -> dict[str, Any]:
    """Note that a report is owed and set the clock to draft it and to call it to mind."""
    same = sa.and_(reports.c.incident == incident, reports.c.kind == kind)
    number = 1 + (tx.conn.scalar(sa.select(sa.func.max(reports.c.number)).where(same)) or 0)
    row: dict[str, Any] = {"id": tx.new_id("report"), "seq": tx.seq, "incident": incident, "area": area, "kind": kind}
    row |= {"number": number, "rule": rule, "state": ReportState.OWED, "learned": learned, "due": due}
    row |= {"receiver": receiver, "drafted_at": None, "sent_at": None, "sent_by": None}
    tx.conn.execute(sa.insert(reports).values(row))
    if due is not None:
        lead = timedelta(minutes=float(tx.catalog.setting("report.first_draft_lead_min")))
        tx.at(_timer("draft", row["id"]), max(tx.now, due - lead), "report.draft", {"incident": incident, "kind": kind})
        remind(tx, row)
    return row


def remind(tx: Tx, row: dict[str, Any]) -> None:
    """Set the clock to the next moment at which a report is to be called to mind: before its limit, then at it."""
    before = row["due"] - timedelta(minutes=float(tx.catalog.setting("report.remind_min")))
    moment = before if tx.now < before else row["due"]
    if tx.now < row["due"]:
        tx.at(_timer("remind", row["id"]), moment, "report.remind", {"report": row["id"]})


def _timer(what: str, report: str) -> str:
    return f"report.{what}:{report}"


def settle(tx: Tx, row: dict[str, Any], after: ReportState, **changes: Any) -> dict[str, Any]:
    """Take a report along one arrow; one that no longer waits is no longer called to mind.

    Raises
    ------
    Conflict
        ``report.no_arrow``.
    """
    before = ReportState(row["state"])
    if after not in REPORT_ARROWS[before]:
        params = {"before": str(before), "after": str(after)}
        raise Conflict("report.no_arrow", at="args.report", value=row["id"], params=params)
    tx.conn.execute(sa.update(reports).where(reports.c.id == row["id"]).values(state=after, **changes))
    if after not in WAITING:
        tx.cancel(_timer("draft", row["id"]))
        tx.cancel(_timer("remind", row["id"]))
    return row | {"state": after} | changes


def waiting(tx: Tx, incident: str, kind: str | None = None) -> list[dict[str, Any]]:
    """Return the reports of an incident that are owed or drafted, in the order in which they were owed."""
    where = [reports.c.incident == incident, reports.c.state.in_(WAITING)]
    if kind is not None:
        where.append(reports.c.kind == kind)
    return [dict(row) for row in tx.conn.execute(sa.select(reports).where(*where).order_by(reports.c.seq)).mappings()]


def drop_waiting(tx: Tx, incident: str) -> list[str]:
    """Ask no longer for the reports of an incident that wait; return their ids."""
    return [settle(tx, row, ReportState.DROPPED)["id"] for row in waiting(tx, incident)]
