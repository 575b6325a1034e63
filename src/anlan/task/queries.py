"""What can be asked of tasks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from anlan.kernel.access import Grant, jurisdiction
from anlan.kernel.actions import Reader
from anlan.kernel.errors import NotFound
from anlan.task.model import OPEN, State, depends, history, tasks

MOST = 1000
"""Tasks in one answer."""


@dataclass(frozen=True)
class Task:
    """One task as it stands.

    ``desk_area`` and ``desk_role`` say whose move it is; ``overdue`` that it is not submitted though its limit has
    passed; ``late`` that the limit was, or already is, missed.
    """

    id: str
    title_zh: str
    title_en: str
    area: str
    role: str
    due: datetime
    grade: str | None
    source: str
    subject: str | None
    detail: str
    evidence: str
    state: str
    desk_area: str
    desk_role: str
    escalations: int
    opened_at: datetime
    accepted_by: str | None
    submitted_at: datetime | None
    submitted_by: str | None
    submitted: str | None
    ended_at: datetime | None
    overdue: bool
    late: bool
    waits_for: tuple[str, ...]


@dataclass(frozen=True)
class Step:
    """One line of a task's history."""

    seq: int
    at: datetime
    by: str
    verb: str
    state: str
    note: str


@dataclass(frozen=True)
class Counts:
    """How many tasks there are by state, and how they stand against their limits."""

    by_state: dict[str, int]
    open: int
    overdue: int
    on_time: int
    late: int


def _unsubmitted() -> sa.ColumnElement[bool]:
    return sa.and_(tasks.c.state.in_(OPEN), tasks.c.submitted_at.is_(None))


def _overdue(now: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(_unsubmitted(), tasks.c.due < now)


def _within(area: str) -> sa.ColumnElement[bool]:
    """Return the condition that a task belongs to an area or one inside it."""
    return tasks.c.area.startswith(jurisdiction(area), autoescape=True)


def find_tasks(
    reader: Reader,
    *,
    area: str | None = None,
    role: str | None = None,
    states: Iterable[str] | None = None,
    overdue: bool | None = None,
    source: str | None = None,
    subject: str | None = None,
    desks: Sequence[Grant] | None = None,
    limit: int = MOST,
) -> list[Task]:
    """Return tasks, those due first at the front.

    Parameters
    ----------
    area
        Only tasks of this area and those inside it.
    role
        Only tasks of this role.
    states
        Only tasks in one of these states.
    overdue
        Only tasks that are (or are not) overdue now.
    source, subject
        Only tasks whose source starts with this text; only those about this thing.
    desks
        Only open tasks whose move lies with one of these roles at its area.
    limit
        How many at most.
    """
    where = [reader.scope.where(tasks.c.area)]
    if area is not None:
        where.append(_within(area))
    if role is not None:
        where.append(tasks.c.role == role)
    if states is not None:
        where.append(tasks.c.state.in_(list(states)))
    if overdue is not None:
        late = _overdue(reader.now)
        where.append(late if overdue else sa.not_(late))
    if source is not None:
        where.append(tasks.c.source.startswith(source, autoescape=True))
    if subject is not None:
        where.append(tasks.c.subject == subject)
    if desks is not None:
        where += [_at_desks(desks), tasks.c.state.in_([State.DISPATCHED, State.HANDLING, State.VERIFYING])]
    query = sa.select(tasks).where(*where).order_by(tasks.c.due, tasks.c.seq).limit(min(limit, MOST))
    return _read(reader, query)


def _at_desks(desks: Sequence[Grant]) -> sa.ColumnElement[bool]:
    """Return the condition that it is the move of one of these desks; the doer's own desk may always act on it."""
    own = [sa.and_(tasks.c.area == d.area, tasks.c.role == d.role, tasks.c.state != State.VERIFYING) for d in desks]
    turn = [sa.and_(tasks.c.desk_area == d.area, tasks.c.desk_role == d.role) for d in desks]
    return sa.or_(sa.false(), *turn, *own)


def desk(reader: Reader, role: str, area: str, limit: int = MOST) -> list[Task]:
    """Return what a role at an area must do now, what is due first at the front."""
    return find_tasks(reader, desks=(Grant(role, area),), limit=limit)


def _read(reader: Reader, query: sa.Select[Any]) -> list[Task]:
    rows = reader.conn.execute(query).mappings().all()
    waits = _waits(reader, [row["id"] for row in rows if row["state"] == State.FILED])
    return [_task(row, reader.now, waits.get(row["id"], ())) for row in rows]


@dataclass(frozen=True)
class Ref:
    """The little of a task that a plan needs to know of each of its many."""

    id: str
    seq: int
    area: str
    source: str
    state: str
    overdue: bool
    late: bool


def refs(reader: Reader, source: str) -> list[Ref]:
    """Return all tasks whose source starts with a text, in the order in which they were opened."""
    c = tasks.c
    late = sa.or_(_overdue(reader.now), sa.and_(c.submitted_at.is_not(None), c.submitted_at > c.due))
    query = sa.select(c.id, c.seq, c.area, c.source, c.state, _overdue(reader.now).label("overdue"), late.label("late"))
    where = (reader.scope.where(c.area), c.source.startswith(source, autoescape=True))
    rows = reader.conn.execute(query.where(*where).order_by(c.seq))
    return [Ref(r.id, r.seq, r.area, r.source, r.state, bool(r.overdue), bool(r.late)) for r in rows]


def _waits(reader: Reader, filed: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return what filed tasks still wait for."""
    other = tasks.alias()
    query = (
        sa.select(depends.c.task, depends.c.on)
        .join(other, other.c.id == depends.c.on)
        .where(depends.c.task.in_(filed), other.c.state.in_(OPEN))
        .order_by(other.c.seq)
    )
    found: dict[str, tuple[str, ...]] = {}
    for task, on in reader.conn.execute(query):
        found[task] = (*found.get(task, ()), on)
    return found


def _task(row: sa.RowMapping, now: datetime, waits: tuple[str, ...]) -> Task:
    done = row["submitted_at"]
    overdue = row["state"] in OPEN and done is None and row["due"] < now
    late = done is not None and done > row["due"]
    given = {name: row[name] for name in Task.__dataclass_fields__ if name in row}
    return Task(**given, overdue=overdue, late=overdue or late, waits_for=waits)


def task(reader: Reader, name: str) -> Task:
    """Return one task.

    Raises
    ------
    NotFound
        ``task.unknown``.
    Forbidden
        If it lies outside the reader's areas.
    """
    found = _read(reader, sa.select(tasks).where(tasks.c.id == name))
    if not found:
        raise NotFound("task.unknown", at="task", value=name)
    reader.require(found[0].area)
    return found[0]


def task_history(reader: Reader, name: str) -> list[Step]:
    """Return all that happened to a task, in order; raises what :func:`task` raises."""
    task(reader, name)
    query = sa.select(history).where(history.c.task == name).order_by(history.c.seq, history.c.step)
    return [Step(r.seq, r.at, r.by, r.verb, r.state, r.note) for r in reader.conn.execute(query)]


def counts(reader: Reader, *, area: str | None = None, source: str | None = None) -> Counts:
    """Return how many tasks there are by state; on time or late counts by the moment of submission."""
    where = [reader.scope.where(tasks.c.area)]
    if area is not None:
        where.append(_within(area))
    if source is not None:
        where.append(tasks.c.source.startswith(source, autoescape=True))
    closed = tasks.c.state == State.CLOSED
    conditions = {
        "overdue": _overdue(reader.now),
        "on_time": sa.and_(closed, tasks.c.submitted_at <= tasks.c.due),
        "late": sa.and_(closed, tasks.c.submitted_at > tasks.c.due),
    }
    sums = [sa.func.sum(sa.case((condition, 1), else_=0)).label(name) for name, condition in conditions.items()]
    query = sa.select(tasks.c.state, sa.func.count().label("n"), *sums).where(*where).group_by(tasks.c.state)
    rows = reader.conn.execute(query).mappings().all()
    by_state = {str(state): next((r["n"] for r in rows if r["state"] == state), 0) for state in State}
    totals = {name: sum(int(r[name]) for r in rows) for name in conditions}
    return Counts(by_state, open=sum(by_state[s] for s in OPEN), **totals)
