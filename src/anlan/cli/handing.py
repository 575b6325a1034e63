"""The way from a file into a world, whichever process has it: observations to the log, sensors to the registry.

Alone with a folder, this process takes observations into the log itself. While a server has the folder, or for records
of the past, they are handed in by the verb: they stand in the inbox until the log's owner moves them.
"""

from collections.abc import Callable

import numpy as np

from anlan.cli.replays import hand_in
from anlan.kernel.access import Actor
from anlan.kernel.errors import Forbidden
from anlan.kernel.world import World
from anlan.sense.doors.doors import Doors
from anlan.sense.doors.senders import VERB, Sender, within
from anlan.sense.doors.taker import Done, Known, Taker
from anlan.sense.sensor_sheet import VERB as REGISTER
from anlan.sense.sensor_sheet import Sheet, check_sheet
from anlan.sense.sensors import MOST_AT_ONCE
from anlan.sense.stream.admission import Admission, Receipt, Source
from anlan.sense.stream.batch import QUALITIES, SUSPECT, Batch, Rows
from anlan.sense.stream.moments import micros, moment
from anlan.sense.stream.station import Station

_UNBOUNDED_PER_S = 1e12  # whoever sits at the machine is held to no quota


def sender_of(world: World, actor: Actor, name: str) -> Sender:
    """Return a source in the areas where this actor may hand in; a registered one only in its own.

    Raises
    ------
    Forbidden
        ``access.verb`` if the actor may do that nowhere.
    """
    scope, area = actor.reach(world.catalog.roles, VERB), world.city.root
    known = world.part(Doors).senders.find(name)
    if known is not None:
        scope, area = within(scope, known.area), known.area
    if not scope:
        raise Forbidden("access.verb", at="verb", value=VERB, params={"actor": actor.id})
    return Sender(Source(name, scope, actor.id), area, _UNBOUNDED_PER_S)


class ByAct:
    """Takes messages by the verb; rows that cannot be taken are found beforehand, so that each has its reason."""

    def __init__(self, world: World, actor: Actor, *, backfill: bool) -> None:
        self._world, self._actor, self._backfill = world, actor, backfill
        self._admission = Admission(world.part(Station).registry)

    @property
    def registry(self) -> Known:
        """The sensors that are known."""
        return self._admission.registry

    def take(self, source: Source, rows: Rows) -> Receipt:
        """Hand in what can be taken; it stands in the store on return."""
        ahead_us = int(float(self._world.catalog.setting("ingest.max_future_s")) * 1e6)
        batch, refused = self._admission.admit(source, rows, micros(self._world.clock.now()) + ahead_us)
        seq = accepted = 0
        for done in hand_in(self._world, self._actor, source.id, self._told(batch), backfill=self._backfill):
            seq, accepted = done.seq, accepted + int(str(done.data["accepted"]))
        return Receipt(seq, accepted, refused)

    def _told(self, batch: Batch) -> list[tuple[object, ...]]:
        sent = [QUALITIES[code if code == SUSPECT else 0] for code in batch.quality.tolist()]
        numbers = zip(batch.value.tolist(), np.isnan(batch.value).tolist(), strict=True)
        value = [None if none else number for number, none in numbers]
        names = self._admission.registry.names(batch.sensor)
        return list(zip(names, map(moment, batch.time_us.tolist()), value, sent, strict=True))

    def take_soon(self, source: Source, rows: Rows, done: Done) -> None:
        """Take a message at once."""
        done(self.take(source, rows))


class Telling:
    """Takes messages as another taker does, and tells afterwards how many items each had."""

    def __init__(self, taker: Taker, after: Callable[[int], None]) -> None:
        self._taker, self._after = taker, after

    @property
    def registry(self) -> Known | None:
        """The sensors that the other knows."""
        return self._taker.registry

    def take(self, source: Source, rows: Rows) -> Receipt:
        """Take a message, then tell."""
        receipt = self._taker.take(source, rows)
        self._after(len(rows) + len(rows.refused))
        return receipt

    def take_soon(self, source: Source, rows: Rows, done: Done) -> None:
        """Take a message at once."""
        done(self.take(source, rows))


def register_sensors(world: World, actor: Actor, sheet: Sheet, *, check: bool, why: str = "") -> dict[str, object]:
    """Register the sensors of a sheet that hold, in one act, or in as few as it takes; tell what became of them.

    Parameters
    ----------
    sheet
        Lines that do not hold are left out of it, and stand in its faults afterwards.
    check
        Go the whole way, and change nothing.

    Raises
    ------
    Forbidden
        ``access.verb`` if the actor may do that nowhere.
    """
    scope = actor.reach(world.catalog.roles, REGISTER)
    if not scope:
        raise Forbidden("access.verb", at="verb", value=REGISTER, params={"actor": actor.id})
    with world.store.read() as conn:
        check_sheet(sheet, conn, world.catalog, world.city, scope)
    items = list(sheet.items.values())
    done = [
        world.act(actor, REGISTER, {"items": items[start : start + MOST_AT_ONCE]}, dry_run=check, why=why)
        for start in range(0, len(items), MOST_AT_ONCE)
    ]
    new = sum(int(str(one.data["new"])) for one in done)
    return {
        "lines": sheet.lines,
        "accepted": len(items),
        "new": new,
        "changed": len(items) - new,
        "refused_count": sheet.lines - len(items),
        "acts": [] if check else [one.seq for one in done],
    }
