"""Through the gate: the alarms of a city in partitions are those of the same city on one machine."""

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from anlan import root
from anlan.catalog.schema.sensors import SensorRule
from anlan.kernel.entropy import SeededEntropy
from anlan.kernel.store import Store, metadata
from anlan.kernel.world import World
from anlan.sense.model import alarm_history, alarms, progress
from anlan.sense.partition.link import Link
from anlan.sense.partition.owner import Owner
from anlan.sense.partition.serve import fold
from anlan.sense.partition.spread import Spreader
from anlan.sense.partition.told import told_of
from anlan.sense.partition.worker import Layout
from anlan.sense.stream.log import LogReader
from anlan.sense.stream.station import FOLDER

PROPOSED = {"source": "a test", "confidence": "P", "from": None}
TOWNS = ("310117001", "310117002", "310117003", "310115004")
PARTITIONS = 3

SPREADING = SensorRule.model_validate(
    {
        "id": "ponding_spreading",
        "zh": "积水蔓延",
        "en": "ponding over a district",
        **PROPOSED,
        "kind": "compound",
        "over": "area",
        "level": "district",
        "all": ({"rule": "ponding", "grade": "blue", "count": {"yellow": 2, "red": 3}},),
        "window_s": 120.0,
        "hold_s": 30.0,
    }
)


@pytest.fixture
def layout(tmp_path: Path, nats: str) -> Iterator[tuple[Layout, Link]]:
    link = Link(nats)
    yield Layout("anlan.test", PARTITIONS, tmp_path / "parts"), link
    link.close()


def store_in(folder: Path) -> Store:
    store = Store.at(folder)
    metadata.create_all(store.engine)
    return store


def told(world: World) -> tuple[list[Any], dict[tuple[str, str], list[Any]]]:
    """Return all alarms, and what happened to each subject and rule, in order; but not when it was written down."""
    names = ("subject", "rule", "grade", "worst", "active", "open", "state", "value", "observed_at")
    one = [alarms.c[name] for name in names]
    history = sa.select(
        alarms.c.subject, alarms.c.rule, alarm_history.c.event, alarm_history.c.grade, alarm_history.c.value
    ).join(alarms, alarms.c.id == alarm_history.c.alarm)
    events = defaultdict(list)
    with world.store.read() as conn:
        for subject, rule, *event in conn.execute(history.order_by(alarm_history.c.seq)):
            events[subject, rule].append(event)
        return sorted(tuple(row) for row in conn.execute(sa.select(*one))), events


def register(sensing: Any, world: World) -> None:
    items = [sensing.item(f"s{n}", TOWNS[n % len(TOWNS)]) for n in range(12)]
    world.act(sensing.holder("administrator"), "sensor.register", {"items": items})


def night(sensing: Any) -> None:
    """Water rises and falls, at some places again and again, over five minutes."""
    for step in range(30):
        depths = [(0.3 if (step + n) % 9 < 3 + n % 4 else 0.0) + 0.3 * (n % 3 == 0) for n in range(12)]
        sensing.send(*((f"s{n}", step * 10 + n % 5, depth) for n, depth in enumerate(depths)))
        sensing.world.advance(sensing.start + timedelta(seconds=step * 10 + 10))
    sensing.world.advance(sensing.start + timedelta(seconds=900))


def fold_all(layout: Layout, link: Link, folder: Path, plan: str) -> None:
    """Spread a log, and fold all parts up to its last tick."""
    plans = layout.plans(link)
    targets = [layout.log(link, part, sender="gate") for part in range(PARTITIONS)]
    source = LogReader(folder)
    Spreader(source, "gate", targets, lambda name: plans(name).partition, plan=plan).step()
    last = max(int(record.batch.time_us[0]) for record in source.read(1) if record.kind.name == "TICK")
    stop = threading.Event()
    own = Layout(layout.name, PARTITIONS, layout.folder, plan=plan)
    folding = threading.Thread(target=fold, args=(own, link, range(PARTITIONS + 1), "here", stop))
    folding.start()
    deadline = time.monotonic() + 60
    stream = layout.findings(link, PARTITIONS)
    while (newest := stream.newest()) is None or told_of(newest.note).tick_us < last:
        assert time.monotonic() < deadline, "the workers do not come to the end"
        time.sleep(0.05)
    stop.set()
    folding.join()


def test_the_alarms_of_partitions_are_those_of_one_station_and_each_finding_is_followed_once(
    tmp_path: Path, make_sensing: Callable[..., Any], small_catalog: Any, layout: tuple[Layout, Link]
) -> None:
    rules = {"ponding": small_catalog.sensor_rules["ponding"], "ponding_spreading": SPREADING}
    one = make_sensing(store_in(tmp_path), rules)
    register(one, one.world)
    (tmp_path / "b").mkdir()
    other = root.build_world(
        folder=tmp_path / "b",
        store=store_in(tmp_path / "b"),
        catalog=one.world.catalog,
        city=one.world.city,
        clock=one.world.clock,
        entropy=SeededEntropy(7),
    )
    register(one, other)
    night(one)
    owner = Owner(other, *layout)
    fold_all(*layout, tmp_path / FOLDER / "log", owner.tell_plan())
    assert owner.waits()
    other.workers[:] = [owner]  # as the documents say: the partitions fold, and not this world's own station
    other.settle()
    alarms_, events = told(one.world)

    assert {rule for _, rule in events} == {"ponding", "ponding_spreading"}
    assert len(alarms_) > 12
    assert told(other) == (alarms_, events)
    again = Owner(other, *layout)
    assert again.run() == 0
    assert not again.waits()
    with other.store.read() as conn:
        parts = set(conn.scalars(sa.select(progress.c.partition)))
    assert parts <= set(range(1, PARTITIONS + 2))
    assert not (tmp_path / "b" / FOLDER / "log").exists(), "nobody folded beside the partitions"
    other.close()
