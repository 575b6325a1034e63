"""UK Environment Agency test 3: whether water that runs fast gets over a small obstruction.

Néelz and Pender (2013), Benchmarking the latest generation of 2D hydraulic modelling packages, SC120002, section 4.4:
300 m by 100 m, a slope into a hollow, a sill of 0.25 m, a second hollow; n 0.01, dry, closed edges, 5 m cells; 1 310 m³
come in over the western side within 30 s. Still water would stay in the first hollow: what is in the second one after
15 min got there by its momentum. The ground does not change from north to south, so one row of cells is the test. The
report's series are not to be had as numbers; what is compared is what the report says in words, and a finer grid.
"""

from pathlib import Path

import numpy as np
import pytest

from anlan.science.arrays import Floats
from anlan.science.flood.grid import Grid
from anlan.science.flood.momentum import momentum
from anlan.science.flood.points import Inflow, Points, Series
from anlan.science.flood.simulation import Case, Simulation
from anlan.science.flood.team import Team
from science.flood.verification import Row, record

DATA = Path(__file__).parent / "data"
CASE = "UK EA 2D test 3: momentum over a small obstruction"
REPORT = "Néelz and Pender 2013 (SC120002), section 4.4"
SILL_M, SILL_X = 10.0, 200.0


def run(side: float) -> tuple[Floats, Floats, Simulation]:
    x = (np.arange(round(300 / side)) + 0.5) * side
    bed = np.interp(x, *np.loadtxt(DATA / "ea3_bed.csv", delimiter=",", skiprows=1).T)
    grid = Grid(bed[None], side, side, 0.01)
    time, inflow = np.loadtxt(DATA / "ea3_inflow.csv", delimiter=",", skiprows=1).T
    points = Points(grid, (Inflow("west", np.array([0]), Series.of(time, inflow * side / 100)),))
    simulation = momentum(grid, Case(points=points), team=Team(1))
    simulation.run(900.0)
    return x, bed + simulation.solver.depth_m[0], simulation


@pytest.fixture(scope="module")
def found() -> tuple[Floats, Floats, Simulation]:
    return run(5.0)


def test_water_gets_over_the_sill_into_the_second_hollow(found: tuple[Floats, Floats, Simulation]) -> None:
    x, _, simulation = found
    depth = simulation.solver.depth_m[0]
    beyond = float(depth[x > SILL_X].sum() / depth.sum())

    assert abs(simulation.mass_error()) < 1e-6
    assert depth[int(250 / 5)] > 0.05
    # A twentieth to a fifth: all would be a flow without loss at the sill, none one without momentum.
    assert 0.05 < beyond < 0.2


def test_what_stays_in_the_first_hollow_is_below_the_sill(found: tuple[Floats, Floats, Simulation]) -> None:
    level = float(found[1][int(150 / 5)])

    record(
        Row(
            CASE,
            "momentum",
            REPORT,
            "level in the first hollow after 15 min, above the sill",
            max(0.0, level - SILL_M),
            0.0,
            "m",
        )
    )
    assert level > SILL_M - 0.05


def test_the_level_in_the_second_hollow_does_not_depend_on_the_cells(found: tuple[Floats, Floats, Simulation]) -> None:
    fine = run(1.25)
    gap = float(found[1][int(250 / 5)] - fine[1][int(250 / 1.25)])

    record(
        Row(
            CASE,
            "momentum",
            "the same with cells of 1.25 m",
            "level in the second hollow after 15 min, 5 m cells",
            gap,
            0.02,
            "m",
        )
    )
