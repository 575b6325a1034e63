"""Hours, days and months as whole numbers, and to which of them a moment belongs.

An observation tells of the time before it, so that one of 09:00 belongs to the hour from 08:00: hour ``h`` holds the
moments after its beginning, up to and with its end. Days begin at the city's midnight, a fixed number of whole hours
from that of UTC; months are those of such days.
"""

from datetime import date
from typing import overload

from anlan.sense.stream.batch import Int64s

HOUR_US = 3_600_000_000
DAY_H = 24
_EPOCH = date(1970, 1, 1).toordinal()
_MONTHS = 12


@overload
def hour_of(time_us: int) -> int: ...
@overload
def hour_of(time_us: Int64s) -> Int64s: ...
def hour_of(time_us: int | Int64s) -> int | Int64s:
    """Return the hours since 1970-01-01 UTC to which moments belong."""
    return (time_us - 1) // HOUR_US


@overload
def day_of(hour: int, offset_h: int) -> int: ...
@overload
def day_of(hour: Int64s, offset_h: int) -> Int64s: ...
def day_of(hour: int | Int64s, offset_h: int) -> int | Int64s:
    """Return the days, begun ``offset_h`` hours before those of UTC, in which hours lie."""
    return (hour + offset_h) // DAY_H


def hours_of_day(day: int, offset_h: int) -> range:
    """Return the hours of one day."""
    first = day * DAY_H - offset_h
    return range(first, first + DAY_H)


def day_span(day: int, offset_h: int) -> tuple[int, int]:
    """Return the first and the last microsecond that belong to a day."""
    hours = hours_of_day(day, offset_h)
    return hours.start * HOUR_US + 1, hours.stop * HOUR_US


def month_of(day: int) -> int:
    """Return the months since January of year 0 in which a day lies."""
    at = date.fromordinal(_EPOCH + day)
    return at.year * _MONTHS + at.month - 1


def last_day(month: int) -> int:
    """Return the last day of a month."""
    return date((month + 1) // _MONTHS, (month + 1) % _MONTHS + 1, 1).toordinal() - _EPOCH - 1


def day_name(day: int) -> str:
    """Return a day as people write it, for the name of a file."""
    return date.fromordinal(_EPOCH + day).isoformat()


def hour_name(hour: int) -> str:
    """Return an hour of UTC, for the name of a file."""
    return f"{day_name(hour // DAY_H)}T{hour % DAY_H:02d}"


def month_name(month: int) -> str:
    """Return a month, for the name of a file."""
    return f"{month // _MONTHS:04d}-{month % _MONTHS + 1:02d}"
