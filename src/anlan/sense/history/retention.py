"""What is dropped when: rows after some days, their roll-ups after more, by kind of sensor."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress
from zlib import crc32

import numpy as np
import pyarrow as pa

from anlan.sense.history.closing import Left, write_sums
from anlan.sense.history.files import Files
from anlan.sense.history.parquet import writer
from anlan.sense.history.rows import SCHEMA, Bools
from anlan.sense.history.spans import day_span, last_day, month_of
from anlan.sense.history.state import Change, day_file
from anlan.sense.history.sums import Sums
from anlan.sense.history.view import View
from anlan.sense.stream.batch import Int32s

ANY = "*"
"""Stands for every kind that is not named."""


@dataclass(frozen=True)
class Retention:
    """For how many whole days what is kept, by kind of sensor; ``"*"`` for kinds not named; not told: for ever.

    Attributes
    ----------
    rows, sums : mapping of kind to days
        Of the observations themselves, and of their roll-ups to hours and days.
    """

    rows: Mapping[str, int] = field(default_factory=dict)
    sums: Mapping[str, int] = field(default_factory=dict)


class Drop:
    """What may go of a day, by the kinds of sensors.

    Parameters
    ----------
    kinds
        Kind of each sensor, by its number; one without a number here is of no kind that is named.
    days
        For how many days each kind is kept.
    today
        Rows of a day go when it lies more than so many days before this.
    """

    def __init__(self, kinds: Sequence[str], days: Mapping[str, int], today: int) -> None:
        self._days, self._today = days, today
        codes: dict[str, int] = {}
        places = [codes.setdefault(kind, len(codes)) for kind in (*kinds, "")]
        self._kinds = list(codes)
        self._of_sensor, self._of_unknown = np.array(places[:-1], np.int64), places[-1]

    def _expired(self, day: int) -> Bools:
        keep = [self._days.get(kind, self._days.get(ANY)) for kind in self._kinds]
        return np.array([kept is not None and day + kept < self._today for kept in keep], bool)

    def mark(self, day: int) -> int:
        """Return a check sum of the kinds that go, 0 for none, -1 if all do."""
        gone = self._expired(day)
        if gone.all():
            return -1
        return crc32(" ".join(sorted(compress(self._kinds, gone))).encode()) if gone.any() else 0

    def left(self, day: int) -> Left:
        """Return what tells of sensors whether their share of a day stays."""
        gone = self._expired(day)

        def stay(sensors: Int32s) -> Bools:
            kind = np.full(len(sensors), self._of_unknown)
            known = sensors < len(self._of_sensor)
            kind[known] = self._of_sensor[sensors[known]]
            stays: Bools = ~gone[kind]
            return stays

        return stay


def kept_sums(retention: Retention) -> dict[str, int]:
    """Return for how many days roll-ups are kept: never less long than the rows of which they are made."""
    kinds = {*retention.rows, *retention.sums}
    days: dict[str, int] = {}
    for kind in kinds:
        of_rows = retention.rows.get(kind, retention.rows.get(ANY))
        of_sums = retention.sums.get(kind, retention.sums.get(ANY))
        if of_rows is not None and of_sums is not None:
            days[kind] = max(of_rows, of_sums)
    return days


def drop_rows(view: View, files: Files, day: int, drop: Drop, generation: int) -> Change:
    """Write the files of a closed day anew without what may go."""
    mark, own = drop.mark(day), view.state.days[day]
    change = Change(rows={day: {}}, dropped={day: mark}, dropped_sums={day: own.dropped_sums})
    left = drop.left(day)
    for shard, old in enumerate(own.rows):
        if old and mark == -1:
            change.rows[day][shard] = 0
        elif old:
            change.rows[day][shard] = _without(view, files, (day, shard, old), left, generation)
    return change


def _without(view: View, files: Files, file: tuple[int, int, int], left: Left, generation: int) -> int:
    """Write a day's file of one shard with what stays; return its generation: the old if all stays, 0 if nothing."""
    day, shard, old = file
    name = day_file(day, shard, old)
    sensors = np.unique(view.shelf.read(name, columns=["sensor"])["sensor"].to_numpy())
    stays = left(sensors)
    if stays.all() or not stays.any():
        return old if stays.all() else 0
    first_us, last_us = day_span(day, view.state.offset_h)

    def tables() -> Iterator[pa.Table]:
        for portion in view.portions([name], shard, sensors[stays], sensors[:0]):
            yield view.filed([name], portion, first_us, last_us).to_arrow()

    files.put([(day_file(day, shard, generation), writer(SCHEMA, tables()))])
    return generation


def drop_sums(view: View, files: Files, month: int, drop: Drop, generation: int) -> Change | None:
    """Write the roll-ups of a month anew without what may go when its last day may; None if there is nothing to do."""
    days = sorted(day for day in view.state.days if month_of(day) == month)
    last = last_day(month)
    mark = drop.mark(last)
    if all(view.state.days[day].dropped_sums == mark for day in days):
        return None
    change = Change(sums={day: {} for day in days}, dropped_sums=dict.fromkeys(days, mark))
    for shard in range(view.state.shards):
        own = [day for day in days if view.state.days[day].sums[shard]]
        if own:
            stays = mark != -1 and write_sums(view, files, shard, own, Sums.empty(), generation, drop.left(last))
            for day in own:
                change.sums[day][shard] = generation if stays else 0
    return change
