"""What forecasts said of one gauge, beside what it then told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from anlan.assess.backtest import span_of, stored
from anlan.assess.depth_record import DepthRecord, cells_of, recorded
from anlan.assess.footprint import unpack
from anlan.assess.water import policy
from anlan.city.city import city_of
from anlan.kernel.actions import Reader
from anlan.science.arrays import Floats
from anlan.sense import queries as sense


@dataclass(frozen=True, eq=False)
class Plume:
    """One forecast: least, middle and greatest depth of its members, (3, looks), at all its looks."""

    forecast: str
    begin_s: float
    looks_s: Floats
    depth_m: Floats


@dataclass(frozen=True, eq=False)
class Plumes:
    """All forecasts of a gauge that tell about some of a span, the oldest first, and what the gauge told then."""

    gauge: dict[str, Any]
    since: datetime
    until: datetime
    depths_m: tuple[float, ...]
    record: DepthRecord
    plumes: Sequence[Plume]


def plumes(
    reader: Reader,
    observer: Reader,
    sensor: str,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Plumes:
    """Return what forecasts in sight said of a gauge.

    Raises
    ------
    NotFound
        ``sensor.unknown`` if the observer has no such gauge in its areas.
    Invalid
        See `anlan.assess.backtest.span_of`.
    """
    begin, end = span_of(reader, since, until)
    city, gauge = city_of(reader), dict(sense.sensor(observer, sensor))
    record = recorded(observer, city, [gauge], begin, end)
    cell, found = int(cells_of(city, [gauge])[0]), []
    for row in stored(reader, city, gauge["area"], begin, end):
        footprint = unpack(row.packed)
        column = np.flatnonzero(footprint.watched == cell)
        if len(column):
            series = footprint.series_m[:, :, int(column[0])]
            depth = np.stack([series.min(axis=0), np.median(series, axis=0), series.max(axis=0)])
            found.append(Plume(row.id, footprint.begin_s, footprint.looks_s, depth))
    return Plumes(gauge, begin, end, policy.thresholds_m(reader.catalog), record, found)
