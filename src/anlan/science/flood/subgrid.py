"""Local inertia on a coarse grid that keeps the streets and canals finer than its cells.

The state of a cell is its volume, held as volume over cell area (m); its level follows from the cell's table. A face's
discharge follows the scheme of `anlan.science.flood.inertial` with the flow area A and the conveyance K of the face at
the higher of the two levels, per breadth of the whole face:

    dQ/dt = - g A d(eta)/dx - g A Q |Q| / K²

so that steady flow is Q = K sqrt(slope) whatever part of the face is wet. On ground without anything finer than the
cells A is the flow depth, K = A^(5/3) / n, and the scheme is `inertial`'s.

A face can be wider than the water behind it, where a canal runs along it: waves then pass the cell faster than
sqrt(g A), and the step would have to shrink for a few faces. There both sides of the equation are multiplied by the
same number below one, so that waves pass no cell in less than a step and steady flow stays as it is. By the same means
``least_step_s`` keeps deep water from shortening the step of all: its waves go slower, its uniform flow does not.

One level stands for a cell: two pools that a ridge divides within a cell are one; a ridge holds water back only where
it lies on a face. Cells should not be wider than the blocks between streets.

References
----------
See `anlan.science.flood.subgrid_tables`.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from anlan.science.arrays import Floats, Ints
from anlan.science.compiled import Singles
from anlan.science.flood.inertial import GRAVITY_M_S2, Inertia, Sparse
from anlan.science.flood.kernels.subgrid import CELL, FACE, FAR_M, OLD_ROWS, SCRATCH_ROWS, advance, settle
from anlan.science.flood.simulation import Case, Simulation
from anlan.science.flood.subgrid_tables import SubgridTables
from anlan.science.flood.team import Team

_MARGIN = 2  # cells that the box of wet cells is wider than what water can reach in a block
_STABLE = 0.45  # of theta: g h dt² / dx² that waves are held to; a chequerboard of them grows from 0.5 theta on
_COURANT = 0.6  # short enough that no wave is held back on ground without anything finer than the cells

_advance: Callable[..., None] = advance
_settle: Callable[..., None] = settle


class SubgridSolver:
    """Water on a coarse grid with tables.

    ``depth_m`` is volume over the area of the whole cell, what exchanges and books count in; `levels_m` gives the water
    levels and `fine_depth_m` the depths on the fine terrain. Rain on a cell that is ground in part runs to that part.
    """

    def __init__(
        self,
        tables: SubgridTables,
        rules: Inertia | None = None,
        *,
        team: Team | None = None,
        least_step_s: float = 0.0,
    ) -> None:
        """Start with dry ground. ``least_step_s``: the step that deep water does not shorten further.

        Rules with a Courant number above 0.6 hold the fastest waves back a little.
        """
        self.tables, self.grid = tables, tables.grid
        self.rules, self.team = rules or Inertia(courant=_COURANT), team or Team()
        self.least_step_s = least_step_s
        rows, columns = self.grid.shape
        shape, members = (rows + 2, columns + 2), self.team.members
        self._ground = self.grid.ground
        self._h, self._rest, self._eta, self._qx, self._qy, self._peak = (
            np.zeros(shape, dtype=np.float32) for _ in range(6)
        )
        self._cell = _pieces(CELL, shape, (1, 3), self._ground)
        inside = np.ones(self.grid.shape, dtype=np.bool_)
        self._face_x, self._face_y = (_pieces(FACE, shape, (0, 1), inside) for _ in range(2))
        self._by_row = np.zeros(shape[0], dtype=np.float32)
        self._by_column = np.zeros((members, shape[1]), dtype=np.float32)
        self._scratch = tuple(
            np.zeros((members, *rows, shape[1]), dtype=np.float32) for rows in ((SCRATCH_ROWS,), (OLD_ROWS,), (1, FACE))
        )
        self.touch()

    @property
    def depth_m(self) -> Singles:
        """Volume over cell area, (rows, columns): a view that may be written to between blocks."""
        return self._h[1:-1, 1:-1]

    @property
    def peak_m(self) -> Singles:
        """Greatest volume over cell area at the ends of blocks so far, (rows, columns)."""
        return self._peak[1:-1, 1:-1]

    @property
    def discharge_m2_s(self) -> tuple[Singles, Singles]:
        """Discharges per breadth of the whole face, to the right and downwards: views, as of `inertial`."""
        return self._qx[1:-1, 1:-2], self._qy[1:-2, 1:-1]

    def levels_m(self) -> Singles:
        """Return the level of the water in each cell; the lowest ground where dry, NaN where there is none."""
        level = self._eta[1:-1, 1:-1] + np.float32(self.tables.datum_m)
        return np.where(self._ground, level, np.float32(np.nan))

    def peak_levels_m(self) -> Singles:
        """Return the highest levels at the ends of blocks so far."""
        return self.tables.level_m(self.peak_m)

    def fine_depth_m(self, fine_bed_m: npt.NDArray[np.floating], level_m: Singles | None = None) -> Singles:
        """Return depths on the fine terrain, for maps: now, or at other levels (`peak_levels_m`)."""
        return self.tables.fine_depth_m(self.levels_m() if level_m is None else level_m, fine_bed_m)

    def velocity_m_s(self) -> tuple[Singles, Singles]:
        """Return the velocity eastwards and northwards: discharge over flow area, the mean of a cell's two faces."""
        east, south = self._speed(self._face_x, self._qx, 1), self._speed(self._face_y, self._qy, 0)
        wet, nothing = self.depth_m * self._cell[1:-1, 2, 1:-1] > self.rules.film_m, np.float32(0)
        return (
            np.where(wet, (east[1:-1, :-2] + east[1:-1, 1:-1]) / 2, nothing),
            np.where(wet, -(south[:-2, 1:-1] + south[1:-1, 1:-1]) / 2, nothing),
        )

    def _speed(self, face: Singles, q: Singles, axis: int) -> Singles:
        higher = np.maximum(self._eta, np.roll(self._eta, -1, axis))
        dry, wet = face[:, 2], face[:, 3]
        area = wet * (higher - dry)
        open_m = np.float32(self.rules.film_m) * wet
        return np.divide(q, area, out=np.zeros_like(q), where=area > open_m)

    def longest_step_s(self, most_m: float = 0.0) -> float:
        """Return the step that the deepest water (over the wet part of its cell) allows; infinity where all is dry."""
        deepest = max(float(self._by_row.max()), most_m)
        if not deepest > 0:
            return float("nan") if np.isnan(deepest) else np.inf
        side = min(self.grid.dx_m, self.grid.dy_m)
        return max(self.rules.courant * side / float(np.sqrt(GRAVITY_M_S2 * deepest)), self.least_step_s)

    def touch(self) -> None:
        """Take note that depths were written from outside."""
        self._by_row[:] = 0
        self._by_column[:] = 0
        fixed = self._h, self._eta, self._cell, self.tables.cells

        def job(number: int, first: int, last: int) -> None:
            _settle(*fixed, first, last, (self._by_row, self._by_column[number]))

        shares = self.team.shares(1, self._h.shape[0] - 1)
        self.team.do([partial(job, number, *share) for number, share in enumerate(shares)])

    def advance(self, steps: int, step_s: float, rain_m: float | Singles | None, sparse: Sparse) -> tuple[float, float]:
        """Advance by some steps; as `anlan.science.flood.inertial.InertialSolver.advance`."""
        padded = _sparse(sparse, self._h.shape[1], self.tables.datum_m)
        box = self._box(steps, rain_m is not None, padded[0], padded[2])
        if box is None:
            return 0.0, 0.0
        shares = self.team.shares(box[0], box[1])
        sums = np.zeros((len(shares), 2))
        self._by_row[:] = 0
        self._by_column[:] = 0
        rules, grid, tables = self.rules, self.grid, self.tables
        numbers = (rules.theta, rules.film_m, rules.share, rules.froude, GRAVITY_M_S2, _STABLE * rules.theta)
        scheme = tuple(np.float32(number) for number in numbers)
        step = steps, np.float32(step_s), (np.float32(grid.dx_m), np.float32(grid.dy_m)), scheme
        state = self._h, self._rest, self._eta, self._qx, self._qy
        fixed = (
            *(state, self._cell, self._face_x, self._face_y, (tables.cells, tables.right, tables.below)),
            *(self._peak, self._rain(rain_m)),
        )

        def job(number: int, first: int, last: int) -> None:
            own = tuple(rows[number] for rows in self._scratch)
            seen = sums[number], self._by_row, self._by_column[number]
            box_of_job, team = (first, last, box[2], box[3]), (len(shares), self.team.counters)
            _advance(*fixed, box_of_job, team, *step, padded, own, seen)

        self.team.do([partial(job, number, *share) for number, share in enumerate(shares)])
        brought, left = sums.sum(axis=0) * grid.cell_m2
        return float(brought), float(left)

    def _box(self, steps: int, rains: bool, source: Ints, level: Ints) -> tuple[int, int, int, int] | None:
        """Return the rows and columns that water can be in or reach in some steps: one cell a step."""
        rows, columns = self._h.shape
        if rains:
            return 1, rows - 1, 1, columns - 1
        sparse = np.concatenate([source, level])
        r = np.concatenate([np.flatnonzero(self._by_row > 0), sparse // columns])
        c = np.concatenate([np.flatnonzero(self._by_column.max(axis=0) > 0), sparse % columns])
        if len(r) == 0:
            return None
        more = steps + _MARGIN
        return (
            max(1, int(r.min()) - more),
            min(rows - 1, int(r.max()) + more + 1),
            max(1, int(c.min()) - more),
            min(columns - 1, int(c.max()) + more + 1),
        )

    def _rain(self, rain_m: float | Singles | None) -> Singles | None:
        if rain_m is None:
            return None
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


def _pieces(count: int, shape: tuple[int, int], ends: tuple[int, int], used: npt.NDArray[np.bool_]) -> Singles:
    """Return pieces of tables of which those used are to be looked up at once, and all others never."""
    found = np.zeros((shape[0], count, shape[1]), dtype=np.float32)
    begin, end = ends
    found[:, begin], found[:, end] = -FAR_M, FAR_M
    found[1:-1, begin, 1:-1][used] = FAR_M
    found[1:-1, end, 1:-1][used] = -FAR_M
    return found


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


def subgrid(
    tables: SubgridTables,
    case: Case,
    *,
    rules: Inertia | None = None,
    team: Team | None = None,
    least_step_s: float = 0.0,
) -> Simulation:
    """Return a simulation on a coarse grid with tables, dry at the beginning."""
    return Simulation(SubgridSolver(tables, rules, team=team, least_step_s=least_step_s), case)
