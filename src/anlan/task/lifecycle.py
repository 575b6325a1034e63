"""The only way from one state of a task to the next, and the clock that follows it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from anlan.catalog.schema.base import GRADES
from anlan.catalog.schema.tasks import TaskLimits, TaskPolicy
from anlan.city.city import city_of
from anlan.kernel.actions import Tx
from anlan.kernel.errors import Conflict, NotFound
from anlan.task.desks import above
from anlan.task.model import ARROWS, State, history, tasks


def allow(before: State, after: State) -> None:
    """Refuse what is no arrow of the table.

    Raises
    ------
    Conflict
        ``task.no_arrow``, with the states that may follow.
    """
    if after not in ARROWS[before]:
        following = ", ".join(sorted(ARROWS[before])) or "-"
        params = {"before": str(before), "after": str(after), "following": following}
        raise Conflict("task.no_arrow", at="args.task", value=str(before), params=params)


def find(tx: Tx, task: str) -> dict[str, Any]:
    """Return a task that the actor may touch.

    Raises
    ------
    NotFound
        ``task.unknown``.
    Forbidden
        If it lies outside the actor's areas.
    """
    row = tx.conn.execute(sa.select(tasks).where(tasks.c.id == task)).mappings().one_or_none()
    if row is None:
        raise NotFound("task.unknown", at="args.task", value=task)
    tx.require(row["area"])
    return dict(row)


def move(tx: Tx, row: Mapping[str, Any], after: State, note: str = "", **changes: Any) -> None:
    """Take a task along one arrow and write its history."""
    allow(State(row["state"]), after)
    tx.conn.execute(sa.update(tasks).where(tasks.c.id == row["id"]).values(state=after, **changes))
    remember(tx, row["id"], (after,), note)


def remember(tx: Tx, task: str, states: Sequence[State], note: str = "") -> None:
    """Write the states that a task passed in this act into its history."""
    common = {"task": task, "seq": tx.seq, "at": tx.now, "by": tx.actor.id, "verb": tx.action.verb, "note": note}
    tx.conn.execute(sa.insert(history), [common | {"step": step, "state": s} for step, s in enumerate(states)])


def limits(policy: TaskPolicy, grade: str | None) -> TaskLimits:
    """Return the limits of a grade; those of the mildest one given for a task without a grade."""
    known = [g for g in GRADES if g in policy.grades]
    return policy.grades[next((g for g in known if g == grade), known[-1])]


def watch(tx: Tx, row: Mapping[str, Any], since: datetime) -> None:
    """Set the clock to the moment when a task is late: when due, or a time to accept it after ``since``."""
    policy = tx.catalog.task_policies[row["policy"]]
    late = row["due"]
    if late <= since:
        late = since + timedelta(minutes=limits(policy, row["grade"]).accept_minutes)
    _escalate_at(tx, row, late)


def watch_again(tx: Tx, row: Mapping[str, Any]) -> None:
    """Set the clock to the moment when a task that was raised is raised again, unless it is as high as it may go."""
    policy = tx.catalog.task_policies[row["policy"]]
    if row["escalations"] < policy.max_escalations:
        again = tx.now + timedelta(minutes=limits(policy, row["grade"]).escalate_minutes)
        _escalate_at(tx, row, max(again, row["due"]))


def _escalate_at(tx: Tx, row: Mapping[str, Any], moment: datetime) -> None:
    if above(tx.catalog, city_of(tx), row["desk_area"]) is not None:
        tx.at(timer(row["id"]), moment, "task.escalate", {"task": row["id"]})


def timer(task: str) -> str:
    """Return the key of the timer that waits for a task to be late."""
    return f"task.escalate:{task}"
