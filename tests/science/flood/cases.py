"""Cases that several tests run: rough random ground with all that can happen on it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from anlan.science.arrays import Ints
from anlan.science.flood.grid import Grid
from anlan.science.flood.inertial import Inertia, InertialSolver
from anlan.science.flood.points import Inflow, Level, OpenEdge, Points, Series
from anlan.science.flood.simulation import Case, Simulation
from anlan.science.flood.team import Team


@dataclass(frozen=True)
class Shower:
    """Rain that is the same everywhere, or a field, until an end."""

    rate_m_s: Any
    until_s: float = np.inf

    def depth_m(self, begin_s: float, end_s: float) -> Any:
        seconds = max(0.0, min(end_s, self.until_s) - begin_s)
        return None if seconds == 0 else self.rate_m_s * seconds

    def next_bend(self, time_s: float) -> float:
        return self.until_s if time_s < self.until_s else np.inf


@dataclass(frozen=True, eq=False)
class Wild:
    """A case with walls, holes, rough ground, rain, sources, levels and open edges, and water on it at the start."""

    grid: Grid
    points: Points
    rain: Shower | None
    start_m: npt.NDArray[np.float32]

    def simulation(self, solver: Any = None, *, team: Team | None = None, **rules: Any) -> Simulation:
        solver = solver or InertialSolver(self.grid, Inertia(**rules), team=team or Team(1))
        solver.depth_m[:] = self.start_m
        return Simulation(solver, Case(rain=self.rain, points=self.points, longest_step_s=5.0))


def wild(
    rng: np.random.Generator,
    shape: tuple[int, int] = (24, 31),
    *,
    walls: bool = True,
    holes: bool = True,
    rough: bool = True,
    rains: bool = True,
    cell: tuple[float, float] = (7.0, 11.0),
) -> Wild:
    columns = shape[1]
    bed = (rng.normal(0, 0.3, shape) + 3 + np.linspace(0, 1, columns)).astype(np.float32)
    if holes:
        bed[rng.random(shape) < 0.08] = np.nan
    grid = Grid(
        bed,
        *cell,
        manning=rng.uniform(0.015, 0.08, shape).astype(np.float32) if rough else 0.03,
        wall_x_m=crests(rng, bed[:, 1:].shape) if walls else None,
        wall_y_m=crests(rng, bed[1:].shape) if walls else None,
    )
    free = rng.permutation(np.flatnonzero(grid.ground))
    west = np.flatnonzero(grid.ground[:, 0]) * columns
    points = Points(
        grid,
        inflows=(
            Inflow("brook", free[:1], Series.of([0, 100, 300], [0.0, 4.0, 1.0])),
            Inflow("pipe", free[1:4], Series.steady(0.5)),
        ),
        levels=(Level("tide", free[4:7], Series.of([0, 60, 200], [3.0, 4.2, 3.1])),),
        edges=(OpenEdge("west", west, 0.004, cell[0]),),
    )
    rain = Shower(rng.uniform(0, 60, shape) / 3.6e6, 150.0) if rains else None
    start = np.where(grid.ground, np.maximum(0, 3.2 - np.nan_to_num(bed)), 0).astype(np.float32)
    return Wild(grid, points, rain, start)


def crests(rng: np.random.Generator, shape: tuple[int, ...]) -> npt.NDArray[np.float32]:
    """Return walls on a third of the faces."""
    return np.where(rng.random(shape) < 0.3, rng.uniform(3, 4.5, shape), np.nan).astype(np.float32)


def turned(case: Wild, turn: Callable[[Any], Any], *, swap: bool) -> Wild:
    """Return the case after ``turn`` (a mirror or a rotation of arrays); ``swap`` if rows become columns."""
    grid = case.grid
    x, y = grid.wall_x_m, grid.wall_y_m
    new = Grid(
        np.ascontiguousarray(turn(grid.bed_m)),
        grid.dy_m if swap else grid.dx_m,
        grid.dx_m if swap else grid.dy_m,
        _turned(turn, grid.manning),
        _turned(turn, y if swap else x),
        _turned(turn, x if swap else y),
    )
    where = turn(np.arange(grid.bed_m.size).reshape(grid.shape)).ravel()
    place = np.empty_like(where)
    place[where] = np.arange(len(where))  # where each cell stands now

    def moved(one: Any) -> Any:
        cells: Ints = place[one.cells]
        return replace(one, cells=cells)

    points = Points(
        new,
        tuple(map(moved, case.points.inflows)),
        tuple(map(moved, case.points.levels)),
        tuple(map(moved, case.points.edges)),
    )
    rain = None if case.rain is None else replace(case.rain, rate_m_s=_turned(turn, case.rain.rate_m_s))
    return Wild(new, points, rain, np.ascontiguousarray(turn(case.start_m)))


def _turned(turn: Callable[[Any], Any], values: Any) -> Any:
    return np.ascontiguousarray(turn(values)) if isinstance(values, np.ndarray) else values
