"""What already stands: a program that finds the same danger every ten minutes shall not fill the desk with drafts."""

from typing import Any

import sqlalchemy as sa

from anlan.catalog.schema.base import GRADES
from anlan.kernel.actions import Effect, Tx
from anlan.warn import places, record
from anlan.warn.model import warnings
from anlan.warn.states import PENDING


def draft_or_refresh(tx: Tx, values: dict[str, Any]) -> Effect:
    """Store a program's draft, unless the same danger is on the desk or has been told.

    A draft that no person has touched is brought up to date; one that people work on, or an issued warning that is at
    least as severe and covers the areas, stands; an issued warning that says too little gets an update drafted.
    """
    found = _standing(tx, values)
    if found is None:
        return record.told(tx, record.insert(tx, values))
    if found.state == "draft" and found.authors == [tx.actor.id]:
        return record.told(tx, record.take(tx, found, "edit", values["reason"], **values), refreshed=True)
    if found.state != "issued" or _says_enough(found, values):
        return record.told(tx, found, reused=True)
    return record.told(tx, record.insert(tx, values, found))


def _standing(tx: Tx, values: dict[str, Any]) -> sa.Row[Any] | None:
    """Return the pending or issued warning of the same type and home; a pending one comes first."""
    same = (warnings.c.event_type == values["event_type"], warnings.c.area == values["area"])
    rows = tx.conn.execute(sa.select(warnings).where(*same, warnings.c.state.in_((*PENDING, "issued")))).all()
    live = [row for row in rows if row.state != "issued" or row.expires > tx.now]
    return max(live, key=lambda row: (row.state != "issued", row.drafted, row.id), default=None)


def _says_enough(row: sa.Row[Any], values: dict[str, Any]) -> bool:
    as_severe = GRADES.index(row.grade) <= GRADES.index(values["grade"])
    return as_severe and places.covers(row.areas, values["areas"])


def waiting_update(conn: sa.Connection, warning: str) -> str | None:
    """Return the id of an update of a warning that is not issued yet."""
    waits = (warnings.c.supersedes == warning, warnings.c.state.in_(PENDING))
    found: str | None = conn.scalar(sa.select(warnings.c.id).where(*waits))
    return found
