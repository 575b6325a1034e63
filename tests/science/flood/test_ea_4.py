"""UK Environment Agency test 4: how fast a flood runs over a wide flat plain.

Néelz and Pender (2013), Benchmarking the latest generation of 2D hydraulic modelling packages, SC120002, section 4.5:
1 000 m by 2 000 m, flat, n 0.05, dry; water enters over 20 m in the middle of the western side, up to 20 m³/s; 5 m
cells. Packages differ by about five minutes in arrival. The series to compare with is LISFLOOD-FP 8.0, DG2, see
``data/PROVENANCE.md``.
"""

from pathlib import Path

import numpy as np
import pytest

from anlan.science.arrays import Floats
from anlan.science.flood.grid import Grid
from anlan.science.flood.inertial import InertialSolver
from anlan.science.flood.points import Inflow, OpenEdge, Points, Series
from anlan.science.flood.simulation import Case, Simulation
from anlan.science.flood.team import Team
from science.flood.verification import Row, record

CASE = "UK EA 2D test 4: a flood over a flat plain"
DG2 = "LISFLOOD-FP 8.0 DG2 at 5 m (Shaw et al. 2021, Zenodo 10.5281/zenodo.4066824)"
REPORT = "Néelz and Pender 2013 (SC120002): packages differ by about 5 min"
POINTS_M = ((50, 1000), (100, 1000), (200, 1000), (300, 1000), (400, 1000), (300, 1300))
INFLOW = Series.of([0, 300, 3600, 14400, 18000], [0, 0, 20, 20, 0])
ARRIVED_M = 0.05


@pytest.fixture(scope="module")
def reference() -> Floats:
    return np.loadtxt(Path(__file__).parent / "data" / "ea4_lisflood_dg2_5m.csv", delimiter=",", skiprows=2)


@pytest.fixture(scope="module")
def found(reference: Floats) -> Floats:
    rows, columns = 400, 200
    grid = Grid(np.zeros((rows, columns)), 5.0, 5.0, 0.05)
    cells = np.arange(rows * columns).reshape(rows, columns)
    free = [(cells[:, -1], "east"), (cells[0, :-1], "north"), (cells[-1, :-1], "south")]
    edges = tuple(OpenEdge(name, some, 0.001, 5.0) for some, name in free)
    points = Points(grid, (Inflow("breach", cells[198:202, 0], INFLOW),), edges=edges)
    simulation = Simulation(InertialSolver(grid, team=Team(1)), Case(points=points))
    series = []
    for time in reference[:, 0]:
        simulation.run(float(time))
        depth = simulation.solver.depth_m
        series.append([at(depth, x, y) for x, y in POINTS_M])
    assert abs(simulation.mass_error()) < 1e-6
    return np.array(series)


def at(depth: Floats, x: float, y: float) -> float:
    """Return the depth at a point, which stands on a corner of four cells."""
    row, column = int((2000 - y) / 5), int(x / 5)
    return float(depth[row - 1 : row + 1, column - 1 : column + 1].mean())


def test_depths_are_those_of_a_finer_scheme(found: Floats, reference: Floats) -> None:
    error = found - reference[:, 1:]
    late = reference[:, 0] > 4500  # the front is past all points

    record(Row(CASE, "inertial", DG2, "depth at six points, RMSE from 75 min on", rms(error[late]), 0.01, "m"))
    record(Row(CASE, "inertial", DG2, "depth at six points, RMSE over all the time", rms(error), 0.02, "m"))
    record(Row(CASE, "inertial", DG2, "depth at six points, greatest bias", bias(error[late]), 0.01, "m"))


def rms(error: Floats) -> float:
    return float(np.sqrt(np.mean(error**2)))


def bias(error: Floats) -> float:
    return float(np.abs(error.mean(axis=0)).max())


def test_the_flood_arrives_when_it_does_in_others(found: Floats, reference: Floats) -> None:
    late = [
        np.interp(ARRIVED_M, found[:, k], reference[:, 0]) - np.interp(ARRIVED_M, reference[:, 1 + k], reference[:, 0])
        for k in range(6)
    ]

    compared = "arrival of 5 cm at six points against DG2, greatest difference"
    record(Row(CASE, "inertial", REPORT, compared, float(np.abs(late).max()) / 60, 5.0, "min"))
