"""How good the data of each kind were, day by day, from the roll-ups."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from anlan.sense.history.rollups import day_sums
from anlan.sense.history.spans import day_span, hour_of
from anlan.sense.history.sums import Sums
from anlan.sense.history.view import View
from anlan.sense.stream.batch import Int64s

_COUNTS = ("rows", "count", "suspect", "missing", "out_of_range", "late")


class DayQuality(NamedTuple):
    """The observations of one kind on one of the city's days, which begins at ``begin_us``.

    Attributes
    ----------
    sensors : int
        Those that sent anything.
    rows, good, suspect, missing, out_of_range, late : int
        Observations; all, by quality, and those that came after a newer one of their sensor, of whatever quality.
    """

    begin_us: int
    kind: str
    sensors: int
    rows: int
    good: int
    suspect: int
    missing: int
    out_of_range: int
    late: int


def quality_of_days(view: View, kinds: Sequence[str], since_us: int, until_us: int) -> list[DayQuality]:
    """Return the quality of each kind's data by day, of all the city's days that a span touches, whole.

    Parameters
    ----------
    kinds
        Kind of each sensor, by its number.
    """
    offset = view.state.offset_h
    since_us = day_span(view.state.day_of_hour(hour_of(since_us + 1)), offset)[0] - 1
    until_us = day_span(view.state.day_of_hour(hour_of(until_us)), offset)[1]
    view = view.gathered(None, since_us + 1, until_us)
    names, codes = np.unique(np.asarray(kinds, object).astype(str), return_inverse=True)
    found: dict[tuple[int, int], Int64s] = {}
    for shard in range(view.state.shards):
        sensors = np.arange(shard, len(kinds), view.state.shards, dtype=np.int32)
        if len(sensors):
            _count(found, day_sums(view, sensors, since_us, until_us), codes)
    return [DayQuality(day, str(names[code]), *counts.tolist()) for (day, code), counts in sorted(found.items())]


def _count(found: dict[tuple[int, int], Int64s], sums: Sums, codes: Int64s) -> None:
    """Add the counts of some sensors to those by day and kind."""
    days, day = np.unique(sums.begin_us, return_inverse=True)
    kinds, kind = np.unique(codes[sums.sensor], return_inverse=True)
    place, length = day * len(kinds) + kind, len(days) * len(kinds)
    columns = [np.ones(len(sums), np.int64), *(getattr(sums, name) for name in _COUNTS)]
    counts = np.stack([np.bincount(place, column, length).astype(np.int64) for column in columns], axis=1)
    for at in np.unique(place).tolist():
        key = (int(days[at // len(kinds)]), int(kinds[at % len(kinds)]))
        found[key] = found.get(key, np.zeros(len(columns), np.int64)) + counts[at]
