"""Rain by town and interval on the cut of a district, as one member of an ensemble has it."""

from dataclasses import dataclass

import numpy as np

from anlan.assess.forcing import HOUR_S, Forcing, Hours
from anlan.assess.water.district import District
from anlan.science.arrays import Floats, floats
from anlan.science.compiled import Singles

_MM_H = 1e-3 / 3600  # m/s in a millimetre an hour


@dataclass(frozen=True, eq=False)
class Intervals:
    """Rain (mm/h) by town, (intervals, towns), that holds between moments that rise, (intervals + 1,)."""

    edges_s: Floats
    rate_mm_h: Floats

    def since(self, moment_s: float) -> "Intervals":
        """Return what falls after a moment."""
        first = int(np.searchsorted(self.edges_s[1:], moment_s, side="right"))
        edges = np.append(max(moment_s, float(self.edges_s[first])), self.edges_s[first + 1 :])
        return Intervals(floats(edges), self.rate_mm_h[first:])

    @property
    def first_rain_s(self) -> float:
        """The beginning of the first interval in which rain falls anywhere; the end where none does."""
        wet = np.flatnonzero(self.rate_mm_h.max(axis=1, initial=0.0) > 0)
        return float(self.edges_s[wet[0]] if len(wet) else self.edges_s[-1])


def fallen(hours: Hours, driven: Forcing) -> Intervals:
    """Return the rain observed, from the first hour looked at up to now."""
    past = hours.elapsed > 0
    ends = np.minimum(hours.starts_s[past] + HOUR_S, hours.now_s)
    edges = np.append(hours.starts_s[past], ends[-1:] if past.any() else [hours.now_s])
    return Intervals(floats(edges), driven.fallen_mm[past] / hours.elapsed[past, None])


def expected(hours: Hours, driven: Forcing) -> Intervals:
    """Return the rain expected, from now to the end of the forecast."""
    later = hours.ahead > 0
    edges = np.append(np.maximum(hours.starts_s[later], hours.now_s), hours.end_s)
    return Intervals(floats(edges), driven.expected_mm[later] / hours.ahead[later, None])


class TownRain:
    """Implements `anlan.science.flood.simulation.Rain`: each cell has the rain of its town, or of that beside it.

    Parameters
    ----------
    factor, shift_m
        What a member multiplies the rain by, and how far it moves it eastwards and northwards.
    """

    def __init__(
        self, district: District, rain: Intervals, *, factor: float = 1.0, shift_m: tuple[float, float] = (0.0, 0.0)
    ) -> None:
        """Lay the towns out as this member's rain falls on them."""
        east, north = (round(distance / district.cell_m) for distance in shift_m)
        self._town = _moved(district, east, north)
        self._rain, self._factor = rain, factor
        self._field: tuple[int, Singles | None] = (-1, None)

    def depth_m(self, begin_s: float, end_s: float) -> Singles | None:
        """Return what falls between two moments within one interval."""
        number = int(np.searchsorted(self._rain.edges_s, begin_s, side="right")) - 1
        if not 0 <= number < len(self._rain.rate_mm_h):
            return None
        if self._field[0] != number:
            rate = self._rain.rate_mm_h[number] * (self._factor * _MM_H)
            field = np.append(rate, 0.0)[self._town].astype(np.float32) if rate.max(initial=0.0) > 0 else None
            self._field = (number, field)
        field = self._field[1]
        return None if field is None else field * np.float32(end_s - begin_s)

    def next_bend(self, time_s: float) -> float:
        """Return the next edge of an interval."""
        later = self._rain.edges_s[self._rain.edges_s > time_s]
        return float(later[0]) if len(later) else np.inf


def _moved(district: District, east: int, north: int) -> "np.typing.NDArray[np.int16]":
    """Return the town whose rain falls on each cell; beyond the cut's edge that of the edge."""
    rows, columns = district.shape
    row = np.clip(np.arange(rows) + north, 0, rows - 1)  # what falls here has come from the south: rows go southwards
    column = np.clip(np.arange(columns) - east, 0, columns - 1)
    town = district.town[np.ix_(row, column)]
    # Where the moved field has no town (the sea, the next province), the cell keeps its own town's rain.
    return np.where(town < 0, district.town, town)
