"""The station: what is taken is kept, found once, and found again after any end of the process."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa

from anlan import root
from anlan.kernel.access import Scope
from anlan.kernel.clock import SimClock
from anlan.kernel.entropy import SeededEntropy
from anlan.kernel.errors import Conflict
from anlan.kernel.journal import entry_of
from anlan.kernel.store import Store
from anlan.kernel.tables import journal
from anlan.kernel.world import World
from anlan.sense.model import alarms, inbox
from anlan.sense.stream.admission import Source
from anlan.sense.stream.batch import Rows
from anlan.sense.stream.station import FOLDER, Station

EVERYWHERE = Source("gateway", Scope(("31",)), "gateway")


def rows(sensing: Any, *readings: tuple[str, float, float]) -> Rows:
    start_us = int(sensing.start.timestamp() * 1e6)
    names, seconds, values = zip(*readings, strict=True)
    times = start_us + (np.array(seconds) * 1e6).astype(np.int64)
    return Rows(list(names), times, np.array(values, float), np.zeros(len(names), np.uint8))


def alarm_rows(world: World) -> list[tuple[Any, ...]]:
    columns = (alarms.c.subject, alarms.c.rule, alarms.c.grade, alarms.c.active, alarms.c.open)
    with world.store.read() as conn:
        return [tuple(row) for row in conn.execute(sa.select(*columns).order_by(alarms.c.id))]


def reopened(sensing: Any, folder: Path, clock: SimClock) -> Any:
    """Open another world on the same store and folder, as a restart does."""
    world = sensing.world
    fresh = root.build_world(
        folder=folder, store=world.store, catalog=world.catalog, city=world.city, clock=clock, entropy=SeededEntropy(7)
    )
    return replace(sensing, world=fresh)


def killed(sensing: Any) -> None:
    """Let go of the station's files as the end of a process does: nothing is written down."""
    station = sensing.world.part(Station)
    station.log.close()
    station._log = None


def test_what_a_door_hands_over_is_durable_and_followed(sensing: Any) -> None:
    receipt = sensing.station.take(EVERYWHERE, rows(sensing, ("a", 0, 0.6), ("nobody", 0, 1.0), ("b", 9999, 0.1)))

    assert (receipt.accepted, [(r.row, r.rule) for r in receipt.refused]) == (
        1,
        [(1, "observation.sensor"), (2, "observation.future")],
    )
    sensing.world.settle()
    assert alarm_rows(sensing.world) == [("a", "ponding", "red", True, True)]


def test_a_source_reaches_the_sensors_of_its_areas_only(sensing: Any) -> None:
    songjiang = Source("gateway", Scope(("310117",)), "gateway")
    receipt = sensing.station.take(songjiang, rows(sensing, ("p", 0, 0.6), ("a", 0, 0.0)))

    assert (receipt.accepted, [r.sensor for r in receipt.refused]) == (1, ["p"])


def test_after_a_kill_everything_taken_is_found_again_and_nothing_twice(
    sensing: Any, tmp_path: Path, clock: SimClock
) -> None:
    sensing.send(("a", 0, 0.6))
    sensing.station.take(EVERYWHERE, rows(sensing, ("b", 0, 0.2), ("a", 60, 0.0)))  # durable, and not folded yet
    killed(sensing)
    again = reopened(sensing, tmp_path, clock)
    again.world.settle()

    assert alarm_rows(again.world) == [("a", "ponding", "red", False, True), ("b", "ponding", "blue", True, True)]
    assert again.stored() == {("a", 0.0): 0.6, ("a", 60.0): 0.0, ("b", 0.0): 0.2}
    with again.world.store.read() as conn:
        opened = conn.scalar(sa.select(sa.func.count()).where(journal.c.verb == "alarm.open"))
    assert opened == 2
    again.world.part(Station).close()


def test_a_kill_at_any_point_of_a_long_series_ends_with_the_same_alarms(
    sensing: Any, tmp_path: Path, clock: SimClock
) -> None:
    readings = [("a", 60.0 * i, [0.0, 0.2, 0.6, 0.3, 0.0][i % 5]) for i in range(25)]
    clock.advance_to(sensing.start + timedelta(days=1))
    for number, reading in enumerate(readings):
        sensing.station.take(EVERYWHERE, rows(sensing, reading))
        if number % 4 == 1:
            sensing.world.settle()
        if number % 7 == 3:
            sensing.world.settle()
            sensing.station._keeper.write(sensing.station.folded)
        if number % 3 == 2:
            killed(sensing)
            sensing = reopened(sensing, tmp_path, clock)
    sensing.world.settle()

    with sensing.world.store.read() as conn:
        events = conn.scalars(
            sa.select(journal.c.verb).where(journal.c.subject.like("alarm-%")).order_by(journal.c.seq)
        ).all()
    once = ["alarm.raise", "alarm.raise", "alarm.ease", "alarm.clear"]
    assert events == ["alarm.open", "alarm.raise", "alarm.ease", "alarm.clear", *once * 4]
    assert len(sensing.stored()) == 25
    sensing.station.close()


def test_a_lost_checkpoint_and_history_are_made_anew_from_the_log(
    sensing: Any, tmp_path: Path, clock: SimClock
) -> None:
    sensing.send(("a", 0, 0.6), ("b", 0, 0.1))
    sensing.station.close()
    sensing.station._log = None
    (tmp_path / FOLDER / "checkpoint.npz").unlink()
    shutil.rmtree(tmp_path / FOLDER / "history")
    again = reopened(sensing, tmp_path, clock)
    again.send(("a", 60, 0.0))

    assert alarm_rows(again.world) == [("a", "ponding", "red", False, True), ("b", "ponding", "blue", True, True)]
    assert again.stored()["a", 0.0] == 0.6
    again.station.close()


def test_a_log_that_does_not_belong_to_the_store_is_refused_and_silences_nothing(
    sensing: Any, tmp_path: Path, clock: SimClock
) -> None:
    sensing.send(("a", 0, 0.6))
    sensing.station.close()
    sensing.station._log = None
    shutil.rmtree(tmp_path / FOLDER)
    with pytest.raises(Conflict) as refused:
        reopened(sensing, tmp_path, clock).world.settle()

    assert refused.value.code == "sense.log_behind"


def test_another_process_reads_along_and_hands_in_through_the_inbox(
    sensing: Any, tmp_path: Path, clock: SimClock
) -> None:
    sensing.send(("a", 0, 0.6))
    beside = reopened(sensing, tmp_path, clock)
    with pytest.raises(Conflict):
        beside.station.take(EVERYWHERE, rows(sensing, ("a", 60, 0.6)))
    beside.send(("b", 0, 0.6))

    assert beside.stored() == {("a", 0.0): 0.6}, "the owner has not moved it yet"
    sensing.station._news = True
    sensing.world.settle()
    assert sensing.stored() == {("a", 0.0): 0.6, ("b", 0.0): 0.6}
    with sensing.world.store.read() as conn:
        assert conn.execute(sa.select(inbox)).all() == []


def test_a_rule_that_is_switched_off_ends_its_alarms(sensing: Any) -> None:
    sensing.send(("a", 0, 0.6))
    sensing.world.gate.catalog = replace(sensing.world.catalog, sensor_rules=MappingProxyType({}))
    sensing.world.catalog = sensing.world.gate.catalog
    sensing.world.act(sensing.holder("administrator"), "sensor.register", {"items": [sensing.item("c", "310117001")]})
    sensing.world.settle()

    assert alarm_rows(sensing.world) == [("a", "ponding", "red", False, True)]


def test_a_retired_sensor_is_refused_and_its_alarm_ends(sensing: Any) -> None:
    sensing.send(("a", 0, 0.6))
    sensing.world.act(
        sensing.holder("administrator"), "sensor.retire", {"sensors": ["a"], "reason": "underpass closed"}
    )
    done = sensing.send(("a", 60, 0.6))

    assert done.data["refused_count"] == 1
    assert alarm_rows(sensing.world) == [("a", "ponding", "red", False, True)]


def test_records_of_the_past_open_nothing_and_are_kept(sensing: Any) -> None:
    sensing.send(("a", -86400, 0.9), backfill=True)

    assert alarm_rows(sensing.world) == []
    assert sensing.stored() == {("a", -86400.0): 0.9}


def test_sensors_registered_later_keep_the_others_memory(
    store: Store, make_sensing: Callable[..., Any], small_catalog: Any
) -> None:
    held = small_catalog.sensor_rules["ponding"].model_copy(update={"hold_s": 120.0})
    sensing = make_sensing(store, {"ponding": held})
    admin = sensing.holder("administrator")
    sensing.world.act(admin, "sensor.register", {"items": [sensing.item("a", "310117001")]})
    sensing.send(("a", 0, 0.6))
    sensing.world.act(admin, "sensor.register", {"items": [sensing.item("b", "310117001")]})
    sensing.send(("a", 120, 0.6))

    assert alarm_rows(sensing.world) == [("a", "ponding", "red", True, True)], "two minutes over both plans"


def test_closed_parts_of_the_log_are_anchored_in_the_journal_once(
    store: Store, make_sensing: Callable[..., Any], small_catalog: Any, tmp_path: Path, clock: SimClock
) -> None:
    settings = dict(small_catalog.settings)
    settings["sense.segment_bytes"] = settings["sense.segment_bytes"].model_copy(update={"value": 4096})
    small = replace(small_catalog, settings=MappingProxyType(settings))
    sensing = make_sensing(store)
    sensing.world.gate.catalog = sensing.world.catalog = small
    sensing.world.act(sensing.holder("administrator"), "sensor.register", {"items": [sensing.item("a", "310117001")]})
    for i in range(60):
        sensing.send(*[("a", i + n / 100, 0.0) for n in range(5)])
    again = reopened(sensing, tmp_path, clock)
    sensing.station.close()
    sensing.station._log = None
    again.world.settle()

    with again.world.store.read() as conn:
        found = conn.execute(sa.select(journal).where(journal.c.verb == "sense.anchor").order_by(journal.c.seq))
        told = [entry_of(row)["args"] for row in found.mappings()]
    names = [one["segment"] for one in told]
    assert len(names) == len(set(names)) > 1
    assert all(first["last"] + 1 == then["first"] for first, then in pairwise(told))
    again.station.close()
