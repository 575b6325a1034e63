"""Shallow water with all of its momentum: finite volumes of the first order, for dam breaks and for steep, fast flow.

Each cell keeps its depth and its discharge per breadth in both directions. What goes through a face is HLLC's
approximate solution of the Riemann problem (T01, chapter 10: HLL for water and momentum across the face, momentum along
it carried by the water; speeds of waves after D88) between the depths that both cells have above the bed of the face.

That bed is the higher of both, as in A04, lowered where the water does not reach it:

- Where the surface of the lower cell is below the bed of the higher cell, to that surface (CN17): thin water runs down
  a steep slope with all of its weight. A04 forgets the weight on a step that is higher than the water (D12).
- Where water comes down from the higher cell, by the drop of the surface, at most by that of the bed: in uniform flow
  the depths on both sides of a face are then the same, and the flow is that of Manning's formula on any slope and with
  any size of cells. Without it the step of the bed makes water seep down that does not flow (X17 avoids that by
  reconstructing the surface). It sets in with the Froude number of the cell and is whole from 0.05 on: at rest there is
  none, so that a lake at rest stays at rest, and waves on it die down.

Walls on faces raise the bed of the face. No depth becomes negative: a cell shares its water out to its faces by the
speed at which water and waves go there, which limits a flux only where a step is longer than the water allows. What
rounding leaves over of a depth is kept beside it, so that no water is lost in runs of days.
Manning friction is implicit, from the solution of a quadratic equation (XL18), so that thin water neither turns round
nor swings. Velocities of films come from a formula without singularity (KP07, in the form of K18).

Valid for slow and fast flow, subcritical and supercritical, with hydraulic jumps and dry ground. Of the first order:
waves that are a few cells long are damped and late. For slow water on large grids `anlan.science.flood.inertial` is
the better choice, being several times faster.

References
----------
A04: Audusse, Bouchut, Bristeau, Klein and Perthame (2004), SIAM Journal on Scientific Computing 25, 2050-2065.
CN17: Chen and Noelle (2017), SIAM Journal on Numerical Analysis 55, 758-784.
D88: Davis (1988), SIAM Journal on Scientific and Statistical Computing 9, 445-473.
D12: Delestre, Cordier, Darboux and James (2012), Comptes Rendus Mathematique 350, 677-681.
K18: Kurganov (2018), Acta Numerica 27, 289-351.
KP07: Kurganov and Petrova (2007), Communications in Mathematical Sciences 5, 133-160.
T01: Toro (2001), Shock-capturing methods for free-surface shallow flows, Wiley, chapter 10.
X17: Xia, Liang, Ming and Hou (2017), Water Resources Research 53, 3730-3759.
XL18: Xia and Liang (2018), Advances in Water Resources 117, 87-97.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from anlan.science.arrays import Bools, Floats, Ints
from anlan.science.compiled import Singles
from anlan.science.flood.grid import Grid
from anlan.science.flood.inertial import GRAVITY_M_S2, Sparse
from anlan.science.flood.kernels.momentum import SCRATCH_ROWS, WALL_M, advance, keep, look, pour, settle
from anlan.science.flood.simulation import Case, Simulation
from anlan.science.flood.team import Team

_STEPS = 12  # at most, between two looks at how fast the water runs; blocks have fewer, as long as it runs no faster

_Box = tuple[int, int, int, int]


@dataclass(frozen=True)
class Momentum:
    """The numbers of the scheme.

    Attributes
    ----------
    courant
        Part of the longest stable step: waves and water may cross so much of a cell, both directions together.
    film_m
        Depth below which velocities are damped.
    """

    courant: float = 0.8
    film_m: float = 0.0001

    def __post_init__(self) -> None:
        if not (0 < self.courant <= 1 and self.film_m > 0):
            raise ValueError("momentum: courant must be within 0 and 1, film_m above 0")


@dataclass(frozen=True, eq=False)
class _Points:
    """What happens at single cells, as the kernel takes it."""

    sparse: tuple[Any, ...]
    free: tuple[Ints, Ints]


class _Layout:
    """Where single cells stand on the grid with its ring of walls, and what is beside them."""

    def __init__(self, closed: Bools, dx_m: float, dy_m: float) -> None:
        self._closed, self._width = closed.ravel(), closed.shape[1]
        self._sides = np.array([-1, 1, -self._width, self._width])  # left, right, up, down
        self._per_m = np.array([-1 / dx_m, 1 / dx_m, -1 / dy_m, 1 / dy_m])
        self._last: tuple[Ints, Ints] = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        self._beside = self._seek(*self._last)

    def points(self, sparse: Sparse, datum_m: float) -> _Points:
        """Return cells in rising order, and their numbers as float32."""
        source, rate = self._sorted(sparse.source, sparse.rate_m_s)
        level, begin, end = self._sorted(sparse.level, sparse.begin_m - datum_m, sparse.end_m - datum_m)
        outlet, pull = self._sorted(sparse.outlet, sparse.pull)
        if not (np.array_equal(level, self._last[0]) and np.array_equal(outlet, self._last[1])):
            self._last, self._beside = (level, outlet), self._seek(level, outlet)
        free, out_x, out_y = self._beside
        return _Points((source, rate, level, begin, end, outlet, pull, (out_x, out_y)), free)

    def _sorted(self, cells: Ints, *values: Floats) -> tuple[npt.NDArray[Any], ...]:
        rows, columns = np.divmod(cells, self._width - 2)
        flat = (rows + 1) * self._width + columns + 1
        order = np.argsort(flat, kind="stable")
        return flat[order], *(value[order].astype(np.float32) for value in values)

    def _seek(self, level: Ints, outlet: Ints) -> tuple[tuple[Ints, Ints], Singles, Singles]:
        """Return the cells whose velocity is that of others, those others, and the outward direction of outlets.

        The others of a cell are those away from its closed sides, or all beside it where there are none.
        """
        cells = np.union1d(level, outlet)
        beside = cells[:, None] + self._sides
        useful = ~self._closed[beside] & ~np.isin(beside, cells)
        inward = useful & self._closed[beside][:, [1, 0, 3, 2]]
        others = np.where(np.where(inward.any(axis=1, keepdims=True), inward, useful), beside, -1)
        out = self._outward(outlet) * self._per_m
        return (cells, others), *(out[:, pair].sum(axis=1).astype(np.float32) for pair in ([0, 1], [2, 3]))

    def _outward(self, outlet: Ints) -> Bools:
        """Return at which closed sides of outlets water leaves: at the corner of an edge only on that edge's side."""
        closed = self._closed[outlet[:, None] + self._sides]
        beside = outlet[:, None] + self._sides
        along = np.isin(beside, outlet)
        theirs = np.take(self._closed, beside[:, :, None] + self._sides, mode="clip")  # those outside are not along
        shared = (theirs & along[:, :, None]).any(axis=1)
        found: Bools = closed & (shared | ~along.any(axis=1, keepdims=True))
        return found


class MomentumSolver:
    """The state of the water on a grid, and its advance in time."""

    def __init__(self, grid: Grid, rules: Momentum | None = None, *, team: Team | None = None) -> None:
        """Start with dry ground."""
        self.grid, self.rules, self.team = grid, rules or Momentum(), team or Team()
        rows, columns = grid.shape
        shape = rows + 2, columns + 2
        self._datum_m = float(np.nanmedian(grid.bed_m))  # heights about zero keep more digits
        self._z = np.full(shape, WALL_M, dtype=np.float32)
        self._z[1:-1, 1:-1] = np.where(grid.ground, np.nan_to_num(grid.bed_m - self._datum_m), WALL_M)
        self._h, self._rest, self._hu, self._hv = (np.zeros(shape, dtype=np.float32) for _ in range(4))
        self._peak, self._seen = (np.zeros(shape, dtype=np.float32) for _ in range(2))
        self._n = np.ones(shape, dtype=np.float32)
        self._n[1:-1, 1:-1] = np.where(grid.ground, grid.manning, 1)
        self._walls = self._crests(grid, shape)
        self._by_row = np.zeros((2, shape[0]), np.float32)
        self._by_column = np.zeros((self.team.members, shape[1]), np.float32)
        self._scratch = np.zeros((self.team.members, SCRATCH_ROWS, shape[1]), dtype=np.float32)
        self._per_cell = 1 / grid.dx_m + 1 / grid.dy_m
        self._all: _Box = 1, rows + 1, 1, columns + 1
        self._layout = _Layout(self._z >= WALL_M, grid.dx_m, grid.dy_m)

    def _crests(self, grid: Grid, shape: tuple[int, int]) -> tuple[Singles | None, Singles | None]:
        if grid.wall_x_m is None and grid.wall_y_m is None:
            return None, None
        across, down = (np.full(shape, -WALL_M, dtype=np.float32) for _ in range(2))
        for padded, crest in ((across, grid.wall_x_m), (down, grid.wall_y_m)):
            if crest is not None:
                inner = padded[1 : 1 + crest.shape[0], 1 : 1 + crest.shape[1]]
                inner[:] = np.where(np.isnan(crest), -WALL_M, crest - self._datum_m)
        return across, down

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
        """Discharges to the right and downwards, (rows, columns): views that may be written to at the start."""
        return self._hu[1:-1, 1:-1], self._hv[1:-1, 1:-1]

    def velocity_m_s(self) -> tuple[Singles, Singles]:
        """Return the velocity eastwards and northwards in the middle of each cell; 0 below the film."""
        dry = self.depth_m <= self.rules.film_m
        wet = np.where(dry, np.float32(1), self.depth_m)
        east, south = (np.where(dry, np.float32(0), q / wet) for q in self.discharge_m2_s)
        return east, -south

    def longest_step_s(self, most_m: float = 0.0) -> float:
        """Return the step that the fastest water allows, or water at rest as deep as ``most_m``; infinity if dry."""
        pace = max(float(self._by_row[1].max()), np.sqrt(GRAVITY_M_S2 * most_m) * self._per_cell)
        return self.rules.courant / pace if pace > 0 else np.inf

    def touch(self) -> None:
        """Take note that depths were written from outside: water taken has taken its momentum along, new has none."""
        self._rows(settle, self._h, self._hu, self._hv, self._seen)
        self._seen[:] = self._h
        self._look(self._all)

    def advance(self, steps: int, step_s: float, rain_m: float | Singles | None, sparse: Sparse) -> tuple[float, float]:
        """Advance by ``steps`` times ``step_s`` seconds, in more and shorter steps where the water needs them.

        Parameters
        ----------
        rain_m
            Depth that falls on the ground in this time, one number or (rows, columns), without momentum.

        Returns
        -------
        Volumes, m³: what the prescribed levels brought, with what sinks could not take for want of water; and what left
        over open edges.
        """
        if rain_m is not None:
            amount = np.ascontiguousarray(np.broadcast_to(np.asarray(rain_m, np.float32), self.grid.shape))
            self._rows(pour, self._h, self._rest, self._z, amount)
            self._look(self._all)
        points = self._layout.points(sparse, self._datum_m)
        sums = np.zeros((self.team.members, 2))
        whole = rest = steps * step_s
        while rest > 0:
            step = min(step_s, self.longest_step_s(), self._step_of_sources(sparse))
            count = min(_STEPS, max(1, int(np.ceil(rest / step - 1e-6))))
            done = rest if count < _STEPS or count * step > rest * (1 - 1e-6) else count * step
            box = self._box(count, points)
            if box is None:
                break
            self._march(count, done / count, (1 - rest / whole, done / count / whole), points, box, sums)
            rest = 0.0 if done == rest else rest - done
        self._rows(keep, self._h, self._peak, self._seen)
        brought, left = sums.sum(axis=0) * self.grid.cell_m2
        return float(brought), float(left)

    def _rows(self, work: Callable[..., object], *grids: Singles) -> None:
        self.team.do([partial(work, *grids, first, last) for first, last in self.team.shares(1, self._h.shape[0] - 1)])

    def _step_of_sources(self, sparse: Sparse) -> float:
        """Return the step in which sources raise no cell so far that its waves cross too much of it."""
        flows = sparse.rate_m_s > 0
        if not flows.any():
            return np.inf
        rate = sparse.rate_m_s[flows] * _STEPS
        limit = self.rules.courant / (self._per_cell * np.sqrt(GRAVITY_M_S2))
        most = self.depth_m.ravel()[sparse.source[flows]] + rate * (limit / np.sqrt(rate)) ** (2 / 3)
        return float(limit / np.sqrt(most.max()))

    def _march(
        self, count: int, step_s: float, past: tuple[float, float], points: _Points, box: _Box, sums: Floats
    ) -> None:
        shares = self.team.shares(box[0], box[1])
        state = self._h, self._rest, self._hu, self._hv, self._z, self._n, *self._walls
        step, g = np.float32(step_s), np.float32(GRAVITY_M_S2)
        metric = np.float32(self.grid.dx_m), np.float32(self.grid.dy_m)
        rules = np.float32(self.rules.film_m), g
        moments = np.float32(past[0]), np.float32(past[1])
        self.team.do(
            [
                partial(
                    advance, *state, (first, last, box[2], box[3]), (len(shares), self.team.counters), count, step,
                    metric, rules, points.sparse, points.free, moments, self._scratch[number], sums[number],
                )
                for number, (first, last) in enumerate(shares)
            ]
        )  # fmt: skip
        self._look(box)

    def _look(self, box: _Box) -> None:
        self._by_row[:] = 0
        self._by_column[:] = 0
        numbers = np.float32(GRAVITY_M_S2), np.float32(1 / self.grid.dx_m), np.float32(1 / self.grid.dy_m)
        state = self._h, self._hu, self._hv
        self.team.do(
            [
                partial(look, *state, (first, last, box[2], box[3]), *numbers, self._by_row, self._by_column[number])
                for number, (first, last) in enumerate(self.team.shares(box[0], box[1]))
            ]
        )

    def _box(self, steps: int, points: _Points) -> _Box | None:
        """Return the rows and columns that water can be in or reach in some steps: one cell a step."""
        rows, columns = self._h.shape
        wet_rows, wet_columns = np.flatnonzero(self._by_row[0] > 0), np.flatnonzero(self._by_column.max(axis=0) > 0)
        source, level = points.sparse[0], points.sparse[2]
        r = np.concatenate([wet_rows, source // columns, level // columns])
        c = np.concatenate([wet_columns, source % columns, level % columns])
        if len(r) == 0:
            return None
        more = steps + 1
        return (
            max(1, int(r.min()) - more),
            min(rows - 1, int(r.max()) + more + 1),
            max(1, int(c.min()) - more),
            min(columns - 1, int(c.max()) + more + 1),
        )

    def kept(self) -> Mapping[str, npt.NDArray[np.float32]]:
        """Return what a checkpoint keeps: with it `restore` goes on to the same bits."""
        return {name: values.copy() for name, values in self._names()}

    def restore(self, kept: Mapping[str, npt.NDArray[np.float32]]) -> None:
        """Take up what was kept.

        Raises
        ------
        ValueError
            If it is of another grid.
        """
        for name, values in self._names():
            if kept[name].shape != values.shape:
                raise ValueError(f"{name}: is of a grid of another shape, {kept[name].shape}, not {values.shape}")
            values[:] = kept[name]
        self._seen[:] = self._h
        self.touch()

    def _names(self) -> list[tuple[str, Singles]]:
        return [("h", self._h), ("rest", self._rest), ("hu", self._hu), ("hv", self._hv), ("peak", self._peak)]


def momentum(grid: Grid, case: Case, *, rules: Momentum | None = None, team: Team | None = None) -> Simulation:
    """Return a simulation of a grid with all of its momentum, dry at the beginning."""
    return Simulation(MomentumSolver(grid, rules, team=team), case)
