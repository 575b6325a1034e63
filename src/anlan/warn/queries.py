"""The reads of warn.

Before issue a warning is seen by whoever may read warnings in its home area. From issue on it is seen by whoever has
one of its areas in scope, or whose scope lies in one of its areas: a district sees what the whole city is told.
"""

from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa

from anlan.catalog.schema.base import GRADES
from anlan.kernel.access import Scope, jurisdiction
from anlan.kernel.actions import Reader
from anlan.kernel.errors import NotFound
from anlan.warn.model import relayed_signals, warning_messages, warning_steps, warnings
from anlan.warn.places import touching
from anlan.warn.states import PENDING, TOLD, State
from anlan.warn.views import InForce, MessageSent, StepTaken, Warned, WarnedInFull, Words


def _seen(scope: Scope) -> sa.ColumnElement[bool]:
    pending = sa.and_(warnings.c.state.in_(PENDING), scope.where(warnings.c.area))
    return sa.or_(pending, _told_to(scope))


def _told_to(scope: Scope) -> sa.ColumnElement[bool]:
    return sa.and_(warnings.c.state.in_(TOLD), touching(warnings.c.id, scope))


def warned(
    reader: Reader,
    *,
    state: State | None = None,
    area: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 200,
) -> list[Warned]:
    """Return warnings that the reader may see, newest first, of one state, touching one area, drafted in a time."""
    query = sa.select(warnings).where(_seen(reader.scope)).order_by(warnings.c.drafted.desc(), warnings.c.id.desc())
    if state is not None:
        query = query.where(warnings.c.state == state)
    if area is not None:
        query = query.where(touching(warnings.c.id, Scope((jurisdiction(area),))))
    if since is not None:
        query = query.where(warnings.c.drafted >= since)
    if until is not None:
        query = query.where(warnings.c.drafted < until)
    return [Warned(**_fields(reader, row)) for row in reader.conn.execute(query.limit(limit)).mappings()]


def _fields(reader: Reader, row: sa.RowMapping) -> dict[str, Any]:
    event = reader.catalog.event_types[row["event_type"]]
    own = {name: row[name] for name in Warned.__dataclass_fields__ if name in row}
    names = {"event_zh": event.zh, "event_en": event.en}
    return own | names | {"texts": {lang: Words(**words) for lang, words in row["texts"].items()}}


def warning(reader: Reader, id: str) -> WarnedInFull:  # noqa: A002  # the noun's own word
    """Return one warning with its whole story.

    Raises
    ------
    NotFound
        If there is none, or none that the reader may see.
    """
    row = (
        reader.conn.execute(sa.select(warnings).where(warnings.c.id == id, _seen(reader.scope)))
        .mappings()
        .one_or_none()
    )
    if row is None:
        raise NotFound("warning.not_found", at="id", value=id)
    later = (
        sa.select(warnings.c.id).where(warnings.c.supersedes == id, _seen(reader.scope)).order_by(warnings.c.drafted)
    )
    steps = sa.select(warning_steps).where(warning_steps.c.warning == id).order_by(warning_steps.c.seq)
    return WarnedInFull(
        **_fields(reader, row),
        facts=row["facts"],
        steps=[StepTaken(**_without(r, "warning")) for r in reader.conn.execute(steps).mappings()],
        messages=_messages(reader, sa.select(*_HEAD).where(warning_messages.c.warning == id)),
        superseded_by=list(reader.conn.scalars(later)),
    )


def _without(row: sa.RowMapping, name: str) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key != name}


_HEAD = [warning_messages.c[name] for name in MessageSent.__dataclass_fields__]


def _messages(reader: Reader, query: sa.Select[Any]) -> list[MessageSent]:
    return [MessageSent(**row) for row in reader.conn.execute(query.order_by(warning_messages.c.seq)).mappings()]


def messages(reader: Reader, *, area: str | None = None, limit: int = 100) -> list[MessageSent]:
    """Return the last messages about warnings that the reader may see, the oldest of them first."""
    query = sa.select(*_HEAD).join(warnings, warnings.c.id == warning_messages.c.warning).where(_told_to(reader.scope))
    if area is not None:
        query = query.where(touching(warnings.c.id, Scope((jurisdiction(area),))))
    newest = query.order_by(warning_messages.c.seq.desc()).limit(limit)
    return [MessageSent(**row) for row in reversed(reader.conn.execute(newest).mappings().all())]


def cap_message(reader: Reader, id: str, identifier: str | None = None) -> bytes:  # noqa: A002
    """Return a warning's CAP message as it was sent, byte for byte: the one named, or the last one.

    Raises
    ------
    NotFound
        If there is none, or none that the reader may see.
    """
    query = sa.select(warning_messages.c.xml).join(warnings, warnings.c.id == warning_messages.c.warning)
    query = query.where(warnings.c.id == id, _told_to(reader.scope)).order_by(warning_messages.c.seq.desc())
    if identifier is not None:
        query = query.where(warning_messages.c.identifier == identifier)
    xml: bytes | None = reader.conn.scalar(query.limit(1))
    if xml is None:
        raise NotFound("warning.not_found", at="id", value=identifier or id)
    return xml


def effective(reader: Reader, at: datetime | None = None, place: str | None = None) -> list[InForce]:
    """Return what is or was in force at a moment: own warnings and relayed signals, the most severe first.

    Parameters
    ----------
    at
        The moment; now if left out. A later cancellation does not change what was in force before it.
    place
        An area: what is told to all or part of it. Everything that the reader may see, if left out.
    """
    moment = at or reader.now
    own = sa.select(warnings).where(_told_to(reader.scope), warnings.c.issued <= moment)
    own = own.where(_still(warnings, moment))
    relayed = sa.select(relayed_signals).where(touching(relayed_signals.c.id, reader.scope))
    relayed = relayed.where(relayed_signals.c.relayed <= moment, _still(relayed_signals, moment))
    if place is not None:
        here = Scope((jurisdiction(place),))
        own = own.where(touching(warnings.c.id, here))
        relayed = relayed.where(touching(relayed_signals.c.id, here))
    found = [_in_force(reader, row, "own", row["issued"]) for row in reader.conn.execute(own).mappings()]
    found += [_in_force(reader, row, "relayed", row["relayed"]) for row in reader.conn.execute(relayed).mappings()]
    return sorted(found, key=lambda f: (GRADES.index(f.grade), f.since, f.id))


def _still(table: sa.Table, moment: datetime) -> sa.ColumnElement[bool]:
    lasts = sa.or_(table.c.expires.is_(None), table.c.expires > moment)
    return sa.and_(lasts, sa.or_(table.c.ended.is_(None), table.c.ended > moment))


def _in_force(reader: Reader, row: sa.RowMapping, origin: Literal["own", "relayed"], since: datetime) -> InForce:
    event = reader.catalog.event_types[row["event_type"]]
    issuer = row["issuer"] if origin == "relayed" else {"zh": None, "en": None}
    return InForce(
        id=row["id"],
        origin=origin,
        issuer_zh=issuer["zh"],
        issuer_en=issuer["en"],
        area=row["area"],
        areas=row["areas"],
        event_type=row["event_type"],
        event_zh=event.zh,
        event_en=event.en,
        grade=row["grade"],
        texts={lang: Words(**words) for lang, words in row["texts"].items()},
        since=since,
        onset=row["onset"],
        expires=row["expires"],
    )
