"""Pieces of a log: nothing lost, nothing twice, and the order of the whole can be told again from them."""

from collections.abc import Sequence
from dataclasses import fields

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from anlan.catalog.texts import texts
from anlan.sense.partition.areas import partition_of, partitions_of
from anlan.sense.partition.blueprint import Blueprint
from anlan.sense.partition.pieces import Piece, cut, piece_of, runs
from anlan.sense.stream.batch import Batch
from anlan.sense.stream.log import Kind, Record
from sense.partition.city import TOWNS, blueprint

SENSORS = 12


@st.composite
def logs(draw: st.DrawFn) -> list[Record]:
    found = []
    for position in range(1, draw(st.integers(1, 12)) + 1):
        kind = draw(st.sampled_from([Kind.OBSERVED, Kind.OBSERVED, Kind.BACKFILL, Kind.TICK]))
        sensors = draw(st.lists(st.integers(0, SENSORS - 1), max_size=8))
        times = [100 * position + row for row in range(len(sensors))]
        batch = Batch.tick(position) if kind == Kind.TICK else Batch.of(sensors, times, [float(t) for t in times])
        found.append(Record(position, kind, draw(st.integers(0, 50)), "", 0, batch, b""))
    return found


def spread(log: Sequence[Record], partitions: int, most: int) -> list[list[Piece]]:
    own = np.arange(SENSORS, dtype=np.int32) % partitions
    found: list[list[Piece]] = [[] for _ in range(partitions)]
    received = 0
    for run in runs(iter(log), most):
        for number, piece in enumerate(cut(run, received, "p", own, partitions)):
            stored = Record(1, piece.kind, 0, "door", 0, piece.batch, piece.note())
            found[number].append(piece_of(stored))
        received = max([received, *(record.received_us for record in run)])
    return found


@given(logs(), st.integers(1, 4), st.integers(1, 30))
def test_the_rows_of_all_pieces_in_the_order_of_their_places_are_the_log(
    log: list[Record], partitions: int, most: int
) -> None:
    rows = []
    for pieces in spread(log, partitions, most):
        for piece in pieces:
            if piece.kind != Kind.TICK:
                columns = (piece.received_us, piece.position, piece.row, piece.batch.sensor, piece.batch.time_us)
                rows += list(zip(*(column.tolist() for column in columns), strict=True))
    whole = [
        (record.position, row, sensor, time_us)
        for record in log
        if record.kind != Kind.TICK
        for row, (sensor, time_us) in enumerate(
            zip(record.batch.sensor.tolist(), record.batch.time_us.tolist(), strict=True)
        )
    ]

    assert [row[1:] for row in sorted(rows)] == whole


@given(logs(), st.integers(1, 4), st.integers(1, 30))
def test_every_partition_gets_every_tick_between_the_rows_that_were_around_it(
    log: list[Record], partitions: int, most: int
) -> None:
    ticks = [record.position for record in log if record.kind == Kind.TICK]

    for pieces in spread(log, partitions, most):
        places = [position for piece in pieces for position in piece.position.tolist()]
        assert places == sorted(places)
        assert [p.last[0] for p in pieces if p.kind == Kind.TICK] == ticks


@given(logs(), st.integers(1, 3), st.integers(0, 12), st.integers(-1, 8))
def test_what_stands_behind_a_place_is_what_was_not_stored(
    log: list[Record], partitions: int, position: int, row: int
) -> None:
    for pieces in spread(log, partitions, 30):
        for piece in pieces:
            places = list(zip(piece.position.tolist(), piece.row.tolist(), strict=True))
            rest = piece.after(position, row)
            expected = [place for place in places if place > (position, row)]
            assert list(zip(rest.position.tolist(), rest.row.tolist(), strict=True)) == expected


def test_a_partition_is_that_of_the_town_and_the_same_everywhere() -> None:
    assert partition_of("310117001", 64) == partition_of("310117001005", 64)
    assert partitions_of([*TOWNS, TOWNS[0]], 7).tolist() == [partition_of(town, 7) for town in (*TOWNS, TOWNS[0])]
    # The last byte of `printf 310100001 | b2sum -l 64`, mod 64: for good, as logs are laid out by it.
    assert [partition_of(f"3101{n:05d}", 64) for n in (1, 2, 3)] == [0, 56, 35]
    counts = np.bincount([partition_of(f"{n:09d}", 64) for n in range(20_000)], minlength=64)
    assert counts.min() > 200  # a mean of 312


def test_a_plan_comes_back_from_its_bytes_and_its_shares_are_a_division() -> None:
    whole = blueprint(40, 5)
    again = Blueprint.from_bytes(whole.to_bytes())

    for one in fields(Blueprint):
        mine, theirs = getattr(whole, one.name), getattr(again, one.name)
        if one.name == "groups":
            mine, theirs = repr(mine), repr(theirs)
        np.testing.assert_array_equal(mine, theirs)
    shares = [again.share(number) for number in range(5)]
    assert sorted(np.concatenate([share.slots for share in shares]).tolist()) == list(range(len(whole.slot_sensor)))
    groups = [share.groups for share in (*shares, again.crossing())]
    assert sorted(np.concatenate(groups).tolist()) == list(range(len(whole.groups)))


def test_every_fault_of_a_partition_has_a_text() -> None:
    assert {"partition.stray", "partition.lease", "partition.plan", "log.unreachable", "log.feed"} <= set(texts("zh"))
