"""A world with a handful of sensors in two districts and one rule that is easy to follow by hand."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
import sqlalchemy as sa

from anlan import root
from anlan.catalog.catalog import Catalog
from anlan.catalog.schema.sensors import SensorRule
from anlan.city.city import City
from anlan.kernel.access import Actor, Grant
from anlan.kernel.actions import Outcome, Reader
from anlan.kernel.clock import SimClock
from anlan.kernel.entropy import SeededEntropy
from anlan.kernel.store import Store
from anlan.kernel.tables import journal
from anlan.kernel.world import World
from anlan.sense import queries
from anlan.sense.stream.station import Station

SONGJIANG, PUDONG = "310117001", "310115004"
PROPOSED = {"source": "a test", "confidence": "P", "from": None}

PONDING = SensorRule.model_validate(
    {
        "id": "ponding",
        "zh": "积水",
        "en": "ponding",
        **PROPOSED,
        "asset_types": ("underpass",),
        "quantity": "ponding_depth",
        "op": ">=",
        "unit": "m",
        "grades": {"blue": {"value": 0.1, **PROPOSED}, "red": {"value": 0.5, **PROPOSED}},
        "hold_s": 0.0,
        "clear": 0.05,
        "clear_hold_s": 0.0,
        "max_gap_s": 3600.0,
    }
)


def holder(role: str, area: str = "310000", name: str | None = None) -> Actor:
    return Actor(name or f"{role}@{area}", (Grant(role, area),))


def item(sensor: str, area: str, quantity: str = "ponding_depth", unit: str = "m") -> dict[str, object]:
    return {
        "id": sensor,
        "asset": f"underpass-{sensor}",
        "asset_type": "underpass",
        "quantity": quantity,
        "unit": unit,
        "area": area,
        "lon": 121.2,
        "lat": 31.0,
        "name_zh": f"测点{sensor}",
        "name_en": f"point {sensor}",
        "synthetic": True,
    }


@dataclass(frozen=True)
class Sent:
    """What the act told, and which alarms the rules opened then."""

    data: Mapping[str, Any]
    area: str
    opened: list[str]


@dataclass(frozen=True)
class Sensing:
    """A world with sensors a and b in Songjiang and p in Pudong."""

    world: World
    start: datetime
    holder = staticmethod(holder)
    item = staticmethod(item)

    @property
    def reader(self) -> AbstractContextManager[Reader]:
        """A reader of everything in the city."""
        return self.world.read(holder("auditor"), "alarm")

    def send(self, *readings: tuple[str, float, float | None], by: str = "310000", backfill: bool = False) -> Sent:
        """Hand in (sensor, seconds from the start, value) and let the station do its work."""
        rows = [[sensor, self.start + timedelta(seconds=s), value] for sensor, s, value in readings]
        args = {"source": "test", "rows": rows, "backfill": backfill}
        done = self.world.act(holder("instrument", by), "sense.ingest", args)
        self.world.settle()
        return Sent(done.data, done.area, self.opened_after(done.seq))

    def opened_after(self, seq: int) -> list[str]:
        """Return the alarms that were opened after an entry of the journal."""
        with self.world.store.read() as conn:
            query = sa.select(journal.c.subject).where(journal.c.seq > seq, journal.c.verb == "alarm.open")
            return list(conn.scalars(query.order_by(journal.c.seq)))

    @property
    def station(self) -> Station:
        return self.world.part(Station)

    def counts(self, source: str = "test") -> dict[str, int]:
        """Return what became of the rows of a source."""
        return dict(self.station.folded.counts.get(source, {}))

    def stored(self) -> dict[tuple[str, float], float | None]:
        """Return everything in the history: (sensor, seconds from the start) to value."""
        found: dict[tuple[str, float], float | None] = {}
        with self.reader as reader:
            for name in self.station.registry.ids:
                for row in queries.series(reader, name, self.start - timedelta(days=9), self.start + timedelta(days=9)):
                    found[name, (row.at - self.start).total_seconds()] = row.value
        return found

    def act(self, verb: str, role: str = "shift_leader", area: str = "310000", **args: object) -> Outcome:
        return self.world.act(holder(role, area), verb, args)


@pytest.fixture
def small_catalog(catalog: Catalog) -> Catalog:
    return replace(catalog, reactions=MappingProxyType({}), sensor_rules=MappingProxyType({"ponding": PONDING}))


@pytest.fixture
def make_sensing(
    small_catalog: Catalog, city: City, clock: SimClock, tmp_path: Path
) -> Iterator[Callable[..., Sensing]]:
    opened: list[World] = []

    def make(store: Store, rules: dict[str, SensorRule] | None = None) -> Sensing:
        policy = small_catalog if rules is None else replace(small_catalog, sensor_rules=MappingProxyType(rules))
        world = root.build_world(
            folder=tmp_path, store=store, catalog=policy, city=city, clock=clock, entropy=SeededEntropy(7)
        )
        opened.append(world)
        return Sensing(world, clock.now())

    yield make
    for world in opened:
        world.close()


@pytest.fixture
def sensing(store: Store, make_sensing: Callable[..., Sensing]) -> Sensing:
    made: Sensing = make_sensing(store)
    sensors = [item("a", SONGJIANG), item("b", SONGJIANG), item("p", PUDONG)]
    made.world.act(holder("administrator"), "sensor.register", {"items": sensors})
    return made
