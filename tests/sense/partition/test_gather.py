"""However a log is cut into partitions and in whatever order they are folded, what one engine finds is found."""

import itertools
import random
import tempfile
from collections.abc import Sequence
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.sense.partition.blueprint import Blueprint
from anlan.sense.stream.batch import Batch
from anlan.sense.stream.log import Kind, Record
from sense.partition.city import SECOND, START, TICK_S, Found, Parts, Whole, blueprint, planned, records

SENSORS = 40


def closed(log: Sequence[Record]) -> list[Record]:
    """Return a log with a tick at its end: groups across partitions are weighed at ticks."""
    last = log[-1]
    tick_us = max(record.batch.time_us.max(initial=START) for record in log) // SECOND * SECOND + TICK_S * SECOND
    return [*log, Record(last.position + 1, Kind.TICK, last.received_us, "", 0, Batch.tick(int(tick_us)), b"")]


@given(
    st.integers(0, 10_000),
    st.integers(1, 6),
    st.sampled_from([1, 7, 60, 5000]),
    st.integers(1, 30),
    st.lists(st.integers(0, 5), min_size=1, max_size=20),
)
@settings(deadline=None, max_examples=25)
def test_partitions_find_exactly_what_one_engine_finds(
    seed: int, partitions: int, message_rows: int, at_once: int, order: list[int]
) -> None:
    plans = {"0": blueprint(SENSORS, partitions)}
    log = closed(list(records(SENSORS, 60, seed)))

    assert in_parts(plans, log, message_rows, at_once, order, 0.0) == whole(plans, log)


@given(st.integers(0, 10_000), st.integers(2, 5), st.integers(1, 12))
@settings(deadline=None, max_examples=25)
def test_workers_that_begin_again_at_old_checkpoints_find_the_same_and_tell_it_once(
    seed: int, partitions: int, at_once: int
) -> None:
    plans = {"0": blueprint(SENSORS, partitions)}
    log = closed(list(records(SENSORS, 60, seed)))

    assert in_parts(plans, log, 50, at_once, [0], 0.3, seed) == whole(plans, log)


@given(st.integers(0, 10_000), st.integers(1, 5), st.lists(st.integers(0, 59), min_size=1, max_size=4), st.booleans())
@settings(deadline=None, max_examples=25)
def test_changes_of_plan_take_place_at_the_same_row_everywhere(
    seed: int, partitions: int, places: list[int], restarts: bool
) -> None:
    plans = {
        "0": blueprint(SENSORS, partitions),
        "1": blueprint(SENSORS, partitions, red=False),
        "2": blueprint(SENSORS, partitions, rules=(0, 2), need=4),
        "3": blueprint(SENSORS + 7, partitions, need=2),
    }
    log = list(records(SENSORS, 60, seed))
    for number, place in enumerate(sorted(places)):
        log.insert(place + number, planned(0, str((seed + number) % 4)))
    log = [record._replace(position=position) for position, record in enumerate(log, 1)]
    log = closed(log)

    assert in_parts(plans, log, 50, 9, [0], 0.2 * restarts, seed) == whole(plans, log)


def whole(plans: dict[str, Blueprint], log: Sequence[Record]) -> Found:
    engine = Whole(plans, "0")
    for record in log:
        engine.take(record)
    return engine.found


def in_parts(
    plans: dict[str, Blueprint],
    log: Sequence[Record],
    message_rows: int,
    at_once: int,
    order: list[int],
    restarts: float,
    seed: int = 0,
) -> Found:
    parts, chance = Parts(plans, "0", message_rows), random.Random(seed)
    parts.spread(log)
    with tempfile.TemporaryDirectory() as name:
        return parts.fold(at_once, order, (chance.random() < restarts for _ in itertools.count()), Path(name))


def test_the_city_of_these_tests_has_findings_of_all_kinds() -> None:
    plans = {"0": blueprint(SENSORS, 4)}
    found = whole(plans, closed(list(records(SENSORS, 400, 1))))
    kinds = {(kind, rule, len(subject)) for kind, subject, rule in found}

    assert {rule for kind, rule, _ in kinds if kind == "sensor"} == {"high", "rising", "silent", "broken"}
    for rule in ("many_high", "many_silent", "both"):
        assert {("area", rule, 6), ("area", rule, 9)} <= kinds
    assert len(set(plans["0"].home.tolist())) > 3
