"""The one gate: authorise, validate, do it in one transaction, journal it.

Every change of state in Anlan passes :meth:`Gate.act`, whoever asks: a person, a machine client, a timer, a
reaction, a drill script.
"""

import hashlib
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa

from anlan.catalog.catalog import Catalog
from anlan.catalog.texts import near
from anlan.kernel import arguments
from anlan.kernel import journal as log
from anlan.kernel.access import Actor, AreaTree, Scope
from anlan.kernel.actions import Action, Ahead, Args, Effect, Outcome, Parts, Tx
from anlan.kernel.canonical import JSON, canonical, plain
from anlan.kernel.clock import Clock
from anlan.kernel.entropy import Entropy
from anlan.kernel.errors import Conflict, Forbidden, NotFound
from anlan.kernel.journal import Entry, TreeState
from anlan.kernel.notes import Signer
from anlan.kernel.store import Store
from anlan.kernel.tables import receipts, sealed, timers

V = TypeVar("V")
_SALT_BYTES = 16
_RECEIPT = sa.select(receipts).where(receipts.c.by == sa.bindparam("who"), receipts.c.key == sa.bindparam("which"))
_KEEP = sa.insert(receipts)


class _DryRun(Exception):  # not an error: it carries the outcome out of the transaction
    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome


class Gate:
    """Runs verbs for one world.

    Parameters
    ----------
    store, catalog, city, clock, signer, entropy
        The parts of the world that acts need.
    actions
        All verbs of all rooms, by name.
    """

    def __init__(
        self,
        *,
        store: Store,
        catalog: Catalog,
        city: AreaTree,
        clock: Clock,
        signer: Signer,
        entropy: Entropy,
        actions: Mapping[str, Action],
    ) -> None:
        self.store, self.catalog, self.city, self.clock = store, catalog, city, clock
        self.signer, self.entropy, self.actions = signer, entropy, actions
        self.after_commit: list[Callable[[TreeState], None]] = []
        self.parts = Parts()

    def act(
        self,
        actor: Actor,
        verb: str,
        args: Mapping[str, Any] | Args,
        *,
        key: str | None = None,
        dry_run: bool = False,
        because: int | None = None,
        depth: int = 0,
        why: str = "",
    ) -> Outcome:
        """Run one verb and journal it.

        Parameters
        ----------
        actor
            Who acts.
        verb, args
            What is done, as text and a mapping that the verb's model accepts.
        key
            Idempotency key: the same actor and key give the first outcome again and change nothing.
        dry_run
            Do everything, tell the outcome, and roll back.
        because, depth
            The journal entry that led to this act, and how many reactions lie before it.
        why
            The actor's reason.

        Raises
        ------
        NotFound
            If there is no such verb.
        Forbidden
            If the actor's roles or areas do not reach it.
        Invalid, Conflict
            If the arguments break a rule, or the thing's state does not allow the act.
        """
        action = self.find(verb)
        scope = self._reach(actor, verb)
        model = arguments.parse(action, args, self.city)
        fingerprint = _fingerprint(verb, model) if key else ""
        prepared = self._prepared(actor, scope, action, model, key, fingerprint)
        try:
            with self.store.write() as conn:
                if key and (done := _receipt(conn, actor, key, fingerprint)):
                    return done
                session = Session(self, conn, self.clock.now(), log.tree_state(conn).size)
                outcome = session.run(actor, scope, action, model, because, depth, why, prepared)
                if dry_run:
                    raise _DryRun(replace(outcome, dry_run=True))
                state = log.append(conn, self.signer, session.entries())
                if key:
                    _keep_receipt(conn, actor, key, fingerprint, outcome)
        except _DryRun as rehearsal:
            return rehearsal.outcome
        for hook in self.after_commit:
            hook(state)
        return outcome

    def _prepared(
        self, actor: Actor, scope: Scope, action: Action, model: Args, key: str | None, fingerprint: str
    ) -> Any:
        """Return what the verb prepares on a snapshot; nothing where the act was done before under this key."""
        if action.prepare is None:
            return None
        with self.store.read() as conn:
            if key and _receipt(conn, actor, key, fingerprint):
                return None
            now = self.clock.now()
            return action.prepare(Ahead(conn, now, actor, scope, self.catalog, self.city, action, self.parts), model)

    def find(self, verb: str) -> Action:
        """Return the action of a verb, or say which verbs look like it."""
        action = self.actions.get(verb)
        if action is None:
            raise NotFound("verb.unknown", at="verb", value=verb, params={"near": ", ".join(near(verb, self.actions))})
        return action

    def _reach(self, actor: Actor, verb: str) -> Scope:
        scope = actor.reach(self.catalog.roles, verb)
        if not scope:
            raise Forbidden("access.verb", at="verb", value=verb, params={"actor": actor.id})
        return scope


class Session:
    """One transaction at the gate: the acts in it, in the order in which they began."""

    def __init__(self, gate: Gate, conn: sa.Connection, now: datetime, size: int) -> None:
        self._gate, self._conn, self._now = gate, conn, now
        self._size = size
        self._entries: list[Entry | None] = []
        self._depth = 0
        self._looked_up: dict[Hashable, Any] = {}

    def run(
        self,
        actor: Actor,
        scope: Scope,
        action: Action,
        model: Args,
        because: int | None,
        depth: int,
        why: str,
        prepared: Any = None,
    ) -> Outcome:
        """Do one act and note its entry."""
        gate = self._gate
        self._entries.append(None)
        self._depth = depth
        place, seq = len(self._entries) - 1, self._size + len(self._entries)
        tx = Tx(self._conn, self._now, actor, scope, gate.catalog, gate.city, seq, action, self, prepared)
        effect = action.do(tx, model)
        tx.require(effect.area)
        data = plain(effect.data)
        args = arguments.journal_form(model, lambda path, value: self._seal(f"{seq}.{path}", effect, value))
        self._entries[place] = Entry(
            seq,
            self._now,
            actor.id,
            action.verb,
            effect.subject,
            effect.area,
            args,
            data,
            because,
            depth,
            why,
        )
        return Outcome(action.verb, seq, effect.subject, effect.area, self._now, data, secret=effect.secret)

    def nested(self, outer: Tx, verb: str, args: Mapping[str, Any]) -> Outcome:
        """Do an act inside another one; the outer verb must have declared it."""
        if verb not in outer.action.uses:
            raise AssertionError(f"{outer.action.verb} uses {verb} without saying so")
        action = self._gate.find(verb)
        model = arguments.parse(action, args, self._gate.city)
        prepared = None
        if action.prepare is not None:
            gate, who = self._gate, (outer.actor, outer.scope)
            prepared = action.prepare(
                Ahead(self._conn, self._now, *who, gate.catalog, gate.city, action, gate.parts), model
            )
        return self.run(outer.actor, outer.scope, action, model, outer.seq, self._depth, "", prepared)

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Do something that may fail without the rest: then it leaves nothing, in the store or in the journal."""
        begun = len(self._entries)
        try:
            with self._conn.begin_nested():
                yield
        except BaseException:
            del self._entries[begun:]
            raise

    def once(self, key: Hashable, look: Callable[[], V]) -> V:
        """Return what was looked up under a key before in this transaction, or look it up."""
        if key not in self._looked_up:
            self._looked_up[key] = look()
        found: V = self._looked_up[key]
        return found

    @property
    def simulated(self) -> bool:
        """Whether the world's clock is a simulated one."""
        return self._gate.clock.simulated

    @property
    def parts(self) -> Parts:
        """What rooms keep beside the store."""
        return self._gate.parts

    def entries(self) -> list[Entry]:
        """Return the entries of all acts, in order."""
        return [entry for entry in self._entries if entry is not None]

    def set_timer(self, tx: Tx, key: str, due: datetime, verb: str, args: Mapping[str, Any]) -> None:
        """Note that the clock shall run a verb."""
        self._gate.find(verb)
        self.cancel_timer(key)
        row = {"key": key, "due": due, "verb": verb, "args": plain(args), "because": tx.seq}
        self._conn.execute(sa.insert(timers).values(row))

    def cancel_timer(self, key: str) -> None:
        """Forget a timer, if it is set."""
        self._conn.execute(sa.delete(timers).where(timers.c.key == key))

    def _seal(self, name: str, effect: Effect, value: JSON) -> JSON:
        salt = self._gate.entropy.take(_SALT_BYTES, f"salt {name}")
        self._conn.execute(sa.insert(sealed).values(id=name, subject=effect.subject, salt=salt, value=value))
        return {"sealed": name, "sha256": seal_hash(salt, value)}


def seal_hash(salt: bytes, value: JSON) -> str:
    """Return the hash that stands in the journal for a personal value."""
    return hashlib.sha256(salt + canonical(value)).hexdigest()


def _fingerprint(verb: str, model: Args) -> str:
    """Return what tells one request from another under the same key; secrets in it show as asterisks."""
    return hashlib.sha256(f"{verb}\n{model.model_dump_json()}".encode()).hexdigest()


def _receipt(conn: sa.Connection, actor: Actor, key: str, fingerprint: str) -> Outcome | None:
    """Return the outcome kept for this actor and key, if the request is the same."""
    row = conn.execute(_RECEIPT, {"who": actor.id, "which": key}).one_or_none()
    if row is None:
        return None
    if row.fingerprint != fingerprint:
        raise Conflict("key.reused", at="key", value=key)
    kept = dict(row.outcome)
    return Outcome(**kept | {"at": datetime.fromisoformat(kept["at"])}, repeated=True)


def _keep_receipt(conn: sa.Connection, actor: Actor, key: str, fingerprint: str, outcome: Outcome) -> None:
    kept = {name: plain(getattr(outcome, name)) for name in ("verb", "seq", "subject", "area", "at", "data")}
    conn.execute(_KEEP, {"by": actor.id, "key": key, "fingerprint": fingerprint, "outcome": kept})
