"""Who may send: the registered sources, with the areas that their accounts reach."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from anlan.kernel.access import Actor, Scope, jurisdiction
from anlan.kernel.accounts import actor_of, hash_credential
from anlan.kernel.clock import stopwatch
from anlan.kernel.errors import NotFound
from anlan.kernel.journal import tree_state
from anlan.kernel.world import World
from anlan.sense.model import sources
from anlan.sense.stream.admission import Source

VERB = "sense.ingest"
_READ_AT_MOST_EVERY_S = 1.0
_LOOK_EVERY_S = 2.0
_HOLDERS = 10_000


@dataclass(frozen=True)
class Sender:
    """One source: who it is to the station, its quota (observations a second) and its mapping."""

    source: Source
    area: str
    quota_per_s: float
    mapping: str | None = None


def within(scope: Scope, area: str) -> Scope:
    """Return the part of a scope that lies in an area."""
    head = jurisdiction(area)
    inside = {prefix for prefix in scope.prefixes if prefix.startswith(head)}
    around = {head for prefix in scope.prefixes if head.startswith(prefix)}
    return Scope(tuple(sorted(inside | around)))


class Senders:
    """The registered sources of a world and who holds a credential, read again after something was committed.

    What this process commits is known at once; what another process of the same world commits, after seconds.

    Parameters
    ----------
    watch
        Seconds of a clock that only goes forward.
    """

    def __init__(self, world: World, watch: Callable[[], float] = stopwatch) -> None:
        self._world, self._watch = world, watch
        self._lock = threading.Lock()
        self._known: Mapping[str, Sender] = MappingProxyType({})
        self._stale, self._looked_at = True, float("-inf")
        self._size = -1  # of the journal when the sources were read
        self._holders: dict[str, tuple[Actor, float]] = {}
        self._generation = 0
        world.gate.after_commit.append(lambda _state: self._forget())

    def _forget(self) -> None:
        self._stale = True
        self._generation += 1
        self._holders.clear()

    def actor(self, secret: str | None) -> Actor:
        """Return who holds a token or session key; without one, the public.

        An answer is remembered for a second, and forgotten at once when something is committed: a token that is
        revoked ends with the act that revokes it.

        Raises
        ------
        Unauthenticated
            If there is no such credential, or it has expired or been closed.
        """
        if secret is None:
            return self._world.anonymous()
        key, now_s = hash_credential(secret), self._watch()
        held = self._holders.get(key)
        if held is not None and now_s - held[1] < _READ_AT_MOST_EVERY_S:
            return held[0]
        generation = self._generation
        actor, _ = self._world.holder(secret)
        if generation == self._generation and len(self._holders) < _HOLDERS:
            self._holders[key] = (actor, now_s)
        return actor

    def find(self, source: str) -> Sender | None:
        """Return a source by its name; None if it is not registered, or its account may not send.

        One that is not known is looked for in the store, where another process may have registered it; so often at
        most that strangers cannot keep the store busy.
        """
        known = self.all().get(source)
        if known is not None:
            return known
        with self._lock:  # who is reading now may be about to find it
            if self._stale or self._age_s() >= _READ_AT_MOST_EVERY_S:
                self._look_if_possible()
            return self._known.get(source)

    def all(self) -> Mapping[str, Sender]:
        """Return all sources by name, as the store has had them within the last seconds."""
        if self._due():
            with self._lock:
                if self._due():
                    self._look_if_possible()
        return self._known

    def read(self) -> None:
        """Read the sources now."""
        with self._lock:
            self._size = -1
            self._look()

    def _due(self) -> bool:
        """Tell whether to look into the store: something was committed here, or may have been by another process."""
        return self._size < 0 or self._age_s() >= (_READ_AT_MOST_EVERY_S if self._stale else _LOOK_EVERY_S)

    def _age_s(self) -> float:
        return self._watch() - self._looked_at

    def _look_if_possible(self) -> None:
        """Look; without an answer go on with what is known: observations need the log, and not the store."""
        try:
            self._look()
        except SQLAlchemyError:
            if self._size < 0:
                raise

    def _look(self) -> None:
        """Read, if the journal has grown; the lock is held. What is committed meanwhile is read the next time."""
        self._stale, self._looked_at = False, self._watch()
        with self._world.store.read() as conn:
            size = tree_state(conn).size
            if size != self._size:
                self._known, self._size = self._found(conn), size

    def _found(self, conn: sa.Connection) -> Mapping[str, Sender]:
        found: dict[str, Sender] = {}
        actors: dict[str, Actor | None] = {}
        for row in conn.execute(sa.select(sources)).all():
            if row.user not in actors:
                actors[row.user] = _actor(conn, row.user)
            actor = actors[row.user]
            if actor is None:
                continue
            scope = within(actor.reach(self._world.catalog.roles, VERB), row.area)
            if scope:
                source = Source(row.id, scope, row.user)
                found[row.id] = Sender(source, row.area, float(row.quota_per_s), row.mapping)
        return MappingProxyType(found)


def _actor(conn: sa.Connection, user: str) -> Actor | None:
    try:
        return actor_of(conn, user)
    except NotFound:
        return None
