"""The history: what is read of what was appended, from memory and files, by many at once, for as long as it is kept."""

import threading
from pathlib import Path

import numpy as np
import pyarrow.fs as pafs
import pyarrow.parquet as pq
import pytest

from anlan.sense.history.book import ForeignHandError
from anlan.sense.history.history import History
from anlan.sense.history.quality import DayQuality
from anlan.sense.history.retention import Retention
from anlan.sense.history.upkeep import Pace
from anlan.sense.stream.batch import GOOD, MISSING, OUT_OF_RANGE, SUSPECT, Batch

HOUR = 3_600_000_000
DAY = 24 * HOUR
T = 1_726_358_400_000_000  # 2024-09-15T00:00Z


def days_of_rows(history: History, days: int, sensors: int = 4) -> None:
    """Append one good value a quarter of a day for each sensor, the day's number, and close the days."""
    for day in range(days):
        times = T + day * DAY + np.arange(1, 5) * DAY // 4
        batch = Batch.of(np.tile(np.arange(sensors), 4), np.repeat(times, sensors), np.full(4 * sensors, float(day)))
        history.append(batch, None, day + 1)
        history.flush()
    history.compact(T + days * DAY + 3 * HOUR)


def test_rows_are_read_back_from_memory_and_from_files(tmp_path: Path) -> None:
    history = History(tmp_path)
    history.append(Batch.of([1, 2, 1], [T + 1, T + 2, T + 3], [1.0, 2.0, np.nan], [GOOD, GOOD, MISSING]), None, 1)
    for _ in range(2):
        found = history.series(1, T, T + HOUR, 10)
        assert found.time_us.tolist() == [T + 1, T + 3]
        assert found.quality.tolist() == [GOOD, MISSING]
        np.testing.assert_array_equal(found.value, [1.0, np.nan])
        history.flush(7)
    assert history.covered == 7


def test_what_is_covered_is_not_taken_again_from_the_log(tmp_path: Path) -> None:
    history = History(tmp_path)
    history.append(Batch.of([1], [T + 1], [1.0]), None, 3)
    history.flush(7)
    again = History(tmp_path)
    assert again.covered == 7
    again.append(Batch.of([1], [T + 9], [9.0]), None, 7)
    assert again.unflushed == 0
    again.append(Batch.of([1], [T + 11], [9.0]), None, 8)
    assert again.series(1, T, T + HOUR, 10).time_us.tolist() == [T + 1, T + 11]


def test_ticks_alone_move_what_is_covered(tmp_path: Path) -> None:
    history = History(tmp_path)
    history.flush(12)
    assert History(tmp_path).covered == 12


def test_rows_in_memory_are_bounded_and_no_position_is_covered_by_half(tmp_path: Path) -> None:
    history = History(tmp_path, pace=Pace(hot_rows=2))
    for position, time in [(1, 1), (2, 2), (2, 3), (2, 4), (3, 5)]:
        history.append(Batch.of([1], [T + time], [1.0]), None, position)
        assert history.covered == (2 if position == 3 else 0)
    assert history.unflushed == 1
    assert len(History(tmp_path).series(1, T, T + HOUR, 9)) == 4


def test_of_two_who_keep_one_history_the_second_is_told_and_changes_nothing(tmp_path: Path) -> None:
    first, second = History(tmp_path), History(tmp_path)
    first.append(Batch.of([1], [T + 1], [1.0]), None, 1)
    first.flush()
    second.append(Batch.of([1], [T + 2], [2.0]), None, 1)
    with pytest.raises(ForeignHandError):
        second.flush()
    assert second.unflushed == 1
    assert History(tmp_path).series(1, T, T + HOUR, 9).time_us.tolist() == [T + 1]


def test_an_observation_of_nine_belongs_to_the_hour_from_eight(tmp_path: Path) -> None:
    history = History(tmp_path)
    times = [T, T + 1, T + HOUR, T + HOUR + 1]
    history.append(Batch.of([5] * 4, times, [1.0, 2.0, 4.0, 8.0]), None, 1)
    found = history.hourly([5], T - HOUR, T + 2 * HOUR, "mean")
    assert found.hour_us.tolist() == [T - HOUR, T, T + HOUR]
    assert found.value.tolist() == [1.0, 3.0, 8.0]
    assert found.count.tolist() == [1, 2, 1]
    assert history.hourly([5], T, T + HOUR, "last").value.tolist() == [4.0]
    assert history.hourly([5], T, T + HOUR, "max").value.tolist() == [4.0]


def test_a_history_keeps_the_division_it_began_with(tmp_path: Path) -> None:
    days_of_rows(History(tmp_path, shards=3, offset_h=8), 2)
    again = History(tmp_path, shards=5, offset_h=0)
    assert again.series(3, T, T + 2 * DAY, 99).value.tolist() == [0.0] * 4 + [1.0] * 4


def test_files_of_a_closed_day_are_plain_parquet_by_sensor_and_time(tmp_path: Path) -> None:
    days_of_rows(History(tmp_path, shards=2), 2)
    found = sorted(path.relative_to(tmp_path).as_posix().rpartition("-")[0] for path in tmp_path.glob("day/*/*"))
    assert found == [f"day/2024-09-{day}/{shard:04d}" for day in (15, 16) for shard in (0, 1)]
    table = pq.read_table(next(tmp_path.glob("day/2024-09-15/0001-*")))
    assert table.column_names == ["sensor", "at", "value", "quality", "late"]
    assert str(table.schema.field("at").type) == "timestamp[us, tz=UTC]"
    assert table["sensor"].to_pylist() == [1] * 4 + [3] * 4
    assert table["at"].to_pylist() == sorted(table["at"].to_pylist()[:4]) * 2


def test_rows_are_dropped_by_kind_and_their_roll_ups_stay(tmp_path: Path) -> None:
    history = History(tmp_path, shards=2)
    days_of_rows(history, 6)
    kinds = ["rain", "level", "rain", "level"]
    now = T + 6 * DAY + HOUR
    retention = Retention(rows={"rain": 2, "*": 4}, sums={"*": 5})
    assert history.drop(now, kinds, retention) > 0
    assert history.drop(now, kinds, retention) == 0
    assert sorted(set(history.series(0, T, now, 99).value.tolist())) == [4.0, 5.0]
    assert sorted(set(history.series(1, T, now, 99).value.tolist())) == [2.0, 3.0, 4.0, 5.0]
    assert sorted(set(history.hourly([0, 1], T, now, "mean").value.tolist())) == [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]
    later = now + 40 * DAY
    history.drop(later, kinds, retention)
    assert len(history.series(1, T, now, 99)) == 0
    assert len(history.hours(None, T, now)) == 0
    history.compact(later)
    history.compact(later + HOUR)
    assert list(tmp_path.rglob("*.parquet")) == []


def test_an_hour_whose_rows_are_dropped_is_shut_to_late_ones_and_other_hours_are_not(tmp_path: Path) -> None:
    history = History(tmp_path, shards=1)
    days_of_rows(history, 3)
    history.drop(T + 3 * DAY, [], Retention(rows={"*": 0}))
    history.append(Batch.of([0, 0], [T + DAY // 4 - 5, T + 5], [99.0, 7.0]), [True, True], 9)  # type: ignore[arg-type]
    for hours in (4, 30, 40):
        found = history.hourly([0], T, T + DAY, "max")
        assert found.value.tolist() == [7.0, 0.0, 0.0, 0.0, 0.0]
        assert found.count.tolist() == [1] * 5
        assert history.days([0], T, T + DAY).high.tolist() == [7.0]
        history.flush()
        history.compact(T + 3 * DAY + hours * HOUR)
    assert history.series(0, T, T + DAY, 9).value.tolist() == [7.0]


def test_quality_is_told_by_kind_and_day(tmp_path: Path) -> None:
    history = History(tmp_path, shards=2)
    qualities = [GOOD, SUSPECT, MISSING, OUT_OF_RANGE, GOOD]
    batch = Batch.of(
        [0, 0, 1, 1, 2], [T + 1, T + 2, T + 3, T + DAY, T + DAY + 1], [1.0, 2.0, np.nan, 4.0, 5.0], qualities
    )
    history.append(batch, np.array([False, True, False, True, False]), 1)
    expected = [
        DayQuality(T, "level", 1, 2, 0, 0, 1, 1, 1),
        DayQuality(T, "rain", 1, 2, 1, 1, 0, 0, 1),
        DayQuality(T + DAY, "level", 1, 1, 1, 0, 0, 0, 0),
    ]
    for hours in (1, 50, 80):
        assert history.quality(["rain", "level", "level"], T, T + 2 * DAY) == expected
        history.flush()
        history.compact(T + hours * HOUR)


def test_other_file_systems_hold_the_same_files(tmp_path: Path) -> None:
    system = pafs.SubTreeFileSystem(str(tmp_path / "there"), pafs.LocalFileSystem())
    (tmp_path / "there").mkdir()
    days_of_rows(History(system, shards=2), 3)
    days_of_rows(History(tmp_path / "here", shards=2), 3)
    there, here = (
        {path.relative_to(tmp_path / name) for path in (tmp_path / name).rglob("*.parquet")}
        for name in ("there", "here")
    )
    assert there == here
    again = History(system)
    assert again.series(2, T, T + 3 * DAY, 99).value.tolist() == [0.0] * 4 + [1.0] * 4 + [2.0] * 4
    later = T + 4 * DAY
    again.compact(later)
    again.compact(later + HOUR)
    assert len(again.series(2, T, T + 3 * DAY, 99)) == 12


def watch(history: History, until: int, done: threading.Event, faults: list[str]) -> None:
    """Read one sensor, whose values count from 1, again and again; tell of what is no beginning of that."""
    seen = 0
    while not done.is_set():
        found = history.series(1, T, until, 10_000)
        total = history.hours([1], T, until)
        if found.value.tolist() != list(range(1, len(found) + 1)) or len(found) < seen:
            faults.append(f"rows {found.value.tolist()} after {seen}")
        if not len(found) <= total.rows.sum() == total.high.max(initial=0):
            faults.append(f"roll-ups {total}")
        seen = len(found)


def test_readers_see_a_beginning_of_the_log_whatever_goes_on_beside_them(tmp_path: Path) -> None:
    history = History(tmp_path, shards=2, pace=Pace(loose_rows=60, loose_files=2, step_days=1))
    step, last = HOUR // 2, 400
    until = T + last * step
    done = threading.Event()
    faults: list[str] = []

    def compact() -> None:
        while not done.is_set():
            history.compact(T + history.covered * step)

    watchers = [threading.Thread(target=watch, args=(history, until, done, faults)) for _ in range(3)]
    threads = [threading.Thread(target=compact), *watchers]
    for thread in threads:
        thread.start()
    for position in range(1, last + 1):
        history.append(Batch.of([0, 1], [T + position * step] * 2, [position, position]), None, position)
        if position % 7 == 0:
            history.flush(position)
    done.set()
    for thread in threads:
        thread.join()
    assert faults == []
    assert len(history.series(1, T, until, 10_000)) == last
