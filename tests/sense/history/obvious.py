"""The obvious history: a dictionary that keeps the first of each (sensor, time)."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from anlan.sense.history.sums import Sums
from anlan.sense.stream.batch import GOOD, MISSING, OUT_OF_RANGE, SUSPECT, Batch

HOUR = 3_600_000_000
DAY = 24 * HOUR


@dataclass
class Told:
    """What a span of one sensor comes to, worked out value by value."""

    rows: int = 0
    late: int = 0
    qualities: dict[int, int] = field(default_factory=dict)
    good: list[tuple[int, float]] = field(default_factory=list)

    def like_sums(self) -> tuple[float | None, ...]:
        values = [value for _, value in sorted(self.good)]
        edge = (min(values), max(values), values[-1]) if values else (None,) * 3
        counts = (self.qualities.get(quality, 0) for quality in (SUSPECT, MISSING, OUT_OF_RANGE))
        return (round(math.fsum(values), 6) + 0.0, *edge, len(values), self.rows, *counts, self.late)


class Obvious:
    def __init__(self) -> None:
        self.kept: dict[tuple[int, int], tuple[float, int, bool]] = {}

    def append(self, batch: Batch, late: Iterable[bool]) -> None:
        columns = (batch.sensor.tolist(), batch.time_us.tolist(), batch.value.tolist(), batch.quality.tolist(), late)
        for sensor, time, value, quality, is_late in zip(*columns, strict=True):
            self.kept.setdefault((sensor, time), (value, quality, bool(is_late)))

    def series(self, sensor: int, since: int, until: int) -> list[tuple[int, float, int]]:
        rows = sorted((time, *row) for (own, time), row in self.kept.items() if own == sensor)
        return [(time, value, quality) for time, value, quality, _ in rows if since <= time <= until]

    def sums(
        self, sensors: Iterable[int], since: int, until: int, span: int, offset: int
    ) -> dict[tuple[int, int], tuple[float | None, ...]]:
        """Spans of ``span`` microseconds that begin ``offset`` before whole ones since 1970; since < time <= until."""
        found: dict[tuple[int, int], Told] = {}
        wanted = set(sensors)
        for (sensor, time), (value, quality, late) in self.kept.items():
            if sensor in wanted and since < time <= until:
                begin = (time - 1 + offset) // span * span - offset
                told = found.setdefault((sensor, begin), Told())
                told.rows += 1
                told.late += late
                told.qualities[quality] = told.qualities.get(quality, 0) + 1
                if quality == GOOD and not math.isnan(value):
                    told.good.append((time, value))
        return {key: told.like_sums() for key, told in sorted(found.items())}


def told(sums: Sums) -> dict[tuple[int, int], tuple[float | None, ...]]:
    """The same shape as the obvious sums."""
    columns = (sums.low, sums.high, sums.last, sums.count, sums.rows, sums.suspect, sums.missing, sums.out_of_range)
    values = zip((np.round(sums.total, 6) + 0.0).tolist(), *(_plain(one) for one in (*columns, sums.late)), strict=True)
    keys = list(zip(sums.sensor.tolist(), sums.begin_us.tolist(), strict=True))
    assert keys == sorted(set(keys))
    return dict(zip(keys, values, strict=True))


def _plain(column: Any) -> list[float | None]:
    return [None if math.isnan(value) else value for value in column.tolist()]
