"""The backend over a world: its registry, its station and its gate."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import sqlalchemy as sa

from anlan.catalog.catalog import Catalog
from anlan.catalog.texts import text
from anlan.city.city import City, city_of
from anlan.kernel.access import Scope
from anlan.kernel.actions import Reader
from anlan.kernel.errors import AnlanError, Forbidden, NotFound, Unauthenticated
from anlan.kernel.http import not_readable
from anlan.kernel.world import World
from anlan.sense.history.spans import day_span
from anlan.sense.history.view import View as Kept
from anlan.sense.model import sensors
from anlan.sense.sensorthings.changes import Changes
from anlan.sense.sensorthings.vectors import microseconds
from anlan.sense.stream.admission import Source
from anlan.sense.stream.batch import Batch, Int32s, Int64s, Refusal, Rows
from anlan.sense.stream.latest import Latest
from anlan.sense.stream.registry import Registry
from anlan.sense.stream.station import Station

_SQL_LIST = 1000
_ALL_AT_ONCE = 20_000
"""From so many sensors on the whole table is read and not each of them."""


@dataclass(frozen=True)
class House:
    """A world as one asker sees it, for one request.

    Attributes
    ----------
    reader : Reader
        Of the noun ``sensor``.
    held : ExitStack
        What is held until the request is answered.
    """

    world: World
    reader: Reader
    held: ExitStack
    lang: str = "zh"

    @cached_property
    def _station(self) -> Station:
        return self.world.part(Station)

    @cached_property
    def registry(self) -> Registry:
        """The sensors, as they are at the first look."""
        return self._station.registry

    @property
    def latest(self) -> Latest:
        """The newest observations."""
        return self._station.latest

    @property
    def sensor_scope(self) -> Scope:
        """The areas whose sensors the asker may see."""
        return self.reader.scope

    @cached_property
    def observation_scope(self) -> Scope:
        """The areas whose observations the asker may see."""
        return self.reader.actor.sight(self.catalog.roles, "observation")

    @cached_property
    def ingest_scope(self) -> Scope:
        """The areas of whose sensors the asker may hand in observations."""
        return self.reader.actor.reach(self.catalog.roles, "sense.ingest")

    @cached_property
    def acting_scope(self) -> Scope:
        """The areas whose sensors the asker may see or act on."""
        reached = self.reader.actor.reach(self.catalog.roles, "sensor.register").prefixes
        return Scope(tuple(sorted({*self.sensor_scope.prefixes, *self.ingest_scope.prefixes, *reached})))

    @property
    def catalog(self) -> Catalog:
        """Policy."""
        return self.reader.catalog

    @property
    def city(self) -> City:
        """The city."""
        return city_of(self.reader)

    @property
    def now_us(self) -> int:
        """The moment of the request."""
        return microseconds(self.reader.now)

    @property
    def horizon_us(self) -> int:
        """The latest time of an observation that is believed."""
        return self.now_us + int(float(self.catalog.setting("ingest.max_future_s")) * 1e6)

    def unreadable(self, noun: str) -> AnlanError:
        """Return the error for an asker who may see a noun nowhere."""
        return not_readable(self.reader.actor, noun)

    # -- what is registered -------------------------------------------------------------------------------------

    def names(self, numbers: Int64s, lang: str) -> list[str]:
        """Return the names of sensors in one language."""
        column = sensors.c.name_en if lang == "en" else sensors.c.name_zh
        found = self._rows(numbers, sensors.c.number, column.label("name"))
        return [str(found[n].name) if n in found else self.registry.ids[n] for n in numbers.tolist()]

    def details(self, numbers: Int64s) -> list[Mapping[str, Any]]:
        """Return all that is registered of sensors."""
        found = self._rows(numbers, *sensors.c)
        for number in numbers.tolist():
            if number not in found:
                raise NotFound("sensorthings.entity", value=self.registry.ids[number], params={"set": "Sensors"})
        return [found[number]._asdict() for number in numbers.tolist()]

    def _rows(self, numbers: Int64s, *columns: sa.ColumnElement[Any]) -> dict[int, Any]:
        """Return the rows of the table of sensors by number; one that came after this read began may be missing."""
        wanted = np.unique(numbers).tolist()
        query = sa.select(*columns)
        found: dict[int, Any] = {}
        if len(wanted) > _ALL_AT_ONCE:
            found = {row.number: row for row in self.reader.conn.execute(query)}
        else:
            for start in range(0, len(wanted), _SQL_LIST):
                some = query.where(sensors.c.number.in_(wanted[start : start + _SQL_LIST]))
                found |= {row.number: row for row in self.reader.conn.execute(some)}
        return found

    # -- what was observed --------------------------------------------------------------------------------------

    @cached_property
    def _kept(self) -> Kept:
        return self.held.enter_context(self._station.history.view())

    def days(self, since_us: int, until_us: int) -> Sequence[tuple[int, int]]:
        """Return the days of which something is kept."""
        kept = self._kept
        return [day_span(day, kept.state.offset_h) for day in kept.days(since_us, until_us)]

    def rows(self, sensors: Int32s, since_us: int, until_us: int) -> Batch:
        """Return all observations of sensors within a span, both ends included, by sensor and time."""
        parts = [rows.batch() for rows in self._kept.rows(sensors, since_us, until_us)]
        batch = Batch.joined(parts)
        return batch if len(parts) < 2 else batch.where(np.lexsort((batch.time_us, batch.sensor)))

    # -- what changes -------------------------------------------------------------------------------------------

    def take(self, rows: Rows) -> Sequence[Refusal]:
        """Hand in observations; on return they are durable, but for those that are refused."""
        actor = self.reader.actor
        if not self.ingest_scope:
            raise self._not_allowed("sense.ingest")
        return self._station.take(Source(f"sensorthings:{actor.id}", self.ingest_scope, actor.id), rows).refused

    def _not_allowed(self, verb: str) -> AnlanError:
        if self.reader.actor.id == "public":
            return Unauthenticated("access.sign_in")
        return Forbidden("access.verb", at="verb", value=verb, params={"actor": self.reader.actor.id})

    def register(self, items: Sequence[Mapping[str, Any]], *, dry_run: bool = False) -> None:
        """Make sensors known, or correct what is known; on return the station knows them, too."""
        self.world.act(self.reader.actor, "sensor.register", {"items": [dict(item) for item in items]}, dry_run=dry_run)
        if not dry_run:
            self._station.pump()
            Changes.of(self.world).tell([str(item["id"]) for item in items])

    def retire(self, sensors: Sequence[str]) -> None:
        """Take sensors out of service for good."""
        reason = text("sensorthings.retired", self.lang)
        self.world.act(self.reader.actor, "sensor.retire", {"sensors": list(sensors), "reason": reason})
        self._station.pump()
        Changes.of(self.world).tell(list(sensors))


@contextmanager
def house_of(world: World, reader: Reader, lang: str) -> Iterator[House]:
    """Give a world as one asker sees it; what was looked at in the history stays as long as the block runs."""
    with ExitStack() as held:
        yield House(world, reader, held, lang)
