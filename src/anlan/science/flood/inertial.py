"""Shallow water without advection (local inertia), q-centred, on a grid: fast and robust for slow, wide floods.

Each face keeps a discharge per breadth. In a step it takes the mean of itself (weight theta) and its two neighbours in
the direction of flow (of itself alone where one of them is closed or dry), the slope of the water's surface, and
Manning friction on the discharge in both directions taken implicitly. Two limits keep it sound without inventing water:
no face runs faster than a given Froude number, and none takes more than a given share of a cell's water in a step, so
that four faces together never take more than all of it.

Valid where the flow is slower than about half the speed of its waves (Froude below 0.5, de Almeida and Bates 2013):
streets, plains, canals, tide. Not for dam breaks and steep streams: see `anlan.science.flood.momentum`.

References
----------
B10: Bates, Horritt and Fewtrell (2010), Journal of Hydrology 387, 33-45.
A12: de Almeida, Bates, Freer and Souvignet (2012), Water Resources Research 48, W05528.
A13: de Almeida and Bates (2013), Water Resources Research 49, 4833-4844.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from anlan.science.arrays import Floats, Ints
from anlan.science.compiled import Singles
from anlan.science.flood.grid import Grid
from anlan.science.flood.kernels.inertial import SCRATCH_ROWS, WALL_M, advance
from anlan.science.flood.team import Team

GRAVITY_M_S2 = 9.80665
"""Standard acceleration of free fall (ISO 80000-3)."""

_advance: Any = advance  # compiled: its types are those of what it is given
_MARGIN = 2  # cells that the box of wet cells is wider than what water can reach in a block: one face, and its friction


@dataclass(frozen=True)
class Inertia:
    """The numbers of the scheme.

    Attributes
    ----------
    theta
        Weight of a face's own discharge against its neighbours', A12 eq. 10; 1 is B10 without diffusion.
    courant
        Part of the longest stable step, B10 eq. 10.
    film_m
        Water that stays where it is: below it nothing flows.
    froude
        No face runs faster than this Froude number.
    share
        Of a cell's water, what one face may take in a step; above 0.25 four faces can take more than there is.
    """

    theta: float = 0.9
    courant: float = 0.7
    film_m: float = 0.001
    froude: float = 1.0
    share: float = 0.25

    def __post_init__(self) -> None:
        if not (0 < self.theta <= 1 and 0 < self.courant <= 1 and self.film_m > 0):
            raise ValueError("inertia: theta and courant must be within 0 and 1, film_m above 0")
        if not (self.froude > 0 and 0 < self.share <= 0.25):
            raise ValueError("inertia: froude must be above 0, share within 0 and 0.25")


@dataclass(frozen=True, eq=False)
class Sparse:
    """What happens at single cells in a block of steps, cells counted row by row; see `anlan.science.flood.points`."""

    source: Ints
    rate_m_s: Floats
    level: Ints
    begin_m: Floats
    end_m: Floats
    outlet: Ints
    pull: Floats


class InertialSolver:
    """The state of the water on a grid, and its advance in time."""

    def __init__(self, grid: Grid, rules: Inertia | None = None, *, team: Team | None = None) -> None:
        """Start with dry ground."""
        self.grid, self.rules, self.team = grid, rules or Inertia(), team or Team()
        rows, columns = grid.shape
        shape = rows + 2, columns + 2
        self._datum_m = float(np.nanmedian(grid.bed_m))  # heights about zero keep more digits
        self._z = np.full(shape, WALL_M, dtype=np.float32)
        self._z[1:-1, 1:-1] = np.where(grid.ground, np.nan_to_num(grid.bed_m - self._datum_m), WALL_M)
        self._h, self._rest, self._qx, self._qy, self._peak = (np.zeros(shape, dtype=np.float32) for _ in range(5))
        self._n: np.float32 | Singles = np.float32(0)
        if isinstance(grid.manning, float | int):
            self._n = np.float32(grid.manning)
        else:
            self._n = np.ones(shape, dtype=np.float32)
            self._n[1:-1, 1:-1] = np.where(grid.ground, grid.manning, 1)
        self._walls = tuple(self._wall(crest, shape) for crest in (grid.wall_x_m, grid.wall_y_m))
        self._by_row, self._by_column = (
            np.zeros(shape[0], np.float32),
            np.zeros((self.team.members, shape[1]), np.float32),
        )
        self._scratch = np.zeros((self.team.members, SCRATCH_ROWS, shape[1]), dtype=np.float32)

    def _wall(self, crest: Singles | None, shape: tuple[int, int]) -> Singles | None:
        if crest is None:
            return None
        padded = np.full(shape, -WALL_M, dtype=np.float32)
        padded[1 : 1 + crest.shape[0], 1 : 1 + crest.shape[1]] = np.where(
            np.isnan(crest), -WALL_M, crest - self._datum_m
        )
        return padded

    @property
    def depth_m(self) -> Singles:
        """Depths, (rows, columns): a view that may be written to between blocks."""
        return self._h[1:-1, 1:-1]

    @property
    def peak_m(self) -> Singles:
        """Greatest depths at the ends of blocks so far, (rows, columns)."""
        return self._peak[1:-1, 1:-1]

    @property
    def discharge_m2_s(self) -> tuple[Singles, Singles]:
        """Discharges to the right and downwards at the faces, (rows, columns - 1) and (rows - 1, columns): views."""
        return self._qx[1:-1, 1:-2], self._qy[1:-2, 1:-1]

    def velocity_m_s(self) -> tuple[Singles, Singles]:
        """Return the velocity eastwards and northwards in the middle of each cell; 0 below the film."""
        h = self.depth_m
        wet = np.maximum(h, self.rules.film_m)
        east = (self._qx[1:-1, :-2] + self._qx[1:-1, 1:-1]) / (2 * wet)
        north = -(self._qy[:-2, 1:-1] + self._qy[1:-1, 1:-1]) / (2 * wet)
        dry = h <= self.rules.film_m
        return np.where(dry, np.float32(0), east), np.where(dry, np.float32(0), north)

    def longest_step_s(self, most_m: float = 0.0) -> float:
        """Return the step that the deepest water allows, or water as deep as ``most_m``; infinity where all is dry.

        It is NaN where the water is no number.
        """
        deepest = max(float(self._by_row.max()), most_m)
        side = min(self.grid.dx_m, self.grid.dy_m)
        return self.rules.courant * side / np.sqrt(GRAVITY_M_S2 * deepest) if deepest != 0 else np.inf

    def touch(self) -> None:
        """Take note that depths were written from outside."""
        self._by_row[:] = self._h.max(axis=1)
        self._by_column[0] = self._h.max(axis=0)
        self._by_column[1:] = 0

    def advance(self, steps: int, step_s: float, rain_m: float | Singles | None, sparse: Sparse) -> tuple[float, float]:
        """Advance by some steps.

        Parameters
        ----------
        rain_m
            Depth that falls on the ground in these steps, one number or (rows, columns).

        Returns
        -------
        Volumes, m³: what the prescribed levels brought, with what sinks could not take for want of water; and what left
        over open edges.
        """
        width = self._h.shape[1]
        padded = _sparse(sparse, width, self._datum_m)
        box = self._box(steps, rain_m is not None, padded[0], padded[2])
        if box is None:
            return 0.0, 0.0
        rain = self._rain(rain_m)
        shares = self.team.shares(box[0], box[1])
        sums = np.zeros((len(shares), 2))
        self._by_row[:] = 0
        self._by_column[:] = 0
        rules = self.rules
        numbers = (rules.theta, rules.film_m, rules.share, rules.froude, GRAVITY_M_S2)
        metric = np.float32(self.grid.dx_m), np.float32(self.grid.dy_m)
        fixed = (self._h, self._rest, self._z, self._qx, self._qy, self._n, *self._walls, self._peak, rain)
        scheme = tuple(np.float32(number) for number in numbers)

        def job(number: int, first: int, last: int) -> None:
            team, seen = (len(shares), self.team.counters), (sums[number], self._by_row, self._by_column[number])
            box_of_job, step = (first, last, box[2], box[3]), (steps, np.float32(step_s), metric, scheme)
            _advance(*fixed, box_of_job, team, *step, padded, self._scratch[number], seen)

        self.team.do([partial(job, number, *share) for number, share in enumerate(shares)])
        brought, left = sums.sum(axis=0) * self.grid.cell_m2
        return float(brought), float(left)

    def _box(self, steps: int, rains: bool, source: Ints, level: Ints) -> tuple[int, int, int, int] | None:
        """Return the rows and columns that water can be in or reach in some steps: one cell a step."""
        rows, columns = self._h.shape
        if rains:
            return 1, rows - 1, 1, columns - 1
        wet_rows, wet_columns = np.flatnonzero(self._by_row > 0), np.flatnonzero(self._by_column.max(axis=0) > 0)
        sparse = np.concatenate([source, level])
        r, c = np.concatenate([wet_rows, sparse // columns]), np.concatenate([wet_columns, sparse % columns])
        if len(r) == 0:
            return None
        more = steps + _MARGIN
        return (
            max(1, int(r.min()) - more),
            min(rows - 1, int(r.max()) + more + 1),
            max(1, int(c.min()) - more),
            min(columns - 1, int(c.max()) + more + 1),
        )

    def _rain(self, rain_m: float | Singles | None) -> np.float32 | Singles | None:
        if rain_m is None or isinstance(rain_m, float | int):
            return None if rain_m is None else np.float32(rain_m)
        padded = np.zeros(self._h.shape, dtype=np.float32)
        padded[1:-1, 1:-1] = rain_m
        return padded

    def kept(self) -> Mapping[str, npt.NDArray[Any]]:
        """Return what a checkpoint keeps: with it `restore` goes on to the same bits."""
        return {name: values.copy() for name, values in self._state().items()}

    def _state(self) -> dict[str, Singles]:
        return {"h": self._h, "rest": self._rest, "qx": self._qx, "qy": self._qy, "peak": self._peak}

    def restore(self, kept: Mapping[str, npt.NDArray[Any]]) -> None:
        """Take up what was kept.

        Raises
        ------
        ValueError
            If it is of another grid.
        """
        for name, values in self._state().items():
            if kept[name].shape != values.shape:
                raise ValueError(f"{name}: is of a grid of another shape, {kept[name].shape}, not {values.shape}")
            values[:] = kept[name]
        self.touch()


def _sparse(sparse: Sparse, width: int, datum_m: float) -> tuple[npt.NDArray[Any], ...]:
    """Return cells counted on the grid with its walls, in rising order, and their numbers as float32."""

    def padded(cells: Ints, *values: Floats) -> list[npt.NDArray[Any]]:
        rows, columns = np.divmod(cells, width - 2)
        flat = (rows + 1) * width + columns + 1
        order = np.argsort(flat, kind="stable")
        return [flat[order], *(value[order].astype(np.float32) for value in values)]

    return (
        *padded(sparse.source, sparse.rate_m_s),
        *padded(sparse.level, sparse.begin_m - datum_m, sparse.end_m - datum_m),
        *padded(sparse.outlet, sparse.pull),
    )
