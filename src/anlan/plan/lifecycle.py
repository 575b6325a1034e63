"""The only way from one state of an activation to the next, and what is kept of it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from anlan.catalog.schema.plans import PlanLevelId
from anlan.kernel.actions import Tx
from anlan.kernel.errors import Conflict, NotFound
from anlan.plan.model import ARROWS, OPEN, State, activations, history


def allow(before: State, after: State) -> None:
    """Refuse what is no arrow of the table.

    Raises
    ------
    Conflict
        ``plan.no_arrow``, with the states that may follow.
    """
    if after not in ARROWS[before]:
        following = ", ".join(sorted(ARROWS[before])) or "-"
        params = {"before": str(before), "after": str(after), "following": following}
        raise Conflict("plan.no_arrow", at="args.activation", value=str(before), params=params)


def find(tx: Tx, activation: str) -> dict[str, Any]:
    """Return an activation that the actor may touch.

    Raises
    ------
    NotFound
        ``plan.activation_unknown``.
    Forbidden
        If it lies outside the actor's areas.
    """
    row = tx.conn.execute(sa.select(activations).where(activations.c.id == activation)).mappings().one_or_none()
    if row is None:
        raise NotFound("plan.activation_unknown", at="args.activation", value=activation)
    tx.require(row["area"])
    return dict(row)


def open_run(conn: sa.Connection, plan: str, area: str) -> dict[str, Any] | None:
    """Return what is proposed or active of a plan in an area; there is one at most."""
    of = sa.and_(activations.c.plan == plan, activations.c.area == area, activations.c.state.in_(OPEN))
    row = conn.execute(sa.select(activations).where(of)).mappings().one_or_none()
    return dict(row) if row else None


def quiet(tx: Tx, plan: str, area: str) -> PlanLevelId | None:
    """Return the level that people declined a short while ago, for as long as it is not asked again."""
    since = tx.now - timedelta(minutes=float(tx.catalog.setting("plan.declined_quiet_min")))
    of = sa.and_(activations.c.plan == plan, activations.c.area == area)
    lately = sa.and_(activations.c.state == State.DECLINED, activations.c.ended_at > since)
    query = sa.select(activations.c.level).where(of, lately).order_by(activations.c.seq.desc()).limit(1)
    level: PlanLevelId | None = tx.conn.scalar(query)
    return level


def move(tx: Tx, run: Mapping[str, Any], after: State, note: str, **changes: Any) -> None:
    """Take an activation along one arrow and write its history."""
    allow(State(run["state"]), after)
    tx.conn.execute(sa.update(activations).where(activations.c.id == run["id"]).values(state=after, **changes))
    remember(tx, run["id"], after, changes.get("level", run["level"]), note)


def remember(tx: Tx, activation: str, state: State, level: str, note: str) -> None:
    """Write one line of an activation's history."""
    who = {"seq": tx.seq, "activation": activation, "at": tx.now, "by": tx.actor.id, "verb": tx.action.verb}
    tx.conn.execute(sa.insert(history).values(who | {"state": state, "level": level, "note": note}))
