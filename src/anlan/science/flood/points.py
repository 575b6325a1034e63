"""Places where water enters or leaves the grid in every step: sources, prescribed levels, open edges."""

from dataclasses import dataclass, field
from typing import Self

import numpy as np
import numpy.typing as npt

from anlan.science.arrays import Floats, Ints, floats
from anlan.science.flood.grid import Grid


@dataclass(frozen=True)
class Series:
    """A quantity against time: straight between the moments, and as the first and last beyond them.

    Raises
    ------
    ValueError
        If there is no moment, they do not rise, or a value is not finite.
    """

    time_s: Floats
    value: Floats

    def __post_init__(self) -> None:
        if len(self.time_s) == 0 or len(self.time_s) != len(self.value):
            raise ValueError("series: needs as many values as moments, and at least one")
        if not (np.isfinite(self.time_s).all() and np.isfinite(self.value).all()):
            raise ValueError("series: moments and values must be finite")
        if np.any(np.diff(self.time_s) <= 0):
            raise ValueError("series: moments must rise")

    @classmethod
    def of(cls, time_s: npt.ArrayLike, value: npt.ArrayLike) -> Self:
        """Return a series of what NumPy can read."""
        return cls(np.atleast_1d(floats(time_s)), np.atleast_1d(floats(value)))

    @classmethod
    def steady(cls, value: float) -> Self:
        """Return a quantity that does not change."""
        return cls.of(0.0, value)

    def at(self, time_s: float) -> float:
        """Return the value at a moment."""
        return float(np.interp(time_s, self.time_s, self.value))

    def mean(self, begin_s: float, end_s: float) -> float:
        """Return the mean between two moments, exactly."""
        if end_s <= begin_s:
            return self.at(begin_s)
        inner = self.time_s[(self.time_s > begin_s) & (self.time_s < end_s)]
        time = np.concatenate([[begin_s], inner, [end_s]])
        return float(np.trapezoid(np.interp(time, self.time_s, self.value), time) / (end_s - begin_s))

    def next_bend(self, time_s: float) -> float:
        """Return the first moment after ``time_s`` at which the series bends; infinity after the last."""
        later = self.time_s[self.time_s > time_s]
        return float(later[0]) if len(later) else np.inf


@dataclass(frozen=True, eq=False)
class Inflow:
    """A discharge (m³/s, negative takes out) that is spread evenly over some cells, counted row by row."""

    name: str
    cells: Ints
    discharge_m3_s: Series


@dataclass(frozen=True, eq=False)
class Level:
    """A water level (m, the datum of the bed) that some cells are held at: tide, river, lake."""

    name: str
    cells: Ints
    level_m: Series


@dataclass(frozen=True, eq=False)
class OpenEdge:
    """Cells from which water leaves the grid in uniform flow with the slope given (Manning).

    ``along_m`` is the side of a cell in the direction of that flow.
    """

    name: str
    cells: Ints
    slope: float
    along_m: float


@dataclass(eq=False)
class Points:
    """All such places of a run, laid out for the solver.

    Raises
    ------
    ValueError
        If a place has no cells, or some without ground or outside the grid; two inflows have one name; a cell is held
        at two levels; or an edge has no slope or its cells no side.
    """

    grid: Grid
    inflows: tuple[Inflow, ...] = ()
    levels: tuple[Level, ...] = ()
    edges: tuple[OpenEdge, ...] = ()
    _pull: Floats = field(init=False)

    def __post_init__(self) -> None:
        places = [(one.name, one.cells) for one in self.inflows]
        places += [(one.name, one.cells) for one in self.levels] + [(one.name, one.cells) for one in self.edges]
        for name, cells in places:
            self._check(name, cells)
        if len({one.name for one in self.inflows}) != len(self.inflows):
            raise ValueError("inflows: each needs a name of its own")
        if not all(edge.slope > 0 and edge.along_m > 0 for edge in self.edges):
            raise ValueError("edges: slope and side of the cells must be above zero")
        held = np.concatenate([level.cells for level in self.levels]) if self.levels else np.zeros(0, dtype=np.int64)
        if len(np.unique(held)) != len(held):
            raise ValueError("levels: a cell can be held at one level only")
        self._pull = floats(
            [
                np.sqrt(edge.slope) / (float(n) * edge.along_m)
                for edge in self.edges
                for n in self.grid.manning_at(edge.cells)
            ]
        )

    def _check(self, name: str, cells: Ints) -> None:
        size = self.grid.shape[0] * self.grid.shape[1]
        if len(cells) == 0 or cells.min() < 0 or cells.max() >= size:
            raise ValueError(f"{name}: needs cells within the grid of {size} cells")
        if not self.grid.ground.ravel()[cells].all():
            raise ValueError(f"{name}: stands where there is no ground")

    def next_bend(self, time_s: float) -> float:
        """Return the next moment at which one of the series bends."""
        return min((s.next_bend(time_s) for s in self._series()), default=np.inf)

    def _series(self) -> list[Series]:
        return [one.discharge_m3_s for one in self.inflows] + [one.level_m for one in self.levels]

    def rates(self, begin_s: float, end_s: float) -> tuple[Ints, Floats, dict[str, float]]:
        """Return cells, m/s of each, and the volume (m³) that each inflow brings between two moments."""
        cells, rates, volumes = [], [], {}
        for one in self.inflows:
            mean = one.discharge_m3_s.mean(begin_s, end_s)
            cells.append(one.cells)
            rates.append(np.full(len(one.cells), mean / (self.grid.cell_m2 * len(one.cells))))
            volumes[one.name] = mean * (end_s - begin_s)
        return _joined(cells, np.int64), _joined(rates, np.float64), volumes

    def held(self, begin_s: float, end_s: float) -> tuple[Ints, Floats, Floats]:
        """Return cells whose level is prescribed, and their levels at two moments."""
        cells = _joined([one.cells for one in self.levels], np.int64)
        counts = [len(one.cells) for one in self.levels]
        first, last = (np.repeat([one.level_m.at(t) for one in self.levels], counts) for t in (begin_s, end_s))
        return cells, floats(first), floats(last)

    def outlets(self) -> tuple[Ints, Floats]:
        """Return cells from which water leaves, and sqrt(slope) / (n * side) of each."""
        return _joined([one.cells for one in self.edges], np.int64), self._pull


def _joined(parts: list[npt.NDArray], kind: type) -> npt.NDArray:  # type: ignore[type-arg]  # of the kind given
    return np.concatenate(parts).astype(kind) if parts else np.zeros(0, dtype=kind)
