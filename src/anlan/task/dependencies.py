"""Tasks that wait for other tasks."""

from collections.abc import Sequence

import sqlalchemy as sa

from anlan.kernel.actions import Tx
from anlan.kernel.errors import Conflict, NotFound
from anlan.task.model import ENDED, State, depends, tasks


def waits(tx: Tx, on: Sequence[str], at: str = "args.depends") -> bool:
    """Tell whether any of the tasks named is not over yet.

    Raises
    ------
    NotFound
        If one of them is not there.
    Forbidden
        If the actor may not read one of them.
    """
    if not on:
        return False
    query = sa.select(tasks.c.id, tasks.c.area, tasks.c.state).where(tasks.c.id.in_(on))
    found = {row.id: row for row in tx.conn.execute(query)}
    reader = tx.reader("task")
    for i, name in enumerate(on):
        if name not in found:
            raise NotFound("task.unknown", at=f"{at}.{i}", value=name)
        reader.require(found[name].area)
    return any(row.state not in ENDED for row in found.values())


def link(conn: sa.Connection, task: str, on: Sequence[str]) -> None:
    """Note what a task waits for."""
    if on:
        conn.execute(sa.insert(depends), [{"task": task, "on": name} for name in dict.fromkeys(on)])


def add(tx: Tx, task: str, on: Sequence[str]) -> None:
    """Let a task that others may know of wait for more; what it waits for already is passed over.

    Raises
    ------
    Conflict
        ``task.cycle`` with the path, if one of them waits for the task.
    """
    kept = set(tx.conn.scalars(sa.select(depends.c.on).where(depends.c.task == task)))
    fresh = [name for name in on if name not in kept]
    for name in fresh:
        if path := path_between(tx.conn, name, task):
            raise Conflict("task.cycle", at="args.depends", value=name, params={"path": " → ".join((task, *path))})
    link(tx.conn, task, fresh)


def path_between(conn: sa.Connection, start: str, goal: str) -> tuple[str, ...]:
    """Return the tasks from one to another along what each waits for, or nothing if there is no such path."""
    waiting: list[tuple[str, ...]] = [(start,)]
    seen = {start}
    while waiting:
        path = waiting.pop()
        if path[-1] == goal:
            return path
        steps = conn.scalars(sa.select(depends.c.on).where(depends.c.task == path[-1]).order_by(depends.c.on))
        fresh = [step for step in steps if step not in seen]
        seen.update(fresh)
        waiting += [(*path, step) for step in fresh]
    return ()


def unfinished(conn: sa.Connection, task: str) -> list[str]:
    """Return what a task still waits for."""
    query = sa.select(tasks.c.id).join(depends, depends.c.on == tasks.c.id)
    return list(conn.scalars(query.where(depends.c.task == task, tasks.c.state.not_in(ENDED)).order_by(tasks.c.seq)))


def release(tx: Tx, task: str) -> None:
    """Dispatch the tasks that waited for this one alone, now that it is over.

    A task of an area that the actor does not reach is dispatched by the clock at this same moment.
    """
    blocked = sa.select(depends.c.task).join(tasks, tasks.c.id == depends.c.on).where(tasks.c.state.not_in(ENDED))
    query = (
        sa.select(tasks.c.id, tasks.c.area)
        .join(depends, depends.c.task == tasks.c.id)
        .where(depends.c.on == task, tasks.c.state == State.FILED, tasks.c.id.not_in(blocked))
        .order_by(tasks.c.seq)
    )
    for row in tx.conn.execute(query).all():
        if tx.scope.covers(row.area):
            tx.act("task.dispatch", {"task": row.id})
        else:
            tx.at(f"task.dispatch:{row.id}", tx.now, "task.dispatch", {"task": row.id})
