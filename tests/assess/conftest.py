"""A world with a gauge in every town of the city, and storms that are easy to follow by hand."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from anlan.city.city import City
from anlan.kernel.access import Actor, Grant
from anlan.kernel.actions import Outcome, Reader
from anlan.kernel.world import World
from anlan.sense.stream.station import Station


def holder(role: str, area: str = "310000") -> Actor:
    return Actor(f"{role}@{area}", (Grant(role, area),))


@dataclass(frozen=True)
class Assessing:
    """A world with rain gauges; the clock stands on a whole hour."""

    world: World
    city: City
    start: datetime
    holder = staticmethod(holder)

    def act(self, verb: str, args: dict[str, Any], role: str = "analyst", at: str = "310000") -> Outcome:
        """Act as somebody who holds one role at one place."""
        return self.world.act(holder(role, at), verb, args)

    def reader(self, area: str = "310000") -> AbstractContextManager[Reader]:
        return self.world.read(holder("auditor", area), "forecast")

    def rain(self, mm_h: float, hours: int, prefix: str = "31") -> None:
        """Let it rain at one rate for the hours up to now, seen by the gauges of an area every half hour."""
        gauges = [s for s in self.city.sensors if s.quantity == "rain_rate" and s.area.startswith(prefix)]
        for half in range(2 * hours):
            at = self.world.clock.now() - timedelta(minutes=30 * half)
            rows = [[gauge.id, at, mm_h] for gauge in gauges]
            self.world.act(holder("instrument"), "sense.ingest", {"source": "test", "rows": rows})
        self.world.part(Station).pump()

    def outlook(self, mm_h: float, hours: int = 6, areas: tuple[str, ...] = ("310000",), **more: object) -> Outcome:
        rain = [{"area": area, "hours": [mm_h] * hours} for area in areas]
        args: dict[str, Any] = {"issued": self.world.clock.now(), "source": "a test", "synthetic": True, "rain": rain}
        return self.act("outlook.record", args | more)

    def forecast(self, area: str = "310117", role: str = "analyst", at: str = "310000") -> Outcome:
        return self.act("forecast.run", {"area": area}, role, at)


@pytest.fixture
def assessing(world: World, city: City) -> Assessing:
    names = ("id", "asset", "quantity", "unit", "area", "lon", "lat")
    items = [
        {name: getattr(sensor, name) for name in names}
        | {"name_zh": sensor.id, "name_en": sensor.id, "synthetic": True}
        for sensor in city.sensors
        if sensor.quantity in {"rain_rate", "tide_level"}
    ]
    world.act(holder("administrator"), "sensor.register", {"items": items})
    return Assessing(world, city, world.clock.now())
