"""What the station writes down, and what it lets go of, also after a restart."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from anlan import root
from anlan.catalog.catalog import Catalog
from anlan.kernel.clock import SimClock
from anlan.kernel.entropy import SeededEntropy
from anlan.kernel.store import Store
from anlan.sense.stream.station import FOLDER

KEPT = 3


def with_settings(catalog: Catalog, **values: Any) -> Catalog:
    """Return the catalog with other values of settings, their names written with _ for the point."""
    settings = dict(catalog.settings)
    for name, value in values.items():
        known = next(one for one in settings if one.replace(".", "_") == name)
        settings[known] = settings[known].model_copy(update={"value": value})
    return replace(catalog, settings=MappingProxyType(settings))


@pytest.fixture
def open_sensing(
    store: Store, make_sensing: Callable[..., Any], small_catalog: Catalog, tmp_path: Path, clock: SimClock
) -> Callable[..., Any]:
    """Open the world with other settings; again and again, as a restart does."""
    first = make_sensing(store)
    first.world.act(first.holder("administrator"), "sensor.register", {"items": [first.item("a", "310117001")]})

    def opened(**values: Any) -> Any:
        fresh = root.build_world(
            folder=tmp_path,
            store=store,
            catalog=with_settings(small_catalog, **values),
            city=first.world.city,
            clock=clock,
            entropy=SeededEntropy(7),
        )
        return replace(first, world=fresh)

    return opened


def send_much(sensing: Any, begin: int, messages: int = 60) -> None:
    for i in range(begin, begin + messages):
        sensing.send(*[("a", i + n / 100, 0.0) for n in range(5)])


def test_what_was_written_before_a_restart_is_let_go_of_after_it(
    open_sensing: Callable[..., Any], tmp_path: Path
) -> None:
    small = {"sense_segment_bytes": 1024}
    before = open_sensing(**small, sense_checkpoint_s=3600)  # anchors, and never comes to trimming
    send_much(before, 0)
    before.station.close()
    closed = sorted(path.name for path in (tmp_path / FOLDER / "log").glob("*.log"))[:-1]
    after = open_sensing(**small, sense_checkpoint_s=0, sense_log_segments=KEPT)
    after.world.settle()
    left = sorted(path.name for path in (tmp_path / FOLDER / "log").glob("*.log"))

    assert len(closed) > 2 * KEPT
    assert left[:-1] == closed[-KEPT:]
    assert len(after.stored()) == 300, "the history has what the log has forgotten"
    send_much(after, 60)
    assert len(list((tmp_path / FOLDER / "log").glob("*.log"))) == KEPT + 1
    after.station.close()
    again = open_sensing(**small)
    again.world.settle()
    assert len(again.stored()) == 600
    again.station.close()


def test_nothing_that_the_checkpoint_does_not_hold_is_let_go_of(open_sensing: Callable[..., Any]) -> None:
    sensing = open_sensing(sense_segment_bytes=1024, sense_checkpoint_s=3600)
    send_much(sensing, 0)
    log = sensing.station.log
    before = log.firsts
    written = before[2] + 1  # a checkpoint that is far behind the log, in the middle of a segment
    sensing.station._keeper._trim(log, 0, written)

    assert log.firsts == before[2:]
    assert next(iter(log.read(written))).position == written
    sensing.station.close()


def test_under_load_rows_go_to_files_before_their_time_and_memory_is_bounded(open_sensing: Callable[..., Any]) -> None:
    sensing = open_sensing(history_flush_rows=50, history_flush_s=3600, sense_checkpoint_s=3600)
    most = 0
    for i in range(40):
        sensing.send(*[("a", i + n / 100, float(n)) for n in range(7)])
        most = max(most, sensing.station.history.unflushed)

    assert 50 <= most < 50 + 7, "the limit, and the message that reached it"
    assert sensing.station.history.covered > 0
    assert len(sensing.stored()) == 280


def test_who_only_reads_writes_no_files(open_sensing: Callable[..., Any], tmp_path: Path) -> None:
    owner = open_sensing(history_flush_rows=1000)
    send_much(owner, 0, messages=5)
    reader = open_sensing(history_flush_rows=1)

    assert len(reader.stored()) == 25
    assert reader.station.history.unflushed == 25
    assert not (tmp_path / FOLDER / "history" / "loose").exists()
    owner.station.close()
