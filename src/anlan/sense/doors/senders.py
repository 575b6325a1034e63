"""Who may send: the registered sources, with the areas that their accounts reach."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import sqlalchemy as sa

from anlan.kernel.access import Actor, Scope, jurisdiction
from anlan.kernel.accounts import actor_of, hash_credential
from anlan.kernel.clock import stopwatch
from anlan.kernel.errors import NotFound
from anlan.kernel.world import World
from anlan.sense.model import sources
from anlan.sense.stream.admission import Source

VERB = "sense.ingest"
_READ_AT_MOST_EVERY_S = 1.0
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
    """The registered sources of a world and who holds a credential, read again after something was committed."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._lock = threading.Lock()
        self._known: Mapping[str, Sender] = MappingProxyType({})
        self._stale, self._read_at = True, float("-inf")
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
        key, now_s = hash_credential(secret), stopwatch()
        held = self._holders.get(key)
        if held is not None and now_s - held[1] < _READ_AT_MOST_EVERY_S:
            return held[0]
        generation = self._generation
        actor, _ = self._world.holder(secret)
        if generation == self._generation and len(self._holders) < _HOLDERS:
            self._holders[key] = (actor, now_s)
        return actor

    def find(self, source: str) -> Sender | None:
        """Return a source by its name; None if it is not registered, or its account may not send."""
        known = self.all().get(source)
        if known is not None:
            return known
        with self._lock:  # who is reading now may be about to find it
            if self._stale:
                self._read()
            return self._known.get(source)

    def all(self) -> Mapping[str, Sender]:
        """Return all sources by name, as they were a second ago at the earliest."""
        if self._stale and stopwatch() - self._read_at >= _READ_AT_MOST_EVERY_S:
            with self._lock:
                if self._stale:
                    self._read()
        return self._known

    def read(self) -> None:
        """Read the sources now."""
        with self._lock:
            self._read()

    def _read(self) -> None:
        """Read; the lock is held. What is committed meanwhile is read the next time."""
        self._stale, self._read_at = False, stopwatch()
        found: dict[str, Sender] = {}
        with self._world.store.read() as conn:
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
        self._known = MappingProxyType(found)


def _actor(conn: sa.Connection, user: str) -> Actor | None:
    try:
        return actor_of(conn, user)
    except NotFound:
        return None
