"""The reads of sense about sensors and what they observed; each shows only what lies in the reader's areas."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple

import numpy as np
import sqlalchemy as sa

from anlan.kernel.access import Scope, jurisdiction
from anlan.kernel.actions import Reader
from anlan.kernel.errors import NotFound
from anlan.sense.alarming.queries import alarm, alarm_list, history, open_grades
from anlan.sense.model import maintenance, sensors
from anlan.sense.stream.batch import QUALITIES
from anlan.sense.stream.latest import NEVER_US
from anlan.sense.stream.moments import micros, moment
from anlan.sense.stream.registry import Bools
from anlan.sense.stream.station import Station

__all__ = [
    "Hourly",
    "Newest",
    "Reading",
    "Reduced",
    "Resolution",
    "alarm",
    "alarm_list",
    "history",
    "hourly",
    "newest",
    "open_grades",
    "reduced",
    "sensor",
    "sensor_list",
    "series",
]

Reduce = Literal["mean", "max", "last"]
Resolution = Literal["raw", "hour", "day"]
_LONGEST_SERIES = 100_000


class Newest(NamedTuple):
    """The newest observation of a sensor; all None if there is none."""

    at: datetime | None
    value: float | None
    quality: str | None


class Reading(NamedTuple):
    """One observation."""

    at: datetime
    value: float | None
    quality: str


@dataclass(frozen=True)
class Reduced:
    """The good observations of an hour or a day that begins at ``at``: mean, least, greatest, how many."""

    at: datetime
    value: float
    low: float
    high: float
    count: int


class Hourly(NamedTuple):
    """One value of one sensor for one whole hour, which begins at ``hour``."""

    sensor: str
    hour: datetime
    value: float


def in_reach(reader: Reader, area: str | None = None) -> Bools:
    """Tell which sensors of the registry lie in the reader's areas, and in one area if it is named."""
    registry = reader.part(Station).registry
    inside = registry.within(reader.scope)
    return inside if area is None else inside & registry.within(Scope((jurisdiction(area),)))


def sensor_list(
    reader: Reader, *, asset_type: str | None = None, quantity: str | None = None, area: str | None = None
) -> list[dict[str, Any]]:
    """Return sensors with their newest observation (``at``, ``value``, ``quality``), by id."""
    inside: sa.ColumnElement[bool] = reader.scope.where(sensors.c.area)
    query = sa.select(sensors).where(inside, sensors.c.retired_at.is_(None)).order_by(sensors.c.id)
    if area is not None:
        query = query.where(Scope((jurisdiction(area),)).where(sensors.c.area))
    if asset_type is not None:
        query = query.where(sensors.c.asset_type == asset_type)
    if quantity is not None:
        query = query.where(sensors.c.quantity == quantity)
    rows = reader.conn.execute(query).mappings().all()
    return [dict(row) | newest(reader, row["number"])._asdict() for row in rows]


def sensor(reader: Reader, sensor_id: str) -> sa.RowMapping:
    """Return one sensor; :class:`NotFound` if there is none in the reader's areas."""
    query = sa.select(sensors).where(sensors.c.id == sensor_id, reader.scope.where(sensors.c.area))
    row = reader.conn.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFound("sensor.unknown", at="sensor", value=sensor_id)
    return row


def newest(reader: Reader, number: int) -> Newest:
    """Return what a sensor told last, by its number."""
    latest = reader.part(Station).latest
    if number >= len(latest) or latest.time_us[number] == NEVER_US:
        return Newest(None, None, None)
    quality = QUALITIES[latest.quality[number]]
    return Newest(moment(int(latest.time_us[number])), _value(latest.value[number]), quality)


def _value(value: Any) -> float | None:
    return None if np.isnan(value) else float(value)


def windows(reader: Reader, sensor_id: str) -> Sequence[sa.RowMapping]:
    """Return the maintenance windows of a sensor that have not ended, the first to begin first."""
    query = sa.select(maintenance).where(maintenance.c.sensor == sensor_id, maintenance.c.ends > reader.now)
    return reader.conn.execute(query.order_by(maintenance.c.begins)).mappings().all()


def series(reader: Reader, sensor_id: str, since: datetime, until: datetime) -> list[Reading]:
    """Return the observations of one sensor within a span, both ends included, in order of time."""
    number = sensor(reader, sensor_id)["number"]
    found = reader.part(Station).history.series(number, micros(since), micros(until), _LONGEST_SERIES)
    columns = zip(found.time_us.tolist(), found.value, found.quality.tolist(), strict=True)
    return [Reading(moment(at), _value(value), QUALITIES[code]) for at, value, code in columns]


def reduced(
    reader: Reader, sensor_id: str, since: datetime, until: datetime, resolution: Literal["hour", "day"]
) -> list[Reduced]:
    """Return the good observations of one sensor, hour by hour or day by day of the city's own days."""
    number = sensor(reader, sensor_id)["number"]
    history = reader.part(Station).history
    reduce = history.hours if resolution == "hour" else history.days
    found = reduce([number], micros(since), micros(until))
    found = found.where(found.count > 0)
    columns = (found.begin_us, found.total / found.count, found.low, found.high, found.count)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return [Reduced(moment(at), value, low, high, count) for at, value, low, high, count in rows]


def hourly(reader: Reader, quantity: str, since: datetime, until: datetime, reduce: Reduce) -> list[Hourly]:
    """Return each sensor's good observations of a quantity, reduced to the hours in which they ended.

    An observation tells of the time before it, so that one of 09:00 belongs to the hour from 08:00. ``last`` is the
    value of the latest observation in the hour.

    Parameters
    ----------
    since, until
        Observations after the first, up to and with the second.
    """
    return sorted(_hourly(reader, quantity, since, until, reduce))


def _hourly(reader: Reader, quantity: str, since: datetime, until: datetime, reduce: Reduce) -> Iterator[Hourly]:
    station = reader.part(Station)
    wanted = np.flatnonzero(in_reach(reader) & station.registry.quantity.equals(quantity))
    found = station.history.hourly(wanted, micros(since), micros(until), reduce)
    names = station.registry.ids
    for number, hour_us, value in zip(found.sensor.tolist(), found.hour_us.tolist(), found.value.tolist(), strict=True):
        yield Hourly(names[number], moment(hour_us), value)
