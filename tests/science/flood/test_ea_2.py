"""UK Environment Agency test 2: filling of depressions on a floodplain.

Néelz and Pender (2013), SC120002, section 4.3: 2 000 m by 2 000 m, 4 by 4 smooth depressions about 0.5 m deep on a
plane that falls 1 in 1 500 to the south and 1 in 3 000 to the east; closed, dry, n 0.03, cells of 20 m, 48 hours; water
enters over 100 m at the north-western corner, 20 m³/s at most, 97 200 m³ in all. The report's terrain is not to be had
here: the ground is built from its text, as the product of sinusoids (raised, so that all 16 go down) and the plane, and
the series of the packages are known only as figures. So the answer is what still water must do on this ground: a
depression that overflowed stands at its sill, which priority-flood finds; those in the east stay dry, as in the report.
"""

import heapq

import numpy as np
import pytest

from anlan.science.arrays import Floats
from anlan.science.flood.grid import Grid
from anlan.science.flood.inertial import InertialSolver
from anlan.science.flood.points import Inflow, Points, Series
from anlan.science.flood.simulation import Case, Simulation
from anlan.science.flood.team import Team
from science.flood.verification import Row, record

CASE = "UK EA 2D test 2: filling of depressions, ground rebuilt from the text"
REPORT = "Néelz and Pender 2013 (SC120002), section 4.3"
INFLOW = Series.of([0, 300, 600, 5160, 5460], [0, 0, 20, 20, 0])
CELL_M, CELLS = 20.0, 100


@pytest.fixture(scope="module")
def bed() -> Floats:
    y, x = (np.mgrid[0:CELLS, 0:CELLS] + 0.5) * CELL_M  # y southwards
    pits = np.sin(np.pi * x / 500) ** 2 * np.sin(np.pi * y / 500) ** 2
    plane: Floats = 10 - y / 1500 - x / 3000 - 0.5 * pits
    return plane


@pytest.fixture(scope="module")
def end(bed: Floats) -> Simulation:
    grid = Grid(bed, CELL_M, CELL_M, 0.03)
    points = Points(grid, (Inflow("north-west", np.arange(5) * CELLS, INFLOW),))
    simulation = Simulation(InertialSolver(grid, team=Team(1)), Case(points=points))
    simulation.run(48 * 3600.0)
    return simulation


def sill_m(bed: Floats, row: int, column: int) -> float:
    """Return the level from which water of a depression finds a way to ground lower than its bottom."""
    seen, level = {(row, column)}, -np.inf
    edge = [(float(bed[row, column]), row, column)]
    while edge:
        height, i, j = heapq.heappop(edge)
        level = max(level, height)
        if height < bed[row, column] - 0.1:
            return float(level)
        for near in ((i - 1, j), (i + 1, j), (i, j - 1), (i, j + 1)):
            if min(near) >= 0 and max(near) < CELLS and near not in seen:
                seen.add(near)
                heapq.heappush(edge, (float(bed[near]), *near))
    return np.inf  # the lowest of all: nowhere to go


def bottoms(bed: Floats) -> list[list[tuple[int, int]]]:
    """Return the lowest cell of each depression, by column from the west and row from the north."""
    found = []
    for column in range(4):
        places = []
        for row in range(4):
            part = bed[25 * row + 6 : 25 * row + 19, 25 * column + 6 : 25 * column + 19]
            i, j = np.unravel_index(int(np.argmin(part)), part.shape)
            places.append((25 * row + 6 + int(i), 25 * column + 6 + int(j)))
        found.append(places)
    return found


def test_depressions_that_overflow_stand_at_their_sills(bed: Floats, end: Simulation) -> None:
    level = bed + end.solver.depth_m
    above = [float(level[place]) - sill_m(bed, *place) for places in bottoms(bed)[:2] for place in places]
    compared = "level above the sill of the eight western depressions after 48 h, greatest"

    record(Row(CASE, "inertial", "still water: priority-flood on the same ground", compared, max(above), 0.03, "m"))
    assert min(above) >= 0


def test_the_east_stays_dry_and_the_water_in_the_depressions(bed: Floats, end: Simulation) -> None:
    depth = end.solver.depth_m
    east = max(float(depth[place]) for place in bottoms(bed)[3])
    spread = 1 - float(depth[depth > 0.01].sum()) / float(depth.sum())

    record(Row(CASE, "inertial", REPORT, "depth in the four eastern depressions, greatest", east, 0.05, "m"))
    record(Row(CASE, "inertial", REPORT, "water that does not stand in depressions after 48 h", spread, 0.1, "1"))
    record(Row(CASE, "inertial", "inflow of the test, 97 200 m³", "mass, as a part of it", mass(end), 1e-6, "1"))


def mass(end: Simulation) -> float:
    return end.volume_m3() / 97_200 - 1
