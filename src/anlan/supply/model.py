"""Tables of supply: stock and its ledger, shelters, needs, allocations.

Quantities are whole numbers of the item's unit. Stock below zero and a shelter beyond its places are refused by the
database too, whatever the code above it does.
"""

from enum import StrEnum

import sqlalchemy as sa

from anlan.kernel.store import Json, Moment, metadata


class MoveKind(StrEnum):
    """How stock changes: it comes in, goes from site to site, or is used up."""

    RECEIVE = "receive"
    MOVE = "move"
    CONSUME = "consume"


class ShelterState(StrEnum):
    """A shelter takes people only while it is open."""

    OPEN = "open"
    CLOSED = "closed"


class NeedState(StrEnum):
    """A need is open until an allocation is confirmed, or a newer estimate of the same area takes its place."""

    OPEN = "open"
    ALLOCATED = "allocated"
    SUPERSEDED = "superseded"


class AllocationState(StrEnum):
    """What became of a proposal; partial where stock had gone meanwhile."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    PARTIAL = "partial"
    SUPERSEDED = "superseded"


stock = sa.Table(
    "stock",
    metadata,
    sa.Column("site", sa.String(80), primary_key=True),
    sa.Column("item", sa.String(60), primary_key=True),
    sa.Column("area", sa.String(12), nullable=False, index=True),
    sa.Column("quantity", sa.BigInteger, nullable=False),
    sa.Column("synthetic", sa.Boolean, nullable=False),
    sa.CheckConstraint("quantity >= 0", name="ck_stock_not_negative"),
)

stock_moves = sa.Table(
    "stock_moves",
    metadata,
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("line", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("kind", sa.String(10), nullable=False),
    sa.Column("item", sa.String(60), nullable=False, index=True),
    sa.Column("quantity", sa.BigInteger, nullable=False),
    sa.Column("from_site", sa.String(80), nullable=True, index=True),
    sa.Column("to_site", sa.String(80), nullable=True, index=True),
    sa.Column("area", sa.String(12), nullable=False),
    sa.Column("to_area", sa.String(12), nullable=False),
    sa.Column("reason", sa.String(400), nullable=False),
    sa.Column("synthetic", sa.Boolean, nullable=False),
    sa.CheckConstraint("quantity > 0", name="ck_stock_moves_positive"),
)

shelters = sa.Table(
    "shelters",
    metadata,
    sa.Column("site", sa.String(80), primary_key=True),
    sa.Column("area", sa.String(12), nullable=False, index=True),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("capacity", sa.Integer, nullable=False),
    sa.Column("occupants", sa.Integer, nullable=False),
    sa.Column("opened_at", Moment, nullable=False),
    sa.Column("opened_by", sa.String(80), nullable=False),
    sa.Column("closed_at", Moment, nullable=True),
    sa.CheckConstraint("occupants >= 0 AND occupants <= capacity", name="ck_shelters_within_capacity"),
    sa.CheckConstraint("state = 'open' OR occupants = 0", name="ck_shelters_closed_empty"),
)

needs = sa.Table(
    "needs",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("area", sa.String(12), nullable=False, index=True),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("forecast", sa.String(40), nullable=True),
    sa.Column("days", sa.Integer, nullable=False),
    sa.Column("share", sa.Float, nullable=False),
    sa.Column("grade", sa.String(10), nullable=True),
    sa.Column("flooded", Json, nullable=False),
)

need_towns = sa.Table(
    "need_towns",
    metadata,
    sa.Column("need", sa.String(40), sa.ForeignKey("needs.id"), primary_key=True),
    sa.Column("area", sa.String(12), primary_key=True),
    sa.Column("grade", sa.String(10), nullable=True),
    sa.Column("low", sa.Integer, nullable=False),
    sa.Column("best", sa.Integer, nullable=False),
    sa.Column("high", sa.Integer, nullable=False),
    sa.Column("assets", Json, nullable=False),
)

allocations = sa.Table(
    "allocations",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("area", sa.String(12), nullable=False, index=True),
    sa.Column("need", sa.String(40), sa.ForeignKey("needs.id"), nullable=False, index=True),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("bound", sa.String(4), nullable=False),
    sa.Column("unmet", Json, nullable=False),
)

flows = sa.Table(
    "flows",
    metadata,
    sa.Column("allocation", sa.String(40), sa.ForeignKey("allocations.id"), primary_key=True),
    sa.Column("from_site", sa.String(80), primary_key=True),
    sa.Column("to_site", sa.String(80), primary_key=True),
    sa.Column("item", sa.String(60), primary_key=True),
    sa.Column("quantity", sa.BigInteger, nullable=False),
    sa.Column("moved", sa.BigInteger, nullable=True),
    sa.Column("distance_m", sa.Integer, nullable=False),
)

placements = sa.Table(
    "placements",
    metadata,
    sa.Column("allocation", sa.String(40), sa.ForeignKey("allocations.id"), primary_key=True),
    sa.Column("town", sa.String(12), primary_key=True),
    sa.Column("shelter", sa.String(80), primary_key=True),
    sa.Column("people", sa.Integer, nullable=False),
    sa.Column("distance_m", sa.Integer, nullable=False),
)
