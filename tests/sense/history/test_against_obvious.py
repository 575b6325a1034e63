"""Whatever is appended, flushed, compacted and reopened, in any order: reads are those of a dictionary."""

import math
import shutil
import tempfile
from pathlib import Path

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from anlan.sense.history.history import History
from anlan.sense.history.upkeep import Pace
from anlan.sense.stream.batch import Batch
from sense.history.obvious import DAY, HOUR, Obvious, told

T = 1_725_120_000_000_000  # 2024-08-31T16:00Z, midnight of 1 September in Shanghai
SENSORS = 4
SPAN = 70 * HOUR
EVER = (T - 3 * DAY, T + 9 * DAY)

# Few enough that the same sensor and moment come again, at the ends of hours and days and within them.
moments = st.one_of(
    st.integers(0, 8).map(lambda step: T + step * 8 * HOUR),
    st.integers(0, 5).map(lambda step: T + 1 + step * 13 * HOUR),
    st.sampled_from([T - DAY, T - 5, T + SPAN, T + HOUR // 2]),
)
rows = st.tuples(
    st.integers(0, SENSORS - 1),
    moments,
    st.sampled_from([math.nan, -2.5, 0.0, 1.25, 7.0, 1e9]),
    st.integers(0, 3),
    st.booleans(),
)
Row = tuple[int, int, float, int, bool]


class Machine(RuleBasedStateMachine):
    @initialize(shards=st.integers(1, 3), offset=st.sampled_from([-5, 0, 8]), eager=st.booleans())
    def open(self, shards: int, offset: int, eager: bool) -> None:
        self.folder = Path(tempfile.mkdtemp())
        limits = {"loose_rows": 5, "loose_files": 2, "step_rows": 7, "step_days": 1}
        self.pace = Pace(**limits) if eager else Pace()
        self.offset, self.shards = offset, shards
        self.history, self.model = self.opened(), Obvious()
        self.position, self.now = 0, T

    def opened(self) -> History:
        return History(self.folder, shards=self.shards, offset_h=self.offset, pace=self.pace)

    @rule(batch=st.lists(rows, max_size=12))
    def append(self, batch: list[Row]) -> None:
        sensor, time, value, quality, late = zip(*batch, strict=True) if batch else ((),) * 5
        own = Batch.of(sensor, time, value, quality)
        self.position += 1
        self.history.append(own, np.array(late, bool), self.position)
        self.model.append(own, late)

    @rule()
    def flush(self) -> None:
        self.history.flush()
        assert self.history.covered == self.position
        assert self.history.unflushed == 0

    @rule(hours=st.integers(0, 30))
    def compact(self, hours: int) -> None:
        self.now += hours * HOUR
        self.history.compact(self.now)
        self.compare_roll_ups(None, *EVER)
        self.compare_rows()

    @rule(batch=st.lists(rows, min_size=3, max_size=12), hours=st.sampled_from([1, 5, 26]))
    def append_and_keep_up(self, batch: list[Row], hours: int) -> None:
        self.append(batch)
        self.flush()
        self.compact(hours)

    @rule()
    def reopen(self) -> None:
        self.history.flush()
        self.history = self.opened()
        assert self.history.covered == self.position

    @rule(sensor=st.integers(0, SENSORS), since=moments, until=moments, limit=st.integers(1, 20))
    def series(self, sensor: int, since: int, until: int, limit: int) -> None:
        found = self.history.series(sensor, since, until, limit)
        expected = self.model.series(sensor, since, until)[:limit]
        assert found.time_us.tolist() == [time for time, _, _ in expected]
        assert found.quality.tolist() == [quality for _, _, quality in expected]
        np.testing.assert_array_equal(found.value, [value for _, value, _ in expected])

    @rule(sensors=st.sets(st.integers(0, SENSORS)), since=moments, until=moments)
    def roll_ups(self, sensors: set[int], since: int, until: int) -> None:
        self.compare_roll_ups(sensors, since, until)

    def compare_roll_ups(self, sensors: set[int] | None, since: int, until: int) -> None:
        given = None if sensors is None else sorted(sensors)
        everybody = range(SENSORS) if sensors is None else sensors
        expected = self.model.sums(everybody, since, until, HOUR, 0)
        assert told(self.history.hours(given, since, until)) == expected
        expected = self.model.sums(everybody, since, until, DAY, self.offset * HOUR)
        assert told(self.history.days(given, since, until)) == expected

    def compare_rows(self) -> None:
        with self.history.view() as view:
            parts = list(view.rows(None, *EVER))
        found = [key for part in parts for key in zip(part.sensor.tolist(), part.time_us.tolist(), strict=True)]
        assert sorted(found) == sorted(self.model.kept)

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            shutil.rmtree(self.folder)


Machine.TestCase.settings = settings(max_examples=60, stateful_step_count=14, deadline=None)
TestHistory = Machine.TestCase
