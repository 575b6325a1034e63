"""Second step of compaction: the hours of days that are over become one file a day for each shard, with roll-ups."""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

import numpy as np
import pyarrow as pa

from anlan.sense.history.files import Files
from anlan.sense.history.parquet import writer
from anlan.sense.history.rollups import DAYS, HOURS, closed_sums, taken_rows
from anlan.sense.history.rows import SCHEMA, Bools, Rows
from anlan.sense.history.spans import DAY_H, HOUR_US, day_span, hour_of, hours_of_day, month_of
from anlan.sense.history.state import Change, day_file, sums_names
from anlan.sense.history.sums import SCHEMA as SUMS_SCHEMA
from anlan.sense.history.sums import Sums
from anlan.sense.history.view import View
from anlan.sense.stream.batch import Int32s, Int64s

PARTS = 8
"""Files of roll-ups of one month and shard that may stand beside each other while the month lasts."""

Left = Callable[[Int32s], Bools]
"""Which of some sensors are kept."""


def to_close(view: View, today: int, waiting: Rows) -> dict[int, list[int]]:
    """Return the days before today for which rows stand in files of hours, and those for which rows wait, by shard."""
    state = view.state
    found: set[tuple[int, int]] = set()
    for hour, row in state.hours.items():
        if (day := state.day_of_hour(hour)) < today:
            found |= {(shard, day) for shard, generation in enumerate(row) if generation}
    pairs = np.stack([waiting.sensor % state.shards, view.day_of(waiting.time_us)], axis=1)
    found |= {(shard, day) for shard, day in np.unique(pairs, axis=0).tolist()}
    return {shard: [day for _, day in own] for shard, own in groupby(sorted(found), lambda pair: pair[0])}


def close_days(
    view: View, files: Files, shard: int, days: Sequence[int], waiting: Rows, *, today: int, generation: int
) -> Change:
    """Write the rows of days of one shard, each day one file, and their roll-ups, each month one file.

    Parameters
    ----------
    days
        In rising order.
    waiting
        Rows of this shard that came for days closed already, in order of arrival; also of other days.
    """
    change = Change()
    waiting_day = view.day_of(waiting.time_us)
    for month, of_month in groupby(days, month_of):
        own, made = list(of_month), []
        for day in own:
            sums = _close_day(view, files, shard, day, waiting.where(waiting_day == day), generation)
            change.rows[day] = {shard: generation if sums.kept_rows else 0}
            made.append(sums.all)
            for hour in hours_of_day(day, view.state.offset_h):
                if hour in view.state.hours:
                    change.hours[hour] = {shard: 0}
        others = _to_merge(view, shard, month, own, month_of(today))
        write_sums(view, files, shard, others, Sums.joined(made), generation)
        for day in (*own, *others):
            change.sums[day] = {shard: generation}
    return change


class _Closed:
    """The roll-ups of a day, and whether any of its rows were written."""

    def __init__(self) -> None:
        self.kept_rows = False
        self._parts: list[Sums] = []

    def add(self, rows: Rows, shut: Sums) -> None:
        self.kept_rows |= len(rows) > 0
        self._parts += [Sums.of(rows, hour_of(rows.time_us) * HOUR_US), shut]

    @property
    def all(self) -> Sums:
        return Sums.joined(self._parts)


def _close_day(view: View, files: Files, shard: int, day: int, waiting: Rows, generation: int) -> _Closed:
    closed = _Closed()
    first_us, last_us = day_span(day, view.state.offset_h)
    names = view.names(day, shard, first_us, last_us)
    older = 1 if day in view.state.days and view.state.days[day].rows[shard] else 0

    def tables() -> Iterator[pa.Table]:
        for sensors in view.portions(names, shard, None, waiting.sensor):
            filed = view.filed(names[:older], sensors, first_us, last_us)
            fresh = view.filed(names[older:], sensors, first_us, last_us)
            fresh = Rows.joined([fresh, waiting.where(np.isin(waiting.sensor, sensors))])
            stale = Sums.joined(list(closed_sums(view, sensors, [day], HOURS, shard)))
            rows, shut = taken_rows(stale, filed, fresh)
            closed.add(rows, shut)
            if len(rows):
                yield rows.to_arrow()

    name = day_file(day, shard, generation)
    files.put([(name, writer(SCHEMA, tables()))])
    if not closed.kept_rows:
        files.remove([name])
    return closed


def _to_merge(view: View, shard: int, month: int, own: Sequence[int], this_month: int) -> list[int]:
    """Return the other days of a month whose roll-ups are to stand in the new file with those of its own days."""
    days = view.state.days
    others = [day for day in days if month_of(day) == month and day not in own and days[day].sums[shard]]
    parts = {days[day].sums[shard] for day in others}
    return sorted(others) if month < this_month or len(parts) >= PARTS else []


def write_sums(
    view: View, files: Files, shard: int, days: Sequence[int], made: Sums, generation: int, left: Left | None = None
) -> bool:
    """Write the roll-ups of days of one month and shard, to hours and to days; tell whether there were any.

    Parameters
    ----------
    days
        Those whose roll-ups are kept in files already.
    made : Sums
        New ones, to hours, of other days of that month.
    left
        Tells which sensors' roll-ups are kept; None: those of all.
    """
    kept, found = view.state.days, False
    month = month_of(days[0] if days else int(view.day_of(made.begin_us[:1] + 1)[0]))
    names = sorted({sums_names(month, shard, kept[day].sums[shard])[HOURS] for day in days})

    def tables(which: int) -> Iterator[pa.Table]:
        nonlocal found
        for sensors in view.portions(names, shard, None, made.sensor):
            own = sensors if left is None else sensors[left(sensors)]
            added = made.where(np.isin(made.sensor, own)).in_order()
            if which == DAYS:
                added = added.rolled(_day_begin_us(view, added))
            sums = Sums.joined([*closed_sums(view, own, days, which, shard), added]).in_order()
            if len(sums):
                found = True
                yield sums.to_arrow()

    files.put(
        (sums_names(month, shard, generation)[which], writer(SUMS_SCHEMA, tables(which))) for which in (HOURS, DAYS)
    )
    if not found:
        files.remove(sums_names(month, shard, generation))
    return found


def _day_begin_us(view: View, hours: Sums) -> Int64s:
    day = view.day_of(hours.begin_us + 1)
    return (day * DAY_H - view.state.offset_h) * HOUR_US
