"""What gauges of depth observed in a span, as columns: looked up at any moments, and searched for first times."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from anlan.city.city import City
from anlan.kernel.actions import Reader
from anlan.science.arrays import Floats, Ints, floats
from anlan.sense import queries as sense
from anlan.sense.stream.batch import GOOD
from anlan.sense.stream.moments import micros
from anlan.sense.stream.station import Station

_DEPTH = "ponding_depth"
_US = 1e-6


@dataclass(frozen=True, eq=False)
class DepthRecord:
    """Good observations of ``g`` gauges.

    Attributes
    ----------
    gauges
        The sensors' rows.
    cell : (g,) array
        Cell of the city's grid, counted row by row, in which each stands; -1 off the grid.
    first : (g + 1,) array
        Where the observations of each begin in the next two.
    time_s, depth_m : (n,) arrays
        By gauge, then by time; depths are not negative.
    """

    gauges: Sequence[dict[str, Any]]
    cell: Ints
    first: Ints
    time_s: Floats
    depth_m: Floats

    def at(self, moments_s: Floats, oldest_s: float, which: Ints) -> Floats:
        """Return the newest depths of some gauges at moments, (moments, gauges).

        NaN where none is younger than ``oldest_s``.
        """
        found = np.full((len(moments_s), len(which)), np.nan)
        for column, gauge in enumerate(which.tolist()):
            begin, end = self.first[gauge], self.first[gauge + 1]
            if begin == end:
                continue
            place = np.searchsorted(self.time_s[begin:end], moments_s, side="right") - 1
            heard = (place >= 0) & (moments_s - self.time_s[begin + np.maximum(place, 0)] < oldest_s)
            found[heard, column] = self.depth_m[begin + place[heard]]
        return found

    def peak(self) -> tuple[Floats, Floats]:
        """Return when each gauge told its greatest depth first, and that depth; NaN for those that told nothing."""
        when, depth = np.full((2, len(self.gauges)), np.nan)
        for gauge, (begin, end) in enumerate(zip(self.first[:-1], self.first[1:], strict=True)):
            if begin < end:
                place = begin + int(self.depth_m[begin:end].argmax())
                when[gauge], depth[gauge] = self.time_s[place], self.depth_m[place]
        return when, depth

    def onset_s(self, depths_m: Sequence[float]) -> Floats:
        """Return when each gauge first told each depth or more, (depths, gauges); NaN for never."""
        found = np.full((len(depths_m), len(self.gauges)), np.nan)
        gauge = np.repeat(np.arange(len(self.gauges)), np.diff(self.first))
        for row, depth in enumerate(depths_m):
            reached = np.flatnonzero(self.depth_m >= depth)
            which, first = np.unique(gauge[reached], return_index=True)
            found[row, which] = self.time_s[reached[first]]
        return found


def depth_record(reader: Reader, city: City, area: str, since: datetime, until: datetime) -> DepthRecord:
    """Return what the gauges of an area in sight told after one moment, up to and with another."""
    return recorded(reader, city, sense.sensor_list(reader, quantity=_DEPTH, area=area), since, until)


def cells_of(city: City, gauges: Sequence[dict[str, Any]]) -> Ints:
    """Return the cell of the city's grid, counted row by row, in which each gauge stands; -1 off the grid."""
    rows, columns = city.terrain.cells([one["lon"] for one in gauges], [one["lat"] for one in gauges])
    return np.where(rows < 0, -1, rows * city.terrain.shape[1] + columns).astype(np.int64)


def recorded(
    reader: Reader, city: City, gauges: Sequence[dict[str, Any]], since: datetime, until: datetime
) -> DepthRecord:
    """Return what some gauges told after one moment, up to and with another."""
    number = np.array([one["number"] for one in gauges], dtype=np.int32)
    sensor, time_us, depth = _observed(reader, np.unique(number), micros(since) + 1, micros(until))
    place = np.full(int(number.max(initial=0)) + 1, -1)
    place[number] = np.arange(len(gauges))
    gauge = place[sensor]
    order = np.lexsort((time_us, gauge))
    first = np.searchsorted(gauge[order], np.arange(len(gauges) + 1))
    times, depths = floats(time_us[order] * _US), np.maximum(depth[order], 0.0)
    return DepthRecord(gauges, cells_of(city, gauges), first, times, depths)


def _observed(reader: Reader, numbers: Any, first_us: int, last_us: int) -> tuple[Ints, Ints, Floats]:
    """Return sensors' numbers, times and values of good observations; read at once, not sensor by sensor."""
    kept: list[tuple[Any, Any, Any]] = []
    if len(numbers):
        with reader.part(Station).history.view() as view:
            for rows in view.rows(numbers, first_us, last_us):
                good = rows.where((rows.quality == GOOD) & np.isfinite(rows.value))
                kept.append((good.sensor, good.time_us, good.value))
    columns = zip(*kept, strict=True) if kept else iter([[np.zeros(0, np.int64)]] * 2 + [[np.zeros(0)]])
    sensor, time_us, value = (np.concatenate(list(column)) for column in columns)
    return sensor.astype(np.int64), time_us.astype(np.int64), floats(value)
