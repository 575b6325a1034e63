"""A world with one source in Songjiang, and doors on a station that only remembers."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from anlan import root
from anlan.catalog.catalog import Catalog
from anlan.city.city import City
from anlan.kernel.clock import RealClock, SimClock
from anlan.kernel.entropy import SeededEntropy
from anlan.kernel.store import Store
from anlan.kernel.world import World
from anlan.sense.doors.doors import Doors
from sense.doors.faking import FakeTaker
from sense.doors.standing import Standing


@pytest.fixture
def make_standing(
    catalog: Catalog, city: City, tmp_path: Path, _sqlite_template: Path
) -> Iterator[Callable[..., Standing]]:
    opened: list[World] = []

    def make(clock: SimClock | RealClock, taker: FakeTaker | None = None, policy: Catalog = catalog) -> Standing:
        folder = tmp_path / f"world-{len(opened)}"
        folder.mkdir()
        shutil.copy(_sqlite_template, folder / "anlan.db")
        world = root.build_world(
            folder=folder,
            store=Store.at(folder),
            catalog=policy,
            city=city,
            clock=clock,
            entropy=SeededEntropy(7),
        )
        opened.append(world)
        made = taker or FakeTaker()
        return Standing(world, Doors(world, made), made)

    yield make
    for world in opened:
        world.close()


@pytest.fixture
def standing(make_standing: Callable[..., Standing], clock: SimClock) -> Standing:
    made: Standing = make_standing(clock)
    made.register()
    return made
