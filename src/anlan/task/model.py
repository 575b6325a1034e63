"""The states of a task as one table of arrows, and where tasks are kept."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

import sqlalchemy as sa

from anlan.kernel.store import Json, Moment, metadata


class State(StrEnum):
    """Where a task stands: the six steps of grid management (GB/T 30428 series), and cancelled."""

    FOUND = "found"
    FILED = "filed"
    DISPATCHED = "dispatched"
    HANDLING = "handling"
    VERIFYING = "verifying"
    CLOSED = "closed"
    CANCELLED = "cancelled"


ARROWS: Mapping[State, frozenset[State]] = MappingProxyType(
    {
        State.FOUND: frozenset({State.FILED}),
        State.FILED: frozenset({State.DISPATCHED, State.CANCELLED}),
        State.DISPATCHED: frozenset({State.HANDLING, State.CANCELLED}),
        State.HANDLING: frozenset({State.VERIFYING, State.CANCELLED}),
        State.VERIFYING: frozenset({State.CLOSED, State.HANDLING, State.CANCELLED}),
        State.CLOSED: frozenset(),
        State.CANCELLED: frozenset(),
    }
)
"""From each state, the states that may follow; :func:`anlan.task.lifecycle.move` is the only way along them."""

ENDED = frozenset(state for state, following in ARROWS.items() if not following)
"""States that nothing follows."""

OPEN = frozenset(State) - ENDED

tasks = sa.Table(
    "tasks",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False, unique=True),
    sa.Column("title_zh", sa.String(200), nullable=False),
    sa.Column("title_en", sa.String(200), nullable=False),
    sa.Column("area", sa.String(12), nullable=False, index=True),
    sa.Column("role", sa.String(60), nullable=False),
    sa.Column("due", Moment, nullable=False, index=True),
    sa.Column("grade", sa.String(10), nullable=True),
    sa.Column("policy", sa.String(60), nullable=False),
    sa.Column("source", sa.String(200), nullable=False, index=True),
    sa.Column("subject", sa.String(120), nullable=True),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("evidence", sa.Text, nullable=False),  # what shall be shown
    sa.Column("state", sa.String(12), nullable=False, index=True),
    sa.Column("desk_area", sa.String(12), nullable=False),  # whose move it is
    sa.Column("desk_role", sa.String(60), nullable=False),
    sa.Column("escalations", sa.Integer, nullable=False),
    sa.Column("opened_at", Moment, nullable=False),
    sa.Column("accepted_by", sa.String(80), nullable=True),
    sa.Column("submitted_at", Moment, nullable=True),
    sa.Column("submitted_by", sa.String(80), nullable=True),
    sa.Column("submitted", Json, nullable=True),  # what was shown
    sa.Column("ended_at", Moment, nullable=True),
    sa.Index("ix_tasks_desk", "desk_area", "desk_role", "state"),
)

depends = sa.Table(
    "task_depends",
    metadata,
    sa.Column("task", sa.String(40), sa.ForeignKey("tasks.id"), primary_key=True),
    sa.Column("on", sa.String(40), sa.ForeignKey("tasks.id"), primary_key=True, index=True),
)

history = sa.Table(
    "task_history",
    metadata,
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("step", sa.Integer, primary_key=True),
    sa.Column("task", sa.String(40), sa.ForeignKey("tasks.id"), nullable=False, index=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("by", sa.String(80), nullable=False),
    sa.Column("verb", sa.String(60), nullable=False),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("note", sa.Text, nullable=False),
)
