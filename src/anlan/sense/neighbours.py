"""The sensors around a sensor that measure the same: what they say tells a fault of one from an event."""

from datetime import datetime

import numpy as np
from pydantic import BaseModel

from anlan.kernel.actions import Reader
from anlan.sense import queries
from anlan.sense.stream.station import Station

_EARTH_M = 6_371_008.8  # mean radius of the GRS 80 ellipsoid, Moritz (2000), Geodetic Reference System 1980
_SHOWN = 6


class Neighbour(BaseModel):
    """A sensor nearby with its newest value."""

    id: str
    name_zh: str
    name_en: str
    distance_m: float
    value: float | None
    at: datetime | None


def neighbours_of(reader: Reader, sensor_id: str) -> list[Neighbour]:
    """Return the nearest sensors of the same quantity in the reader's areas, nearest first."""
    registry = reader.part(Station).registry
    number = registry.number(sensor_id)
    if number < 0:
        return []
    same = queries.in_reach(reader) & ~registry.retired & (registry.quantity.code == registry.quantity.code[number])
    same[number] = False
    others = np.flatnonzero(same)
    # Equirectangular: exact enough to rank what lies within a city.
    north = np.radians(registry.lat[others] - registry.lat[number])
    east = np.radians(registry.lon[others] - registry.lon[number]) * np.cos(np.radians(registry.lat[number]))
    distance_m = _EARTH_M * np.hypot(north, east)
    nearest = np.argsort(distance_m, kind="stable")[:_SHOWN]
    return [_told(reader, int(others[i]), float(distance_m[i])) for i in nearest]


def _told(reader: Reader, number: int, distance_m: float) -> Neighbour:
    name = reader.part(Station).registry.ids[number]
    row, newest = queries.sensor(reader, name), queries.newest(reader, number)
    return Neighbour(
        id=name,
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        distance_m=round(distance_m, 1),
        value=newest.value,
        at=newest.at,
    )
