"""A world: a store, a city, a catalog and a clock, with one gate to change it.

Real operation and a drill are the same code on two worlds.
"""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

import sqlalchemy as sa

from anlan.catalog.catalog import Catalog
from anlan.kernel import accounts
from anlan.kernel.access import Actor, AreaTree, Grant
from anlan.kernel.actions import Action, Outcome, P, Reader
from anlan.kernel.clock import Clock, SimClock, stopwatch
from anlan.kernel.entropy import Entropy
from anlan.kernel.errors import Unauthenticated
from anlan.kernel.gate import Gate
from anlan.kernel.jobs import Jobs
from anlan.kernel.journal import TreeState, head_note, signed_head, tree_state
from anlan.kernel.notes import Signer
from anlan.kernel.reactions import Reactions
from anlan.kernel.store import Store
from anlan.kernel.tables import credentials
from anlan.kernel.verify import Verdict, verify

CHECKPOINT = "checkpoint"
"""File in the data folder that holds the last signed tree head, outside the database."""

_CHECKPOINT_EVERY_S = 1.0
_LOOK_EVERY_S = 2.0


class Worker(Protocol):
    """Work of a room that the world's own pace drives, besides reactions and timers."""

    def waits(self) -> bool:
        """Tell in one look whether there is something to do now."""
        ...

    def run(self) -> int:
        """Do what there is to do; return how many acts that was."""
        ...

    def close(self) -> None:
        """Let go of files."""
        ...


class World:
    """One city's state and the only ways to change and to read it.

    Parameters
    ----------
    folder
        Data folder: checkpoint, keys, and the store if it is SQLite.
    store, catalog, city, clock, signer, entropy
        The parts.
    actions
        All verbs of all rooms.
    """

    def __init__(
        self,
        *,
        folder: Path,
        store: Store,
        catalog: Catalog,
        city: AreaTree,
        clock: Clock,
        signer: Signer,
        entropy: Entropy,
        actions: Mapping[str, Action],
    ) -> None:
        self.folder, self.store, self.catalog, self.city, self.clock = folder, store, catalog, city, clock
        self.signer = signer
        self.gate = Gate(
            store=store,
            catalog=catalog,
            city=city,
            clock=clock,
            signer=signer,
            entropy=entropy,
            actions=actions,
        )
        self.reactions, self.jobs = Reactions(self.gate), Jobs(self.gate)
        self.workers: list[Worker] = []
        self._unwritten: TreeState | None = None
        self._written_at = float("-inf")
        self.gate.after_commit.append(self._committed)

    def act(
        self,
        actor: Actor,
        verb: str,
        args: Mapping[str, Any],
        *,
        key: str | None = None,
        dry_run: bool = False,
        why: str = "",
    ) -> Outcome:
        """Run a verb; see :meth:`anlan.kernel.gate.Gate.act`."""
        return self.gate.act(actor, verb, args, key=key, dry_run=dry_run, why=why)

    @contextmanager
    def read(self, actor: Actor, noun: str) -> Iterator[Reader]:
        """Give a reader of one noun: a snapshot and the areas in which this actor may read it."""
        scope = actor.sight(self.catalog.roles, noun)
        with self.store.read() as conn:
            yield Reader(conn, scope, self.catalog, self.city, self.clock.now(), actor, self.gate.parts)

    def part(self, kind: type[P]) -> P:
        """Return what a room keeps beside the store; see :class:`anlan.kernel.actions.Parts`."""
        return self.gate.parts.part(kind)

    def actor(self, user: str) -> Actor:
        """Return a user as an actor, holding the public role besides its own."""
        with self.store.read() as conn:
            found = accounts.actor_of(conn, user)
        return replace(found, grants=(*found.grants, Grant(accounts.PUBLIC, self.city.root)))

    def anonymous(self) -> Actor:
        """Return the actor that nobody signed in as."""
        return Actor("public", (Grant(accounts.PUBLIC, self.city.root),))

    def holder(self, secret: str) -> tuple[Actor, str]:
        """Return who holds a session key or token, and the credential's id.

        Raises
        ------
        Unauthenticated
            If there is no such credential, or it has expired or been closed.
        """
        with self.store.read() as conn:
            hashed = accounts.hash_credential(secret)
            row = conn.execute(sa.select(credentials).where(credentials.c.hash == hashed)).one_or_none()
        if row is None or row.closed or row.expires <= self.clock.now():
            raise Unauthenticated("credential.refused")
        return self.actor(row.user), row.id

    def settle(self) -> int:
        """Run workers, reactions and due timers until nothing is left to do now; return how many acts that was."""
        total = 0
        while self._work_waits():
            total += sum(worker.run() for worker in self.workers)
            total += self.reactions.run() + self.jobs.run()
        return total

    def _work_waits(self) -> bool:
        """Tell in one look whether there is a new entry, or something due."""
        if any(worker.waits() for worker in self.workers):
            return True
        now = self.clock.now()
        with self.store.read() as conn:
            if tree_state(conn).size != self.reactions.seen:
                return True
            return any(due is not None and due <= now for due in self._dues(conn))

    def _dues(self, conn: sa.Connection) -> tuple[datetime | None, datetime | None]:
        return self.jobs.next_due(conn), self.reactions.next_retry(conn)

    def advance(self, until: datetime) -> None:
        """Step a standing simulated clock to a moment, doing on the way what falls due at its own time."""
        if not isinstance(self.clock, SimClock):
            raise TypeError("only a simulated clock can be stepped")
        self.settle()
        while (due := self.next_due()) is not None and due <= until:
            self.clock.advance_to(due)
            self.settle()
        self.clock.advance_to(until)

    def next_due(self) -> datetime | None:
        """Return the next moment at which a timer or a repeated reaction is due."""
        with self.store.read() as conn:
            moments = [moment for moment in self._dues(conn) if moment is not None]
        return min(moments) if moments else None

    def verify_journal(self, outside_heads: Sequence[str] = ()) -> Verdict:
        """Check the whole journal, also against the checkpoint beside the store and heads kept elsewhere."""
        path = self.folder / CHECKPOINT
        heads = [*outside_heads, *([path.read_text(encoding="utf-8")] if path.exists() else [])]
        with self.store.read() as conn:
            return verify(conn, self.signer.verifier, heads)

    def head(self) -> str:
        """Return the present tree head as a signed note."""
        with self.store.read() as conn:
            return head_note(conn, self.signer)

    def _committed(self, state: TreeState) -> None:
        # A checkpoint may lag behind the store but never run ahead. Writing costs a disk flush: one a second at most.
        self._unwritten = state
        if stopwatch() - self._written_at >= _CHECKPOINT_EVERY_S:
            self._write_checkpoint(state)

    def _write_checkpoint(self, state: TreeState) -> None:
        self._written_at, self._unwritten = stopwatch(), None
        fresh = self.folder / f"{CHECKPOINT}.new"
        fresh.write_text(signed_head(self.signer, state), encoding="utf-8")
        fresh.replace(self.folder / CHECKPOINT)

    def close(self) -> None:
        """Write the last tree head beside the store, and let go of the store."""
        for worker in self.workers:
            worker.close()
        if self._unwritten is not None:
            self._write_checkpoint(self._unwritten)
        self.store.close()


class Pump:
    """Keeps a live world moving: a thread that reacts to new entries and to the clock."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._stop = threading.Event()
        self._wake = threading.Event()
        self._thread = threading.Thread(target=self._run, name="anlan-pump", daemon=True)
        world.gate.after_commit.append(lambda _state: self._wake.set())

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End after the act in progress."""
        self._stop.set()
        self._wake.set()
        self._thread.join()

    def _run(self) -> None:
        world = self._world
        while not self._stop.is_set():
            self._wake.clear()
            world.settle()
            # Another process may act on the same store: nobody wakes this one then, so it looks by itself.
            soon = world.clock.now() + timedelta(seconds=_LOOK_EVERY_S)
            due = world.next_due()
            world.clock.wait(min(due, soon) if due else soon, self._wake)
