"""The compiled full-momentum scheme against the same written out in NumPy and double precision: obvious and slow.

Every line follows the text of `anlan.science.flood.momentum` and its papers, not the compiled code.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from anlan.science.arrays import Bools, Floats
from anlan.science.compiled import Singles
from anlan.science.flood.grid import Grid
from anlan.science.flood.inertial import GRAVITY_M_S2, Sparse
from anlan.science.flood.momentum import Momentum, MomentumSolver
from anlan.science.flood.team import Team
from science.flood.cases import wild
from science.flood.verification import Row, record

FAR_M = 1e6
SIDES = {"left": (0, -1), "right": (0, 1), "up": (-1, 0), "down": (1, 0)}
OTHER = {"left": "right", "right": "left", "up": "down", "down": "up"}


class Reference:
    """A solver for `anlan.science.flood.simulation.Simulation`, with a ring of cells without ground around the grid."""

    def __init__(self, grid: Grid, rules: Momentum) -> None:
        self.grid, self.rules = grid, rules
        self.z = np.pad(
            np.where(grid.ground, grid.bed_m, FAR_M).astype(np.float32).astype(float), 1, constant_values=FAR_M
        )
        self.h, self.hu, self.hv, self.peak = (np.zeros(self.z.shape) for _ in range(4))
        self.n = np.pad(np.broadcast_to(np.asarray(grid.manning, np.float32), grid.shape).astype(float), 1, mode="edge")
        self.crest_x, self.crest_y = self.crests(grid.wall_x_m, (0, -1)), self.crests(grid.wall_y_m, (-1, 0))

    def crests(self, wall: Singles | None, less: tuple[int, int]) -> Floats:
        rows, columns = self.z.shape
        crest = np.full((rows + less[0], columns + less[1]), -FAR_M)
        if wall is not None:
            crest[1:-1, 1:-1] = np.nan_to_num(wall, nan=-FAR_M)
        return crest

    @property
    def depth_m(self) -> Any:
        return self.h[1:-1, 1:-1]

    @property
    def peak_m(self) -> Any:
        return self.peak[1:-1, 1:-1]

    def velocity_m_s(self) -> tuple[Singles, Singles]:
        raise NotImplementedError

    def touch(self) -> None:
        """Nothing is kept beside the state."""

    def kept(self) -> Mapping[str, npt.NDArray[Any]]:
        raise NotImplementedError

    def restore(self, kept: Mapping[str, npt.NDArray[Any]]) -> None:
        raise NotImplementedError

    def states(self) -> tuple[Floats, Floats, Floats]:
        wet = np.maximum(self.h, 1e-12)
        return self.hu / wet, self.hv / wet, np.sqrt(GRAVITY_M_S2 * self.h)

    def longest_step_s(self, most_m: float = 0.0) -> float:
        u, v, c = self.states()
        dx, dy = self.grid.dx_m, self.grid.dy_m
        pace = ((np.abs(u) + c) / dx + (np.abs(v) + c) / dy).max()
        pace = max(pace, np.sqrt(GRAVITY_M_S2 * most_m) * (1 / dx + 1 / dy))
        return float(self.rules.courant / pace) if pace > 0 else np.inf

    def advance(self, steps: int, step_s: float, rain_m: Any, sparse: Sparse) -> tuple[float, float]:
        if rain_m is not None:
            self.depth_m[:] += np.where(self.grid.ground, rain_m, 0.0)
        whole = rest = steps * step_s
        brought = left = 0.0
        while rest > 1e-9 * whole:
            count = min(12, int(np.ceil(rest / min(step_s, self.longest_step_s()) - 1e-6)))
            step = min(step_s, self.longest_step_s(), rest / count)
            step = rest / count if count < 12 else step
            for _ in range(count):
                self.follow(sparse)
                self.flow(step)
                rest -= step
                more, less = self.points(step, 1 - rest / whole, sparse)
                brought, left = brought + more, left + less
        self.peak = np.maximum(self.peak, self.h)
        return brought * self.grid.cell_m2, left * self.grid.cell_m2

    def flow(self, dt: float) -> None:
        u, v, c = self.states()
        dx, dy = self.grid.dx_m, self.grid.dy_m
        ways = (np.abs(u) + 2 * c) / dx + (np.abs(v) + 2 * c) / dy
        share = 0.999 * self.h / np.maximum(dt * ways, 1e-12)
        x = faces(self.h, self.z, u, v, c, share, self.crest_x)
        y = [part.T for part in faces(*(a.T for a in (self.h, self.z, v, u, c, share, self.crest_y)))]
        inner = slice(1, -1), slice(1, -1)
        lost, gained, along = np.zeros_like(self.h), np.zeros_like(self.h), np.zeros_like(self.h)
        lost[inner] = (x[0][1:-1, 1:] - x[0][1:-1, :-1]) * dt / dx + (y[0][1:, 1:-1] - y[0][:-1, 1:-1]) * dt / dy
        gained[inner] = (x[2][1:-1, :-1] - x[1][1:-1, 1:]) * dt / dx + (y[3][:-1, 1:-1] - y[3][1:, 1:-1]) * dt / dy
        along[inner] = (x[3][1:-1, :-1] - x[3][1:-1, 1:]) * dt / dx + (y[2][:-1, 1:-1] - y[1][1:, 1:-1]) * dt / dy
        self.h = self.h - lost
        qx, qy = self.hu + gained, self.hv + along
        film = self.rules.film_m
        drag = dt * GRAVITY_M_S2 * self.n**2 * np.maximum(self.h, film) ** (-7 / 3) * np.hypot(qx, qy)
        slowed = 2 / (1 + np.sqrt(1 + 4 * drag))  # the root of q (1 + k |q|) = q*, over q*
        damped = 2 * self.h**2 / (self.h**2 + np.maximum(self.h, film) ** 2)
        self.hu, self.hv = qx * slowed * damped, qy * slowed * damped

    def cell(self, number: int) -> tuple[int, int]:
        row, column = divmod(int(number), self.grid.shape[1])
        return row + 1, column + 1

    def beside(self, cell: tuple[int, int]) -> dict[str, tuple[int, int]]:
        return {side: (cell[0] + down, cell[1] + right) for side, (down, right) in SIDES.items()}

    def closed(self, cell: tuple[int, int]) -> set[str]:
        return {side for side, other in self.beside(cell).items() if self.z[other] >= FAR_M}

    def follow(self, sparse: Sparse) -> None:
        led = {self.cell(number) for number in (*sparse.level, *sparse.outlet)}
        for cell in led:
            useful = {s: o for s, o in self.beside(cell).items() if self.z[o] < FAR_M and o not in led}
            inward = {s: o for s, o in useful.items() if OTHER[s] in self.closed(cell)}
            others = list((inward or useful).values())
            for q in (self.hu, self.hv):
                q[cell] = self.h[cell] * np.mean([q[o] / max(self.h[o], 1e-12) for o in others]) if others else 0.0

    def points(self, dt: float, done: float, sparse: Sparse) -> tuple[float, float]:
        brought = left = 0.0
        for number, rate in zip(sparse.source, sparse.rate_m_s, strict=True):
            self.h[self.cell(number)] += rate * dt
        for number, begin, end in zip(sparse.level, sparse.begin_m, sparse.end_m, strict=True):
            cell = self.cell(number)
            wanted = max(begin + (end - begin) * done - self.z[cell], 0.0)
            brought, self.h[cell] = brought + wanted - self.h[cell], wanted
        outlets = {self.cell(number) for number in sparse.outlet}
        for number, pull in zip(sparse.outlet, sparse.pull, strict=True):
            left += self.let_out(self.cell(number), pull, outlets, dt)
        return brought, left

    def let_out(self, cell: tuple[int, int], pull: float, outlets: set[tuple[int, int]], dt: float) -> float:
        depth = self.h[cell]
        low, high = 0.0, depth
        for _ in range(60):  # x + pull dt x^(5/3) = depth, by halves
            middle = (low + high) / 2
            low, high = (middle, high) if middle + pull * dt * middle ** (5 / 3) < depth else (low, middle)
        after = low
        along = [o for o in self.beside(cell).values() if o in outlets]
        sides = {s for s in self.closed(cell) if not along or any(s in self.closed(o) for o in along)}
        dx, dy = self.grid.dx_m, self.grid.dy_m
        right, down = ("right" in sides) - ("left" in sides), ("down" in sides) - ("up" in sides)
        out = self.hu[cell] * right / dx + self.hv[cell] * down / dy
        if out > depth * np.sqrt(GRAVITY_M_S2 * depth) * max(abs(right) / dx, abs(down) / dy):
            after = min(after, depth - out * dt)
        for q in (self.hu, self.hv):
            q[cell] *= after / max(depth, 1e-12)
        self.h[cell] = after
        return float(depth - after)


def faces(h: Floats, z: Floats, u: Floats, v: Floats, c: Floats, share: Floats, crest: Floats) -> list[Floats]:
    """Return water, momentum that the left and the right cell see, and momentum along, through the faces in a row."""
    g = GRAVITY_M_S2
    a, b = (slice(None), slice(None, -1)), (slice(None), slice(1, None))
    bed = np.minimum(np.maximum(z[a], z[b]), np.minimum(h[a] + z[a], h[b] + z[b]))
    for high, low, speed in ((a, b, u[a]), (b, a, -u[b])):  # where water comes down from the higher cell
        froude = np.maximum(speed, 0) / np.maximum(c[high], 1e-12)
        drop = np.minimum(np.maximum(h[high] + z[high] - h[low] - z[low], 0), np.maximum(z[high] - z[low], 0))
        whole = z[high] - drop
        bed = np.where(z[high] > z[low], bed - np.minimum(froude / 0.05, 1) * (bed - np.minimum(bed, whole)), bed)
    bed = np.maximum(bed, crest)
    left = np.clip(h[a] + z[a] - np.maximum(bed, z[a]), 0, None)
    right = np.clip(h[b] + z[b] - np.maximum(bed, z[b]), 0, None)
    walled: Bools = np.maximum(z[a], z[b]) >= FAR_M
    left, right = np.where(walled, 0, left), np.where(walled, 0, right)
    slow = np.minimum(np.minimum(u[a] - np.sqrt(g * left), u[b] - np.sqrt(g * right)), 0)
    fast = np.maximum(np.maximum(u[a] + np.sqrt(g * left), u[b] + np.sqrt(g * right)), 0)
    spread = np.maximum(fast - slow, 1e-12)

    def hll(flux_a: Floats, flux_b: Floats, state_a: Floats, state_b: Floats) -> Floats:
        return (fast * flux_a - slow * flux_b + fast * slow * (state_b - state_a)) / spread

    q_a, q_b = left * u[a], right * u[b]
    water = hll(q_a, q_b, left, right)
    water = np.clip(water, -share[b] * (np.maximum(-u[b], 0) + c[b]), share[a] * (np.maximum(u[a], 0) + c[a]))
    push = hll(q_a * u[a] + g / 2 * left**2, q_b * u[b] + g / 2 * right**2, q_a, q_b)
    push = np.where((left == 0) & (right == 0), 0, push)
    weight_a = np.where(walled, 0, g * h[a] * np.minimum(bed - z[a], 0))
    weight_b = np.where(walled, 0, g * h[b] * np.minimum(bed - z[b], 0))
    along = water * np.where(water > 0, v[a], v[b])
    return [water, push - g / 2 * left**2 + weight_a, push - g / 2 * right**2 + weight_b, along]


@pytest.mark.parametrize("seed", range(4))
def test_the_compiled_scheme_is_the_written_one(seed: int) -> None:
    case = wild(np.random.default_rng(seed), (16, 21), walls=bool(seed % 2), rough=seed < 2)
    ours = case.simulation(MomentumSolver(case.grid, team=Team(1)))
    plain = case.simulation(Reference(case.grid, Momentum()))
    ours.run(60.0)
    plain.run(60.0)

    gap = float(np.abs(ours.solver.depth_m - plain.solver.depth_m).max())
    assert ours.books.moved_m3 == pytest.approx(plain.books.moved_m3, rel=1e-3, abs=0.05)
    record(
        Row(
            f"random ground with walls, holes, rain, inflows, tide and an open edge, 60 s, no. {seed}",
            "momentum",
            "the scheme in NumPy and double precision (`tests/science/flood/test_momentum_reference.py`)",
            "depth, greatest difference",
            gap,
            1e-4,
            "m",
        )
    )
