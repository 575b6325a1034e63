"""Reactions: the catalog's rules ``on <verb> where <expression> do <verb> with <arguments>``.

They run after commit, at least once, and are idempotent by (entry, reaction, item). A reaction that fails is tried
again with growing pauses and then handed to people as ``reaction.fail``; a chain of reactions that grows too long
is halted as ``reaction.halt``. What people get to see of either is again a reaction in the catalog.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from anlan.catalog.expressions import evaluate
from anlan.catalog.schema.reactions import Reaction
from anlan.kernel import journal as log
from anlan.kernel.access import Actor, Grant
from anlan.kernel.actions import Action, Args, Effect, Tx
from anlan.kernel.canonical import JSON, plain, stamp
from anlan.kernel.gate import Gate
from anlan.kernel.store import Moment
from anlan.kernel.tables import journal, reaction_cursor, reaction_retries

AUTOMATON = "automaton"
"""Role under which reactions and timers act."""

_LAG = 500  # entries by which the kept cursor may trail what was seen
_NEXT_RETRY = sa.select(reaction_retries.c.next_at).order_by(reaction_retries.c.next_at).limit(1)
_DUE_RETRIES = (
    sa.select(reaction_retries)
    .where(reaction_retries.c.next_at <= sa.bindparam("now", type_=Moment))
    .order_by(reaction_retries.c.seq, reaction_retries.c.reaction)
)


def automaton(gate: Gate, name: str) -> Actor:
    """Return Anlan itself as an actor, over the whole city."""
    return Actor(f"system:{name}", (Grant(AUTOMATON, gate.city.root),))


@dataclass(frozen=True)
class _Call:
    reaction: Reaction
    key: str
    args: dict[str, Any]


class Reactions:
    """Reads the journal behind the gate and does what the catalog says about each entry."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._by_verb: dict[str, list[Reaction]] = {}
        for reaction in gate.catalog.reactions.values():
            self._by_verb.setdefault(reaction.on, []).append(reaction)
        self._actor = automaton(gate, "reactions")
        self._seen = self._kept = -1

    def run(self) -> int:
        """React to every entry not yet seen, and to failures whose pause is over; return how many acts were done."""
        done = self._retry()
        newest, rows = self._unseen()
        for row in rows:
            entry = log.entry_of(row)
            done += sum(self._react(entry, reaction) for reaction in self._by_verb[entry["verb"]])
        # The kept cursor may lag: after a crash entries are seen again, and receipts make that harmless.
        if rows or newest - self._kept >= _LAG:
            self._keep_cursor(newest)
        self._seen = newest
        return done

    @property
    def seen(self) -> int:
        """The entry up to which everything has been reacted to; -1 before the first look."""
        return self._seen

    def next_retry(self, conn: sa.Connection) -> datetime | None:
        """Return when the next failed reaction is due again."""
        due: datetime | None = conn.scalar(_NEXT_RETRY)
        return due

    def _unseen(self) -> tuple[int, list[sa.RowMapping]]:
        """Return how far the journal goes now, and the new entries that some reaction waits for."""
        with self._gate.store.read() as conn:
            if self._seen < 0:
                self._seen = self._kept = conn.scalar(sa.select(reaction_cursor.c.seq)) or 0
            newest = log.tree_state(conn).size
            if newest == self._seen:
                return newest, []
            query = log.rows_after(self._seen, None).where(journal.c.verb.in_(self._by_verb))
            return newest, list(conn.execute(query).mappings())

    def _keep_cursor(self, seq: int) -> None:
        with self._gate.store.write() as conn:
            if not conn.execute(sa.update(reaction_cursor).values(seq=seq)).rowcount:
                conn.execute(sa.insert(reaction_cursor).values(id=1, seq=seq))
        self._kept = seq

    def _react(self, entry: dict[str, JSON], reaction: Reaction, attempts: int = 0) -> int:
        """Do one reaction to one entry; a failure is noted with the time of its next try."""
        try:
            calls = list(_calls(reaction, entry, self._gate.clock.now()))
            if calls and entry["depth"] >= int(self._gate.catalog.setting("reactions.max_depth")):
                self._report("reaction.halt", entry, reaction, "")
                return 0
            for call in calls:
                self._gate.act(
                    self._actor,
                    reaction.do,
                    call.args,
                    key=call.key,
                    because=entry["seq"],
                    depth=entry["depth"] + 1,
                )
        except Exception as error:  # noqa: BLE001  # whatever goes wrong is tried again and ends at a person
            self._failed(entry, reaction, attempts + 1, str(error) or repr(error))
            return 0
        if attempts:
            self._forget(entry["seq"], reaction.id)
        return len(calls)

    def _failed(self, entry: dict[str, JSON], reaction: Reaction, attempts: int, error: str) -> None:
        seq = entry["seq"]
        if attempts >= int(self._gate.catalog.setting("reactions.max_attempts")):
            self._forget(seq, reaction.id)
            self._report("reaction.fail", entry, reaction, error)
            return
        pause = float(self._gate.catalog.setting("reactions.backoff_s")) * 2 ** (attempts - 1)
        row = {
            "attempts": attempts,
            "next_at": self._gate.clock.now() + timedelta(seconds=pause),
            "error": error,
        }
        with self._gate.store.write() as conn:
            where = _retry_is(seq, reaction.id)
            if not conn.execute(sa.update(reaction_retries).where(where).values(row)).rowcount:
                conn.execute(sa.insert(reaction_retries).values(seq=seq, reaction=reaction.id, **row))

    def _forget(self, seq: int, reaction: str) -> None:
        with self._gate.store.write() as conn:
            conn.execute(sa.delete(reaction_retries).where(_retry_is(seq, reaction)))

    def _report(self, verb: str, entry: dict[str, JSON], reaction: Reaction, error: str) -> None:
        """Put the failure into the journal, where people and other reactions see it."""
        args = {"entry": entry["seq"], "reaction": reaction.id, "error": error[:2000], "area": entry["area"]}
        key = f"{verb}:{entry['seq']}:{reaction.id}"
        self._gate.act(self._actor, verb, args, key=key, because=entry["seq"], depth=entry["depth"])

    def _retry(self) -> int:
        """Try again what failed and is due."""
        with self._gate.store.read() as conn:
            rows = conn.execute(_DUE_RETRIES, {"now": self._gate.clock.now()}).all()
            entries = {row.seq: log.entry_of(conn.execute(log.row_of(row.seq)).mappings().one()) for row in rows}
        done = 0
        for row in rows:
            reaction = self._gate.catalog.reactions.get(row.reaction)
            if reaction is None:  # the catalog changed meanwhile: what is no longer a rule is no longer owed
                self._forget(row.seq, row.reaction)
                continue
            done += self._react(entries[row.seq], reaction, row.attempts)
        return done


def _retry_is(seq: int, reaction: str) -> sa.ColumnElement[bool]:
    return sa.and_(reaction_retries.c.seq == seq, reaction_retries.c.reaction == reaction)


def _calls(reaction: Reaction, entry: dict[str, JSON], now: datetime) -> Iterator[_Call]:
    """Yield what a reaction calls for an entry: nothing, one act, or one for each item of a list."""
    variables: dict[str, Any] = {"entry": entry, "now": stamp(now)}
    if reaction.where and not evaluate(reaction.where, variables):
        return
    items = evaluate(reaction.for_each, variables) if reaction.for_each else [None]
    for number, item in enumerate(items):
        here = variables | {"item": item}
        args = {name: plain(evaluate(expression, here)) for name, expression in reaction.with_.items()}
        yield _Call(reaction, f"reaction:{entry['seq']}:{reaction.id}:{number}", args)


class ReportReaction(Args):
    """Tell that a reaction failed for good, or was halted because its chain grew too long."""

    entry: int
    reaction: str
    area: str
    error: str = ""


def report_reaction(tx: Tx, args: ReportReaction) -> Effect:
    """Note it in the journal; the catalog's reactions make a task for people of it."""
    del tx
    return Effect(f"reaction:{args.reaction}", args.area, {"entry": args.entry, "error": args.error})


ACTIONS = {verb: Action(verb, ReportReaction, report_reaction) for verb in ("reaction.fail", "reaction.halt")}
