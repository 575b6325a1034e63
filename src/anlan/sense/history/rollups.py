"""Roll-ups, read: those kept in files, and those of hours that rows came for since, made anew from the rows."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

import numpy as np

from anlan.sense.history.rows import Bools, Rows
from anlan.sense.history.spans import HOUR_US, day_span, hour_of, month_of
from anlan.sense.history.state import open_sums_name, sums_names
from anlan.sense.history.sums import Sums
from anlan.sense.history.view import View
from anlan.sense.stream.batch import Int32s, Int64s

_SHIFT = 32
HOURS, DAYS = 0, 1  # places in what sums_names returns


def keys(sensor: Int32s, span: Int64s) -> Int64s:
    """Return one number for each pair of a sensor and an hour or day, in the order of the pairs."""
    return (sensor.astype(np.int64) << _SHIFT) + span


def hour_sums(view: View, sensors: Int32s | None, since_us: int, until_us: int, columns: Sequence[str] = ()) -> Sums:
    """Return the roll-ups to hours of the rows after one moment, up to and with another, by sensor and hour.

    An hour whose rows have been dropped is told by its kept roll-up, if it lies within the span wholly.

    Parameters
    ----------
    columns
        Those of :class:`Sums` that are wanted; the others may be 0. None named: all.
    """
    read = ("sensor", "at", "rows", *columns) if columns else ()
    if until_us <= since_us:
        return Sums.empty()
    kept = Sums.joined(
        [
            *closed_sums(view, sensors, view.days(since_us + 1, until_us), HOURS, columns=read),
            *_open_sums(view, sensors, hour_of(since_us + 1), hour_of(until_us), read),
        ]
    )
    kept = kept.where((kept.begin_us + HOUR_US > since_us) & (kept.begin_us < until_us))
    fresh = view.fresh(sensors, since_us + 1, until_us)
    cut = sorted({hour_of(edge + 1) for edge in (since_us, until_us) if edge % HOUR_US})
    kept_hour, fresh_keys = kept.begin_us // HOUR_US, keys(fresh.sensor, hour_of(fresh.time_us))
    stale = np.isin(keys(kept.sensor, kept_hour), fresh_keys) | np.isin(kept_hour, cut)
    filed = _filed(view, sensors, fresh, cut)
    taken, shut = taken_rows(kept.where(stale), filed, fresh)
    taken = taken.between(since_us + 1, until_us)
    made = Sums.of(taken, hour_of(taken.time_us) * HOUR_US)
    whole = (shut.begin_us >= since_us) & (shut.begin_us + HOUR_US <= until_us)
    return Sums.joined([kept.where(~stale), shut.where(whole), made]).in_order()


def taken_rows(stale: Sums, filed: Rows, fresh: Rows) -> tuple[Rows, Sums]:
    """Return the rows of some hours, and the roll-ups of those hours that are shut.

    An hour is shut when rows of it have been dropped: its roll-up stands, and rows that come later are not taken.

    Parameters
    ----------
    stale
        Roll-ups as kept of hours of which all filed rows are given.
    filed, fresh
        The rows of those hours from files of hours and days, and those that came since.
    """
    if not len(stale):
        return Rows.joined([filed, fresh]).in_order(), stale
    filed = filed.in_order()
    counted = Sums.of(filed, hour_of(filed.time_us) * HOUR_US)
    found = keys(counted.sensor, counted.begin_us // HOUR_US)
    wanted = keys(stale.sensor, stale.begin_us // HOUR_US)
    left = np.zeros(len(wanted), np.int32)
    if len(found):
        place = np.minimum(np.searchsorted(found, wanted), len(found) - 1)
        left = np.where(found[place] == wanted, counted.rows[place], 0)
    shut = left < stale.rows
    rows = Rows.joined([filed, fresh])
    rows = rows.where(~np.isin(keys(rows.sensor, hour_of(rows.time_us)), wanted[shut]))
    return rows.in_order(), stale.where(shut)


def day_sums(view: View, sensors: Int32s | None, since_us: int, until_us: int) -> Sums:
    """Return the roll-ups to the city's days of the rows after one moment, up to and with another, in order."""
    state, offset = view.state, view.state.offset_h
    if until_us <= since_us:
        return Sums.empty()
    view = view.gathered(sensors, since_us + 1, until_us)
    days = view.days(since_us + 1, until_us)
    spans = {day: day_span(day, offset) for day in days}
    in_hours = {state.day_of_hour(hour) for hour in state.hours}
    whole = [
        day
        for day, (first_us, last_us) in spans.items()
        if day in state.days and day not in in_hours and since_us < first_us and last_us <= until_us
    ]
    fresh, fresh_day = view.hot, view.day_of(view.hot.time_us)
    kept = Sums.joined(list(closed_sums(view, sensors, whole, DAYS)))
    stale = np.isin(keys(kept.sensor, view.day_of(kept.begin_us + 1)), keys(fresh.sensor, fresh_day))
    parts = [kept.where(~stale)]
    for day in days:
        some = np.unique(fresh.sensor[fresh_day == day]) if day in whole else sensors
        if some is None or len(some):
            first_us, last_us = spans[day]
            hours = hour_sums(view, some, max(since_us, first_us - 1), min(until_us, last_us))
            parts.append(hours.rolled(np.full(len(hours), first_us - 1)))
    return Sums.joined(parts).in_order()


def closed_sums(
    view: View,
    sensors: Int32s | None,
    days: Iterable[int],
    which: int,
    shard: int | None = None,
    columns: Sequence[str] = (),
) -> Iterator[Sums]:
    """Yield the kept roll-ups of closed days, to hours (0) or to days (1); in no order.

    A file tells of those days alone of which the manifest says that they stand in it: others in it are of old.
    All sensors, or those given, if a shard is named of that shard.
    """
    state = view.state
    for month, of_month in groupby(sorted(set(days) & state.days.keys()), month_of):
        own = list(of_month)
        first_us, last_us = day_span(own[0], state.offset_h)[0] - 1, day_span(own[-1], state.offset_h)[1]
        generations = np.array([state.days[day].sums for day in own])
        for part in _shards(sensors, state.shards) if shard is None else [shard]:
            some = None if sensors is None else sensors[sensors % state.shards == part]
            for generation in np.unique(generations[:, part]).tolist():
                if generation:
                    name = sums_names(month, part, generation)[which]
                    sums = _read(view, name, some, first_us, last_us, columns)
                    there = np.array(own)[generations[:, part] == generation]
                    yield sums.where(np.isin(view.day_of(sums.begin_us + 1), there))


def _open_sums(view: View, sensors: Int32s | None, first: int, last: int, columns: Sequence[str]) -> Iterator[Sums]:
    """Yield the kept roll-ups of the hours of days that are not closed."""
    state = view.state
    hours = sorted(hour for hour in state.hours if first <= hour <= last)
    if not hours:
        return
    own = np.array([state.hours[hour] for hour in hours])
    for generation in np.unique(own[own > 0]).tolist():
        name = open_sums_name(generation)
        sums = _read(view, name, sensors, hours[0] * HOUR_US, hours[-1] * HOUR_US, columns)
        hour = sums.begin_us // HOUR_US
        row = np.minimum(np.searchsorted(hours, hour), len(hours) - 1)
        yield sums.where((np.array(hours)[row] == hour) & (own[row, sums.sensor % state.shards] == generation))


def _read(view: View, name: str, sensors: Int32s | None, first_us: int, last_us: int, columns: Sequence[str]) -> Sums:
    sums = Sums.from_arrow(view.shelf.read(name, sensors, first_us, last_us, columns))
    inside: Bools = (sums.begin_us >= first_us) & (sums.begin_us <= last_us)
    if sensors is not None:
        inside &= sums.sensor == sensors[0] if len(sensors) == 1 else np.isin(sums.sensor, sensors)
    return sums.where(inside)


def _filed(view: View, sensors: Int32s | None, fresh: Rows, cut: Sequence[int]) -> Rows:
    """Return the filed rows of the hours, whole, that are cut, or that fresh rows belong to."""
    state, parts = view.state, []
    fresh_hour = hour_of(fresh.time_us)
    fresh_keys = keys(fresh.sensor, fresh_hour)
    hours = sorted({*np.unique(fresh_hour).tolist(), *cut})
    for day, of_day in groupby(hours, state.day_of_hour):
        own = list(of_day)
        first_us, last_us = own[0] * HOUR_US + 1, (own[-1] + 1) * HOUR_US
        some = sensors if set(cut) & set(own) else np.unique(fresh.sensor[np.isin(fresh_hour, own)])
        for shard in _shards(some, state.shards):
            names = view.names(day, shard, first_us, last_us)
            rows = view.filed(names, some, first_us, last_us)
            hour = hour_of(rows.time_us)
            parts.append(rows.where(np.isin(hour, cut) | np.isin(keys(rows.sensor, hour), fresh_keys)))
    return Rows.joined(parts)


def _shards(sensors: Int32s | None, shards: int) -> list[int]:
    return list(range(shards)) if sensors is None else np.unique(sensors % shards).tolist()
