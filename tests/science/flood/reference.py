"""The scheme of `anlan.science.flood.inertial` written out in NumPy and double precision: obvious and slow.

Every line follows the papers, not the compiled code: Bates, Horritt and Fewtrell (2010), eq. 10 and 11, de Almeida et
al. (2012), eq. 10, with the two limits that the module states.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq

from anlan.science.arrays import Bools, Floats
from anlan.science.compiled import Singles
from anlan.science.flood.grid import Grid
from anlan.science.flood.inertial import GRAVITY_M_S2, Inertia, Sparse


class Reference:
    """A solver for `anlan.science.flood.simulation.Simulation`, without walls around the arrays and without threads."""

    def __init__(self, grid: Grid, rules: Inertia | None = None) -> None:
        self.grid, self.rules = grid, rules or Inertia()
        rows, columns = grid.shape
        self.z = np.where(grid.ground, grid.bed_m, 0.0).astype(np.float32).astype(np.float64)
        self.h = np.zeros((rows, columns))
        self.peak = np.zeros((rows, columns))
        self.qx, self.qy = np.zeros((rows, columns - 1)), np.zeros((rows - 1, columns))
        self.n = np.broadcast_to(np.asarray(grid.manning, dtype=np.float32), grid.shape).astype(np.float64)

    @property
    def depth_m(self) -> Any:
        """Depths."""
        return self.h

    @property
    def peak_m(self) -> Any:
        """Greatest depths at the ends of blocks."""
        return self.peak

    def velocity_m_s(self) -> tuple[Singles, Singles]:
        raise NotImplementedError

    def longest_step_s(self, most_m: float = 0.0) -> float:
        deepest = max(float(self.h.max()), most_m)
        side = min(self.grid.dx_m, self.grid.dy_m)
        return self.rules.courant * side / np.sqrt(GRAVITY_M_S2 * deepest) if deepest > 0 else np.inf

    def touch(self) -> None:
        """Nothing is kept beside the depths."""

    def kept(self) -> Mapping[str, npt.NDArray[Any]]:
        return {"h": self.h.copy(), "qx": self.qx.copy(), "qy": self.qy.copy(), "peak": self.peak.copy()}

    def restore(self, kept: Mapping[str, npt.NDArray[Any]]) -> None:
        for name in ("h", "qx", "qy", "peak"):
            setattr(self, name, kept[name].astype(np.float64))

    def take(self, depth_m: Singles, qx: Singles, qy: Singles) -> None:
        """Take up the water of the compiled solver."""
        self.h, self.qx, self.qy = (values.astype(np.float64) for values in (depth_m, qx, qy))

    def advance(self, steps: int, step_s: float, rain_m: Any, sparse: Sparse) -> tuple[float, float]:
        if rain_m is not None:
            self.h = self.h + np.where(self.grid.ground, rain_m, 0.0)
        brought = left = 0.0
        for number in range(steps):
            self._flow(step_s)
            more, less = self._points(step_s, (number + 1) / steps, sparse)
            brought, left = brought + more, left + less
        self.peak = np.maximum(self.peak, self.h)
        return brought * self.grid.cell_m2, left * self.grid.cell_m2

    def _flow(self, dt: float) -> None:
        all_x, all_y = np.pad(self.qx, ((0, 0), (1, 1))), np.pad(self.qy, ((1, 1), (0, 0)))
        east = self._faces(all_x, all_y, dt, self.grid.dx_m, self.grid.wall_x_m, lambda a: a)
        south = self._faces(all_y.T, all_x.T, dt, self.grid.dy_m, _turned(self.grid.wall_y_m), np.transpose).T
        self.qx, self.qy = east, south
        self.h[:, :-1] -= east * dt / self.grid.dx_m
        self.h[:, 1:] += east * dt / self.grid.dx_m
        self.h[:-1] -= south * dt / self.grid.dy_m
        self.h[1:] += south * dt / self.grid.dy_m

    def _faces(self, along: Floats, high: Floats, dt: float, side: float, wall: Any, turn: Any) -> Floats:
        """Return new discharges of the faces between columns; ``turn`` brings the grid into this direction.

        ``along``: discharges of all faces in the direction of flow, the outer ones too; ``high`` those across it.
        """
        h, z, n, ground = turn(self.h), turn(self.z), turn(self.n), turn(self.grid.ground)
        ha, hb, za, zb = h[:, :-1], h[:, 1:], z[:, :-1], z[:, 1:]
        sill = np.maximum(za, zb) if wall is None else np.fmax(np.maximum(za, zb), wall)
        flow = np.maximum(ha + za, hb + zb) - sill
        open_: Bools = ground[:, :-1] & ground[:, 1:] & (flow > self.rules.film_m)
        depth = np.maximum(flow, self.rules.film_m)
        before, q, after = along[:, :-2], along[:, 1:-1], along[:, 2:]
        cross = (high[:-1, :-1] + high[:-1, 1:] + high[1:, :-1] + high[1:, 1:]) / 4
        rough = (n[:, :-1] + n[:, 1:]) / 2
        slope = ((hb + zb) - (ha + za)) / side
        theta = self.rules.theta
        smooth = (before != 0) & (after != 0)
        mean = np.where(smooth, theta * q + (1 - theta) / 2 * (before + after), q)  # A12 eq. 10
        friction = 1 + GRAVITY_M_S2 * dt * rough**2 * np.hypot(q, cross) / depth ** (7 / 3)
        new = (mean - GRAVITY_M_S2 * dt * depth * slope) / friction
        fast = self.rules.froude * np.sqrt(GRAVITY_M_S2 * depth) * depth
        share = self.rules.share * side / dt
        new = np.clip(np.clip(new, -fast, fast), -share * hb, share * ha)
        return np.where(open_, new, 0.0)

    def _points(self, dt: float, done: float, sparse: Sparse) -> tuple[float, float]:
        h, z = self.h.reshape(-1), self.z.reshape(-1)
        np.add.at(h, sparse.source, sparse.rate_m_s * dt)
        brought = float(-np.minimum(h, 0).sum())
        np.maximum(h, 0, out=h)
        level = np.maximum(sparse.begin_m + (sparse.end_m - sparse.begin_m) * done - z[sparse.level], 0)
        brought += float((level - h[sparse.level]).sum())
        h[sparse.level] = level
        left = 0.0
        for cell, pull in zip(sparse.outlet, sparse.pull, strict=True):
            after = _left_by_uniform_flow(float(h[cell]), float(pull) * dt)
            left += float(h[cell]) - after
            h[cell] = after
        return brought, left


def _turned(wall: Singles | None) -> Any:
    return None if wall is None else wall.T


def _left_by_uniform_flow(depth: float, c: float) -> float:
    """Return the depth after a step of uniform flow out of the cell, as deep as what is left."""
    return float(brentq(lambda x: x + c * x ** (5 / 3) - depth, 0.0, depth)) if depth > 0 else 0.0
