"""What a verb is made of: typed arguments, a function that does it, and the effect that it reports.

A room lists its verbs in one table ``ACTIONS = {…}``. The gate (:mod:`anlan.kernel.gate`) runs them.
"""

from collections.abc import Callable, Hashable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, StringConstraints

from anlan.catalog.catalog import Catalog
from anlan.kernel.access import Actor, AreaTree, Scope
from anlan.kernel.canonical import JSON
from anlan.kernel.errors import Forbidden, Invalid

if TYPE_CHECKING:
    from anlan.kernel.gate import Session


class Args(BaseModel):
    """Base of all verbs' arguments: frozen, nothing unknown, every text bounded."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_max_length=20_000, allow_inf_nan=False)


@dataclass(frozen=True)
class AreaMark:
    """Marks a field that must name an area of the city; the gate checks it."""


@dataclass(frozen=True)
class PersonalMark:
    """Marks a field with personal data: the journal keeps its salted hash, the value can be destroyed."""


@dataclass(frozen=True)
class BulkMark:
    """Marks a field too long for the journal, which keeps its length and the SHA-256 of its JSON; the room keeps it."""


AreaCode = Annotated[str, StringConstraints(pattern=r"^\d{6}(\d{3}(\d{3})?)?$"), AreaMark()]
"""Code of an area of this city: 6 digits (city, district), 9 (town) or 12 (community)."""

Personal = Annotated[str, StringConstraints(max_length=500), PersonalMark()]
"""A text with personal data."""


@dataclass(frozen=True)
class Effect:
    """What an act did.

    Attributes
    ----------
    subject : str
        Id of the thing acted upon.
    area : str
        Code of the area that it belongs to; the gate refuses the act if the actor does not reach it.
    data : mapping
        What the journal, the reactions and the caller shall know of it.
    secret : mapping
        What only the caller learns (a new token); it is kept nowhere.
    """

    subject: str
    area: str
    data: Mapping[str, JSON] = field(default_factory=dict)
    secret: Mapping[str, JSON] = field(default_factory=dict)


@dataclass(frozen=True)
class Action:
    """One verb: its name, its arguments, what does it, and which other verbs it may use on the way.

    A verb that computes for long does so in ``prepare``, on a snapshot and before its transaction begins, so that
    nobody waits for it; what that returns stands in `Tx.prepared`. The store may have moved on in between.
    """

    verb: str
    args: type[Args]
    do: "Callable[[Tx, Any], Effect]"
    uses: frozenset[str] = frozenset()
    prepare: "Callable[[Ahead, Any], Any] | None" = None

    @property
    def summary(self) -> str:
        """First line of the arguments' docstring."""
        return (self.args.__doc__ or "").strip().splitlines()[0]


@dataclass(frozen=True)
class Outcome:
    """What the caller of an act gets back."""

    verb: str
    seq: int
    subject: str
    area: str
    at: datetime
    data: Mapping[str, JSON]
    dry_run: bool = False
    repeated: bool = False
    secret: Mapping[str, JSON] = field(default_factory=dict)


P = TypeVar("P")


class Parts:
    """What rooms keep beside the store (files of observations, indexes), by its type."""

    def __init__(self) -> None:
        self._known: dict[type[Any], Any] = {}

    def add(self, part: object) -> None:
        """Add a part; there is one of each type."""
        self._known[type(part)] = part

    def part(self, kind: type[P]) -> P:
        """Return the part of a type.

        Raises
        ------
        AssertionError
            If the world was built without it.
        """
        found = self._known.get(kind)
        if not isinstance(found, kind):
            raise AssertionError(f"this world has no {kind.__name__}")
        return found


@dataclass(frozen=True)
class Reader:
    """What a query gets: a snapshot, how far the reader sees, and the world's policy, city and time."""

    conn: sa.Connection
    scope: Scope
    catalog: Catalog
    city: AreaTree
    now: datetime
    actor: Actor
    parts: Parts = field(default_factory=Parts)

    def part(self, kind: type[P]) -> P:
        """Return what a room keeps beside the store; see :class:`Parts`."""
        return self.parts.part(kind)

    def require(self, area: str) -> None:
        """Refuse to read what lies outside the reader's areas.

        Raises
        ------
        Forbidden
            If the area is not in scope.
        """
        if not self.scope.covers(area):
            raise Forbidden("access.read_area", at="area", value=area)


@dataclass(frozen=True)
class Ahead:
    """What the preparation of a verb gets: a snapshot, who will act, and the world around it."""

    conn: sa.Connection
    now: datetime
    actor: Actor
    scope: Scope
    catalog: Catalog
    city: AreaTree
    action: Action
    parts: Parts

    def require(self, area: str) -> None:
        """Refuse what lies outside the actor's areas; see `Tx.require`."""
        _require(self, area)

    def reader(self, noun: str) -> Reader:
        """Return a reader for the queries of rooms below; see `Tx.reader`."""
        return _reader(self, self.parts, noun)


@dataclass(frozen=True)
class Tx:
    """What a verb's function gets: the open transaction and the world around it.

    Attributes
    ----------
    conn : Connection
        The transaction; it commits with the journal entry or not at all.
    now : datetime
        The world's time; the same for everything in this act.
    actor, scope
        Who acts, and the areas in which they may do it.
    seq : int
        Number of the journal entry that this act will be.
    prepared
        What the verb's preparation returned, if it has one.
    """

    conn: sa.Connection
    now: datetime
    actor: Actor
    scope: Scope
    catalog: Catalog
    city: AreaTree
    seq: int
    action: Action
    session: "Session"
    prepared: Any = None

    def new_id(self, noun: str) -> str:
        """Return the id of the thing that this act makes: its noun and the number of its journal entry."""
        return f"{noun}-{self.seq}"

    def require(self, area: str) -> None:
        """Refuse to touch what lies outside the actor's areas, before anything of it is told.

        Raises
        ------
        Invalid
            If the city has no such area.
        Forbidden
            If the area is not in scope.
        """
        _require(self, area)

    @property
    def simulated(self) -> bool:
        """Whether this world's time is played: a drill, whose warnings stay in the building."""
        return self.session.simulated

    def act(self, verb: str, args: Mapping[str, Any]) -> Outcome:
        """Run another verb within this act: same transaction, same actor and areas, an entry of its own."""
        return self.session.nested(self, verb, args)

    def attempt(self) -> AbstractContextManager[None]:
        """Give a block that may fail without the rest of this act: then it leaves nothing behind."""
        return self.session.attempt()

    def once(self, key: Hashable, look: Callable[[], P]) -> P:
        """Look something up once in this transaction; for what no act in it changes."""
        return self.session.once(key, look)

    def at(self, key: str, due: datetime, verb: str, args: Mapping[str, Any]) -> None:
        """Have a verb run by the clock at a moment; the same key replaces what was set before."""
        self.session.set_timer(self, key, due, verb, args)

    def cancel(self, key: str) -> None:
        """Forget a timer, if it is set."""
        self.session.cancel_timer(key)

    def reader(self, noun: str) -> Reader:
        """Return a reader for the queries of rooms below, inside this transaction.

        An automatic actor reads what its verb needs; a person reads what the person may see or act on.
        """
        return _reader(self, self.session.parts, noun)

    def part(self, kind: type[P]) -> P:
        """Return what a room keeps beside the store; see :class:`Parts`."""
        return self.session.parts.part(kind)


def _require(act: Ahead | Tx, area: str) -> None:
    if not act.city.contains(area):
        raise Invalid("area.unknown", value=area, params={"near": ", ".join(act.city.near(area))})
    if not act.scope.covers(area):
        raise Forbidden("access.area", value=area, params={"verb": act.action.verb})


def _reader(act: Ahead | Tx, parts: Parts, noun: str) -> Reader:
    sight = act.actor.sight(act.catalog.roles, noun).prefixes
    scope = Scope(tuple(sorted({*sight, *act.scope.prefixes})))
    return Reader(act.conn, scope, act.catalog, act.city, act.now, act.actor, parts)
