"""The first that came stays the first, and what is read stays there, through every step that files go."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from anlan.sense.history.history import History
from anlan.sense.history.state import Change, Loose, State
from anlan.sense.stream.batch import Batch

HOUR = 3_600_000_000
DAY = 24 * HOUR
T = 1_726_358_400_000_000

STEPS: list[Callable[[History], object]] = [
    lambda history: None,
    lambda history: history.flush(),
    lambda history: (history.flush(), history.compact(T + HOUR)),
    lambda history: (history.flush(), history.compact(T + 30 * HOUR)),
]


@pytest.mark.parametrize("before", range(len(STEPS)))
@pytest.mark.parametrize("after", range(len(STEPS)))
def test_a_row_that_came_later_for_the_same_moment_is_not_kept(tmp_path: Path, before: int, after: int) -> None:
    history = History(tmp_path, shards=1)
    for position, value in enumerate([1.0, 2.0, 3.0], 1):
        history.append(Batch.of([4, 4], [T + 5, T + 5 + position], [value, value]), None, position)
        STEPS[before if position == 1 else after](history)
        assert history.series(4, T, T + DAY, 9).value.tolist()[0] == 1.0
        assert history.hourly([4], T, T + HOUR, "last").count.tolist() == [position + 1]
    history.flush()
    for hours in (31, 60, 90):
        history.compact(T + hours * HOUR)
        assert history.series(4, T, T + DAY, 9).value.tolist() == [1.0, 1.0, 2.0, 3.0]
        assert history.days([4], T, T + DAY).total.tolist() == [7.0]


def test_rows_that_wait_stand_before_those_flushed_meanwhile() -> None:
    old, waits, taken, new = (Loose(generation, 1, T, T, generation < 3) for generation in (1, 2, 3, 4))
    state = State(1, 0, loose=(old, taken, new)).changed(Change(taken=frozenset([3]), waiting=waits))
    assert [one.generation for one in state.loose] == [1, 2, 4]


def test_what_is_being_read_stays_until_it_is_read(tmp_path: Path) -> None:
    history = History(tmp_path, shards=2)
    history.append(Batch.of(np.arange(6), T + np.arange(6), np.arange(6)), None, 1)
    history.flush()
    with history.view() as view:
        for hours in (1, 30, 60, 90):
            history.compact(T + hours * HOUR)
        assert sum(len(rows) for rows in view.rows(None, T - 1, T + DAY)) == 6
    history.compact(T + 91 * HOUR)
    assert list(tmp_path.glob("loose/*")) == []
    assert list(tmp_path.glob("hour/*/*")) == []


def test_only_what_an_earlier_process_left_is_cleared_away(tmp_path: Path) -> None:
    History(tmp_path).flush(1)
    history = History(tmp_path)
    (tmp_path / "loose").mkdir()
    left, written, foreign = (
        tmp_path / "loose" / name for name in ("0000000001.parquet", "0000099999.parquet", "notes")
    )
    for path in (left, written, foreign):
        path.write_bytes(b"")
    history.compact(T)
    assert [path.exists() for path in (left, written, foreign)] == [False, True, True]
