"""UK Environment Agency test 4 with full momentum, on cells of 10 m, see `science.flood.test_ea_4`."""

from pathlib import Path

import numpy as np

from anlan.science.flood.grid import Grid
from anlan.science.flood.momentum import momentum
from anlan.science.flood.points import Inflow, OpenEdge, Points, Series
from anlan.science.flood.simulation import Case
from anlan.science.flood.team import Team
from science.flood.verification import Row, record

CASE = "UK EA 2D test 4: a flood over a flat plain, 10 m"
DG2 = "LISFLOOD-FP 8.0 DG2 at 5 m (Shaw et al. 2021, Zenodo 10.5281/zenodo.4066824)"
POINTS_M = ((50, 1000), (100, 1000), (200, 1000), (300, 1000), (400, 1000), (300, 1300))
INFLOW = Series.of([0, 300, 3600, 14400, 18000], [0, 0, 20, 20, 0])
SIDE_M = 10


def test_depths_are_those_of_a_finer_scheme() -> None:
    reference = np.loadtxt(Path(__file__).parent / "data" / "ea4_lisflood_dg2_5m.csv", delimiter=",", skiprows=2)
    rows, columns = 2000 // SIDE_M, 1000 // SIDE_M
    grid = Grid(np.zeros((rows, columns)), SIDE_M, SIDE_M, 0.05)
    cells = np.arange(grid.bed_m.size).reshape(grid.shape)
    free = {"east": cells[:, -1], "north": cells[0, :-1], "south": cells[-1, :-1]}
    edges = tuple(OpenEdge(name, some, 0.001, SIDE_M) for name, some in free.items())
    inflow = Inflow("breach", cells[rows // 2 - 1 : rows // 2 + 1, 0], INFLOW)
    simulation = momentum(grid, Case(points=Points(grid, (inflow,), edges=edges)), team=Team(2))
    error = []
    for time, *depths in reference:
        simulation.run(float(time))
        found = simulation.solver.depth_m
        for (x, y), depth in zip(POINTS_M, depths, strict=True):
            row, column = (2000 - y) // SIDE_M, x // SIDE_M  # a corner of four cells
            error.append((time, float(found[row - 1 : row + 1, column - 1 : column + 1].mean()) - depth))
    time, gap = np.array(error).T

    late = float(np.sqrt(np.mean(gap[time > 4500] ** 2)))  # the front is past all points
    record(Row(CASE, "momentum", DG2, "depth at six points, RMSE from 75 min on", late, 0.01, "m"))
    whole = float(np.sqrt(np.mean(gap**2)))
    record(Row(CASE, "momentum", DG2, "depth at six points, RMSE over all the time", whole, 0.02, "m"))
    assert abs(simulation.mass_error()) < 1e-6
