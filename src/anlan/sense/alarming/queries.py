"""The reads of alarms; each shows only what lies in the reader's areas."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from anlan.kernel.access import Scope, jurisdiction
from anlan.kernel.actions import Reader
from anlan.kernel.errors import NotFound
from anlan.sense.alarming.states import VISIBLE
from anlan.sense.model import alarm_history, alarms

LONGEST_LIST = 5000


@dataclass(frozen=True)
class Filter:
    """Which alarms are asked for; None: whatever it is."""

    is_open: bool | None = None
    area: str | None = None
    since: datetime | None = None
    grade: str | None = None
    state: str | None = None
    quantity: str | None = None
    about: str | None = None
    rule: str | None = None
    assigned_to: str | None = None
    cause: str | None = None
    subject: str | None = None
    subject_kind: str | None = None

    def conditions(self) -> list[sa.ColumnElement[bool]]:
        """Return the conditions on the table of alarms."""
        named = ("grade", "state", "quantity", "about", "rule", "assigned_to", "cause", "subject", "subject_kind")
        found = [alarms.c[name] == getattr(self, name) for name in named if getattr(self, name) is not None]
        if self.is_open is not None:
            found.append(alarms.c.open.is_(self.is_open))
        if self.since is not None:
            found.append(alarms.c.opened_at >= self.since)
        if self.area is not None:
            found.append(Scope((jurisdiction(self.area),)).where(alarms.c.area))
        return found


def alarms_like(reader: Reader, wanted: Filter, limit: int = LONGEST_LIST) -> Sequence[sa.RowMapping]:
    """Return alarms that pass a filter, the newest first, with the number of their ``members`` and ``comments``."""
    members, comments = alarms.alias("member"), alarm_history.alias("line")
    counted = sa.select(sa.func.count()).where(members.c.cause == alarms.c.id).scalar_subquery()
    said = (
        sa.select(sa.func.count())
        .where(comments.c.alarm == alarms.c.id, comments.c.event == "comment")
        .scalar_subquery()
    )
    query = sa.select(alarms, counted.label("members"), said.label("comments"))
    query = query.where(reader.scope.where(alarms.c.area), *wanted.conditions())
    newest_first = query.order_by(alarms.c.opened_at.desc(), alarms.c.id).limit(limit)
    return reader.conn.execute(newest_first).mappings().all()


def alarm_list(
    reader: Reader, *, is_open: bool | None = None, area: str | None = None, since: datetime | None = None
) -> Sequence[sa.RowMapping]:
    """Return the alarms of single sensors about hazards, the newest first.

    What instruments suffer from is left out, and so is what gathers others: it would be counted twice.
    """
    wanted = Filter(is_open=is_open, area=area, since=since, about="hazard", subject_kind="sensor")
    return alarms_like(reader, wanted)


def alarm(reader: Reader, alarm_id: str) -> sa.RowMapping:
    """Return one alarm; :class:`NotFound` if there is none in the reader's areas."""
    query = sa.select(alarms).where(alarms.c.id == alarm_id, reader.scope.where(alarms.c.area))
    row = reader.conn.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFound("alarm.unknown", at="alarm", value=alarm_id)
    return row


def history(reader: Reader, alarm_id: str) -> Sequence[sa.RowMapping]:
    """Return what happened to one alarm, in order."""
    query = sa.select(alarm_history).where(alarm_history.c.alarm == alarm_id, reader.scope.where(alarm_history.c.area))
    return reader.conn.execute(query.order_by(alarm_history.c.seq)).mappings().all()


def open_grades(reader: Reader) -> dict[str, list[str]]:
    """Return the grades of the hazard alarms whose condition holds, by sensor; hidden ones left out."""
    shown: tuple[Any, ...] = (alarms.c.subject, alarms.c.grade)
    query = sa.select(*shown).where(
        alarms.c.state.in_(VISIBLE),
        alarms.c.active.is_(True),
        alarms.c.subject_kind == "sensor",
        alarms.c.about == "hazard",
        reader.scope.where(alarms.c.area),
    )
    found: dict[str, list[str]] = {}
    for row in reader.conn.execute(query):
        found.setdefault(row.subject, []).append(row.grade)
    return found
