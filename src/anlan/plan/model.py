"""Activations: one run of a plan in an area; its states as one table of arrows."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

import sqlalchemy as sa

from anlan.kernel.store import Json, Moment, metadata


class State(StrEnum):
    """Where an activation stands."""

    PROPOSED = "proposed"
    ACTIVE = "active"
    DECLINED = "declined"
    ENDED = "ended"


ARROWS: Mapping[State, frozenset[State]] = MappingProxyType(
    {
        State.PROPOSED: frozenset({State.ACTIVE, State.DECLINED}),
        State.ACTIVE: frozenset({State.ENDED}),
        State.DECLINED: frozenset(),
        State.ENDED: frozenset(),
    }
)
"""From each state, the states that may follow."""

OPEN = frozenset(state for state, following in ARROWS.items() if following)

activations = sa.Table(
    "activations",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False, unique=True),
    sa.Column("plan", sa.String(80), nullable=False, index=True),
    sa.Column("area", sa.String(12), nullable=False, index=True),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("level", sa.String(4), nullable=False),  # in force, or proposed while the state is proposed
    sa.Column("wanted", sa.String(4), nullable=True),  # a graver level proposed while active
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("facts", Json, nullable=False),  # what the triggers saw
    sa.Column("towns", Json, nullable=False),  # the towns hit: area, grade, people
    sa.Column("proposed_at", Moment, nullable=True),
    sa.Column("activated_at", Moment, nullable=True),
    sa.Column("ended_at", Moment, nullable=True),
)
sa.Index(
    "uq_activations_open",
    activations.c.plan,
    activations.c.area,
    unique=True,
    sqlite_where=activations.c.state.in_(sorted(OPEN)),
    postgresql_where=activations.c.state.in_(sorted(OPEN)),
)

history = sa.Table(
    "activation_history",
    metadata,
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("activation", sa.String(40), sa.ForeignKey("activations.id"), nullable=False, index=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("by", sa.String(80), nullable=False),
    sa.Column("verb", sa.String(60), nullable=False),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("level", sa.String(4), nullable=False),
    sa.Column("note", sa.Text, nullable=False),
)
