"""The reads of sense; each shows only what lies in the reader's areas."""

import functools
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

import sqlalchemy as sa

from anlan.kernel.access import Scope, jurisdiction
from anlan.kernel.actions import Reader
from anlan.kernel.errors import NotFound
from anlan.sense.model import alarm_history, alarms, latest, observations, sensors

Reduce = Literal["mean", "max", "last"]
_LONGEST_LIST = 5000
_LONGEST_SERIES = 100_000
_HOUR_TEXT = 13  # "2024-09-15T08" of a moment's text


def _within(reader: Reader, column: Any, area: str | None) -> sa.ColumnElement[bool]:
    """Return the condition that a row lies in the reader's areas, and in one area if it is named."""
    inside: sa.ColumnElement[bool] = reader.scope.where(column)
    if area is not None:
        inside = sa.and_(inside, Scope((jurisdiction(area),)).where(column))
    return inside


def sensor_list(
    reader: Reader, *, asset_type: str | None = None, quantity: str | None = None, area: str | None = None
) -> Sequence[sa.RowMapping]:
    """Return sensors with their newest observation (``at``, ``value``, ``quality``), by id."""
    query = (
        sa.select(sensors, latest.c.at, latest.c.value, latest.c.quality)
        .join_from(sensors, latest, latest.c.sensor == sensors.c.id, isouter=True)
        .where(_within(reader, sensors.c.area, area))
        .order_by(sensors.c.id)
    )
    if asset_type is not None:
        query = query.where(sensors.c.asset_type == asset_type)
    if quantity is not None:
        query = query.where(sensors.c.quantity == quantity)
    return reader.conn.execute(query).mappings().all()


def sensor(reader: Reader, sensor_id: str) -> sa.RowMapping:
    """Return one sensor; :class:`NotFound` if there is none in the reader's areas."""
    query = sa.select(sensors).where(sensors.c.id == sensor_id, reader.scope.where(sensors.c.area))
    row = reader.conn.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFound("sensor.unknown", at="sensor", value=sensor_id)
    return row


def _alarm_query() -> sa.Select[Any]:
    told = ("asset", "asset_type", "quantity", "unit", "lon", "lat", "name_zh", "name_en", "synthetic")
    return sa.select(alarms, *(sensors.c[name] for name in told)).join_from(
        alarms, sensors, sensors.c.id == alarms.c.sensor
    )


def alarm_list(
    reader: Reader, *, is_open: bool | None = None, area: str | None = None, since: datetime | None = None
) -> Sequence[sa.RowMapping]:
    """Return alarms with the places of their sensors, the newest first."""
    query = _alarm_query().where(_within(reader, alarms.c.area, area))
    if is_open is not None:
        query = query.where(alarms.c.open.is_(is_open))
    if since is not None:
        query = query.where(alarms.c.opened_at >= since)
    return (
        reader.conn.execute(query.order_by(alarms.c.opened_at.desc(), alarms.c.id).limit(_LONGEST_LIST))
        .mappings()
        .all()
    )


def alarm(reader: Reader, alarm_id: str) -> sa.RowMapping:
    """Return one alarm; :class:`NotFound` if there is none in the reader's areas."""
    query = _alarm_query().where(alarms.c.id == alarm_id, reader.scope.where(alarms.c.area))
    row = reader.conn.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFound("alarm.unknown", at="alarm", value=alarm_id)
    return row


def history(reader: Reader, alarm_id: str) -> Sequence[sa.RowMapping]:
    """Return what happened to one alarm, in order."""
    query = sa.select(alarm_history).where(alarm_history.c.alarm == alarm_id, reader.scope.where(alarm_history.c.area))
    return reader.conn.execute(query.order_by(alarm_history.c.seq)).mappings().all()


def open_grades(reader: Reader) -> dict[str, list[str]]:
    """Return the grades of the alarms whose condition holds, by sensor; hidden ones left out."""
    query = sa.select(alarms.c.sensor, alarms.c.grade).where(
        alarms.c.state.in_(("unacknowledged", "acknowledged")), reader.scope.where(alarms.c.area)
    )
    found: dict[str, list[str]] = {}
    for row in reader.conn.execute(query):
        found.setdefault(row.sensor, []).append(row.grade)
    return found


def series(reader: Reader, sensor_id: str, since: datetime, until: datetime) -> Sequence[sa.RowMapping]:
    """Return the observations of one sensor within a span, both ends included, in order of time."""
    own = sensor(reader, sensor_id)
    column = observations.c
    span = (column.quantity == own["quantity"], column.at.between(since, until), column.sensor == sensor_id)
    query = sa.select(column.at, column.value, column.quality).where(*span).order_by(column.at)
    return reader.conn.execute(query.limit(_LONGEST_SERIES)).mappings().all()


class Hourly(NamedTuple):
    """One value of one sensor for one whole hour, which begins at ``hour``."""

    sensor: str
    hour: datetime
    value: float


def hourly(reader: Reader, quantity: str, since: datetime, until: datetime, reduce: Reduce) -> list[Hourly]:
    """Return each sensor's good observations of a quantity, reduced to the hours in which they ended.

    An observation tells of the time before it, so that one of 09:00 belongs to the hour from 08:00. ``last`` is the
    value of the latest observation in the hour.

    Parameters
    ----------
    since, until
        Observations after the first, up to and with the second.
    """
    column = observations.c
    text = sa.type_coerce(column.at, sa.String)
    # The moment's text is cut to its hour; the full hour itself, all zeros behind, belongs to the one before.
    hour, rest = sa.func.substr(text, 1, _HOUR_TEXT), sa.func.substr(text, _HOUR_TEXT + 1)
    ends = sa.case((rest == ":00:00.000000Z", 1), else_=0)
    good = (column.quantity == quantity, column.at > since, column.at <= until, column.quality == "good")
    keys = (column.sensor, hour.label("hour"), ends.label("ends"))
    if reduce == "last":
        picked = sa.select(*keys, column.value).where(*good).order_by(column.at)
        return _in_sight(reader, quantity, _last_of_hours(reader.conn.execute(picked)))
    # Readings at the full hour are grouped apart from those within it, so that the database does the reduction.
    reduced = sa.func.max(column.value) if reduce == "max" else sa.func.avg(column.value)
    grouped = sa.select(*keys, reduced, sa.func.count()).where(*good).group_by(*keys)
    return _in_sight(reader, quantity, _joined(reader.conn.execute(grouped), reduce))


def _in_sight(reader: Reader, quantity: str, found: list[Hourly]) -> list[Hourly]:
    """Leave out what lies outside the reader's areas; in order of sensor, then hour."""
    query = sa.select(sensors.c.id).where(sensors.c.quantity == quantity, reader.scope.where(sensors.c.area))
    seen = set(reader.conn.scalars(query).all())
    return sorted(one for one in found if one.sensor in seen)


@functools.lru_cache(maxsize=1024)
def _hour(text: str, ends: int) -> datetime:
    return datetime.fromisoformat(f"{text}:00:00+00:00") - timedelta(hours=ends)


def _last_of_hours(rows: Iterable[Any]) -> list[Hourly]:
    found = {(sensor_id, _hour(hour, ends)): value for sensor_id, hour, ends, value in rows}
    return [Hourly(*key, value) for key, value in found.items()]


def _joined(rows: Iterable[Any], reduce: Reduce) -> list[Hourly]:
    """Join what was reduced apart for readings within an hour and at its end."""
    found: dict[tuple[str, datetime], tuple[float, int]] = {}
    for sensor_id, hour, ends, value, count in rows:
        key = (sensor_id, _hour(hour, ends))
        other, weight = found.get(key, (value, 0))
        joined = max(value, other) if reduce == "max" else (value * count + other * weight) / (count + weight)
        found[key] = (joined, count + weight)
    return [Hourly(*key, value) for key, (value, _) in found.items()]
