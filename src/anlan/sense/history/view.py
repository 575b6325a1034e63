"""One moment's history, read: files and the rows that are not in files yet, joined as if they were one table."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from anlan.sense.history.parquet import Shelf
from anlan.sense.history.rows import Rows, distinct
from anlan.sense.history.spans import HOUR_US, hour_of, hours_of_day
from anlan.sense.history.state import State, day_file, hour_file, loose_name
from anlan.sense.stream.batch import Int32s, Int64s

PORTION_ROWS = 2_000_000
"""Rows that are in memory at once where many are read: about 100 MB with the copies that sorting makes."""


@dataclass(frozen=True)
class View:
    """What the history held at one moment; it does not change, and its files stay as long as it is held.

    Sensors are given in rising order, each once; spans include both ends.

    Attributes
    ----------
    hot : Rows
        Rows in order of arrival that are in no file of ``state``.
    """

    state: State
    shelf: Shelf
    hot: Rows

    def day_of(self, time_us: Int64s) -> Int64s:
        """Return the city's days to which moments belong."""
        return (hour_of(time_us) + self.state.offset_h) // 24

    def days(self, first_us: int, last_us: int) -> list[int]:
        """Return the days of a span for which something is kept."""
        state = self.state
        first, last = state.day_of_hour(hour_of(first_us)), state.day_of_hour(hour_of(last_us))
        found = {day for day in state.days if first <= day <= last}
        found |= {state.day_of_hour(hour) for hour in state.hours}
        for one in state.loose:
            low, high = state.day_of_hour(hour_of(one.first_us)), state.day_of_hour(hour_of(one.last_us))
            found |= set(range(max(low, first), min(high, last) + 1))
        if len(self.hot):
            found |= set(distinct(self.day_of(self.hot.time_us)))
        return sorted(day for day in found if first <= day <= last)

    def fresh(self, sensors: Int32s | None, first_us: int, last_us: int) -> Rows:
        """Return the rows of a span that no file of an hour or day has, in order of arrival."""
        parts = [
            Rows.from_arrow(self.shelf.read(loose_name(one.generation), sensors, first_us, last_us))
            for one in self.state.loose
            if one.first_us <= last_us and one.last_us >= first_us
        ]
        return Rows.joined([chosen(part, sensors, first_us, last_us) for part in (*parts, self.hot)])

    def gathered(self, sensors: Int32s | None, first_us: int, last_us: int) -> "View":
        """Return the same for some sensors and a span, with all fresh rows in memory, to be read several times."""
        return View(replace(self.state, loose=()), self.shelf, self.fresh(sensors, first_us, last_us))

    def names(self, day: int, shard: int, first_us: int, last_us: int) -> list[str]:
        """Return the files of one day and shard in which rows of a span may lie, older ones first."""
        state, found = self.state, []
        if day in state.days and (generation := state.days[day].rows[shard]):
            found.append(day_file(day, shard, generation))
        for hour in hours_of_day(day, state.offset_h):
            within = hour * HOUR_US < last_us and (hour + 1) * HOUR_US >= first_us
            if within and hour in state.hours and (generation := state.hours[hour][shard]):
                found.append(hour_file(hour, shard, generation))
        return found

    def filed(self, names: Sequence[str], sensors: Int32s | None, first_us: int, last_us: int) -> Rows:
        """Return the rows of some files, in their order."""
        parts = [Rows.from_arrow(self.shelf.read(name, sensors, first_us, last_us)) for name in names]
        return Rows.joined([chosen(part, sensors, first_us, last_us) for part in parts])

    def portions(self, names: Sequence[str], shard: int, sensors: Int32s | None, beside: Int32s) -> Iterator[Int32s]:
        """Yield sensors of one shard, as many at once as files hold :data:`PORTION_ROWS` rows of.

        Parameters
        ----------
        sensors
            Those that are wanted; None: all that are in the files or stand in ``beside``.
        """
        if sensors is None:
            greatest = max(self.shelf.greatest(names), int(beside.max(initial=-1)))
            sensors = np.arange(shard, greatest + 1, self.state.shards, dtype=np.int32)
        begins = np.searchsorted(sensors, [0, *self.shelf.cuts(names, PORTION_ROWS)]).tolist()
        for begin, end in zip(begins, [*begins[1:], len(sensors)], strict=True):
            if end > begin:
                yield sensors[begin:end]

    def rows(self, sensors: Int32s | None, first_us: int, last_us: int) -> Iterator[Rows]:
        """Yield the rows of a span, each (sensor, time) once, by day, shard, sensor and time; not very many at once."""
        shards = self.state.shards
        fresh = self.fresh(sensors, first_us, last_us)
        fresh_day, fresh_shard = self.day_of(fresh.time_us), fresh.sensor % shards
        own_shard = None if sensors is None else sensors % shards
        for day in self.days(first_us, last_us):
            for shard in range(shards) if own_shard is None else np.unique(own_shard).tolist():
                own = None if sensors is None else sensors[own_shard == shard]
                beside = fresh.where((fresh_day == day) & (fresh_shard == shard))
                names = self.names(day, shard, first_us, last_us)
                for portion in self.portions(names, shard, own, beside.sensor):
                    kept = self.filed(names, portion, first_us, last_us)
                    found = Rows.joined([kept, beside.where(_of(beside, portion))]).in_order()
                    if len(found):
                        yield found


def _of(rows: Rows, sensors: Int32s) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    return rows.sensor == sensors[0] if len(sensors) == 1 else np.isin(rows.sensor, sensors)


def chosen(rows: Rows, sensors: Int32s | None, first_us: int, last_us: int) -> Rows:
    """Return the rows of some sensors within a span, both ends included."""
    inside = (rows.time_us >= first_us) & (rows.time_us <= last_us)
    if sensors is not None:
        inside &= _of(rows, sensors)
    return rows if inside.all() else rows.where(inside)
