"""A small house: three assets in two districts, their sensors, and a morning of observations."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

import pytest

from anlan.catalog.catalog import Catalog
from anlan.city.city import City
from anlan.sense.sensorthings.reading import get
from anlan.sense.sensorthings.sight import Sights
from anlan.sense.sensorthings.view import View
from anlan.sense.stream.batch import MISSING
from sense.sensorthings.memory import MORNING_US, MemoryHouse, sensor

Ask = Callable[..., Any]
STEP_US = 600_000_000


def morning() -> list[tuple[int, int, float, int]]:
    """Return ten minutes' values from 06:00 of the first four sensors; the third misses one."""
    rows = [(n, MORNING_US + i * STEP_US, n * 10.0 + i, 0) for n in (0, 1, 2, 3) for i in range(6)]
    rows[14] = (2, rows[14][1], float("nan"), MISSING)
    return rows


def five_sensors() -> list[dict[str, Any]]:
    return [
        sensor("under/1:level", "under-1", "water_level", "310117001", 121.20, 31.00),
        sensor("under/1:pond", "under-1", "ponding_depth", "310117001", 121.20, 31.00, cadence_s=60.0),
        sensor("gauge", "gauge'x", "water_level", "310117002", 121.30, 31.10, asset_type="water_gauge"),
        sensor("pump", "pump-1", "pump_flow", "310115004", 121.50, 31.20, asset_type="pump_station", synthetic=True),
        sensor("silent", "pump-1", "pumps_running", "310115004", 121.50, 31.20, asset_type="pump_station"),
    ]


@pytest.fixture(scope="session")
def build(catalog: Catalog, city: City) -> Callable[..., MemoryHouse]:
    """Return what builds a house of some sensors and observations."""

    def building(*parts: Any) -> MemoryHouse:
        return MemoryHouse(catalog, city, *parts)

    return building


@pytest.fixture
def house(build: Callable[..., MemoryHouse]) -> MemoryHouse:
    return build(five_sensors(), morning())


@pytest.fixture
def ask(house: MemoryHouse) -> Ask:
    """Return what answers a GET: the body, as the service made it."""
    sights = Sights()

    def asking(url: str, lang: str = "en") -> Any:
        path, _, query = url.partition("?")
        view = View.of(house, sights, lang, "http://anlan/sta/v1.1")
        return get(view, path, parse_qsl(query, keep_blank_values=True)).body

    return asking
