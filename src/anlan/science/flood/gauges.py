"""Series at points: level, depth and velocity of the cell that a point stands in, without interpolation."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from anlan.science.arrays import Floats, Ints, floats
from anlan.science.flood.grid import Grid
from anlan.science.flood.simulation import Kept, Solver


@dataclass(frozen=True, eq=False)
class GaugeSeries:
    """What was seen at a point: moments (s) and, at each, level (m; NaN where dry), depth (m) and velocities (m/s).

    Velocities are empty where they were not asked for.
    """

    time_s: Floats
    level_m: Floats
    depth_m: Floats
    east_m_s: Floats
    north_m_s: Floats


class Gauges:
    """Points that are looked at: an `Observer`.

    Parameters
    ----------
    cells
        By name, a cell counted row by row.
    every_s
        Looks at every multiple of it, and blocks end there; 0 looks at every block. Not at the beginning of a run.
    motion
        Whether velocities are kept; a look then costs a pass over all cells.
    dry_m
        Shallower water has no level.

    Raises
    ------
    ValueError
        If there is no point, or one stands outside the grid or where there is no ground.
    """

    def __init__(
        self,
        grid: Grid,
        cells: Mapping[str, int],
        *,
        every_s: float = 0.0,
        motion: bool = False,
        dry_m: float = 1e-3,
        name: str = "gauges",
    ) -> None:
        """Take the points."""
        self.name, self.every_s, self.motion, self.dry_m = name, every_s, motion, dry_m
        self.names = tuple(cells)
        size = grid.shape[0] * grid.shape[1]
        wrong = [one for one, cell in cells.items() if not 0 <= cell < size or not grid.ground.ravel()[cell]]
        if wrong or not cells:
            raise ValueError(f"{name}: needs points on the ground of the grid; not there: {', '.join(wrong) or 'none'}")
        self._cells: Ints = np.array(list(cells.values()), dtype=np.int64)
        self._at = np.divmod(self._cells, grid.shape[1])
        self._bed_m = floats(grid.bed_m[self._at])
        self._rows: list[Floats] = []

    def see(self, begin_s: float, end_s: float, solver: Solver) -> None:
        """Look at the points, if a moment to look at has come."""
        if self.every_s > 0 and end_s < self.next_look(begin_s):
            return
        depth = floats(solver.depth_m[self._at])
        columns = [depth]
        if self.motion:
            columns += [floats(one[self._at]) for one in solver.velocity_m_s()]
        self._rows.append(np.concatenate([[end_s], *columns]))

    def next_look(self, time_s: float) -> float:
        """Return the next moment at which a block must end."""
        if self.every_s <= 0:
            return np.inf
        return next_multiple(time_s, self.every_s)

    def series(self, name: str) -> GaugeSeries:
        """Return what was seen at a point.

        Raises
        ------
        KeyError
            If no point has the name.
        """
        if name not in self.names:
            raise KeyError(name)
        place, count = self.names.index(name), len(self.names)
        table = np.array(self._rows).reshape(len(self._rows), self._width())
        depth = table[:, 1 + place]
        level = np.where(depth >= self.dry_m, self._bed_m[place] + depth, np.nan)
        none = np.zeros(0)
        east, north = (table[:, 1 + k * count + place] if self.motion else none for k in (1, 2))
        return GaugeSeries(table[:, 0], floats(level), depth, east, north)

    def _width(self) -> int:
        return 1 + len(self.names) * (3 if self.motion else 1)

    def kept(self) -> Kept:
        """Return what a checkpoint keeps."""
        return {"rows": np.array(self._rows).reshape(len(self._rows), self._width())}

    def restore(self, kept: Kept) -> None:
        """Take up what was kept."""
        self._rows = list(floats(kept["rows"]).copy())


def next_multiple(time_s: float, every_s: float) -> float:
    """Return the first multiple of an interval that is later than a moment, by more than rounding."""
    return float((np.floor(time_s / every_s + 1e-9) + 1) * every_s)
