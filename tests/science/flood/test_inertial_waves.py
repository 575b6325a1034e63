"""The scheme of local inertia against solutions on paper: uniform flow, waves on planes, rain on a slope.

References
----------
H05: Hunter, Horritt, Bates, Wilson and Werner (2005), Advances in Water Resources 28, 975-991, section 3: a wave of
    constant speed on a horizontal plane (closed) and up a slope (an ordinary differential equation).
B10: Bates, Horritt and Fewtrell (2010), Journal of Hydrology 387, 33-45, which took up both.
H64: Henderson and Wooding (1964), Journal of Geophysical Research 69, 1531-1540: rain on a plane, kinematic wave.
"""

from dataclasses import dataclass, replace

import numpy as np
import pytest
from scipy.integrate import cumulative_trapezoid
from scipy.optimize import brentq

from anlan.science.arrays import Floats
from anlan.science.flood.grid import Grid
from anlan.science.flood.inertial import Inertia, InertialSolver
from anlan.science.flood.points import Inflow, Level, OpenEdge, Points, Series
from anlan.science.flood.simulation import Case, Simulation
from anlan.science.flood.team import Team
from science.flood.cases import Shower
from science.flood.verification import Row, record

H05 = "Hunter et al. 2005, as in Bates et al. 2010"
INERTIAL = "Hunter et al. 2005 with the inertia of the equations that are solved, by quadrature"


@dataclass(frozen=True)
class Wave:
    """A wave whose water moves everywhere at the same speed u, on a bed that rises in its direction.

    Behind the front, at a distance s, the slope of the water balances friction: dh/ds = rise + n² u² / h^(4/3) (H05).
    The equations without advection keep a part of the inertia that advection would cancel; with h_c = u²/g they give
    dh/ds (1 - h_c / h) instead.
    """

    speed_m_s: float
    n: float
    rise: float
    until_s: float
    inertia: bool = False

    def depth_m(self, behind_m: Floats) -> Floats:
        """Return the depth at some distances behind the front."""
        drag, critical = (self.n * self.speed_m_s) ** 2, self.speed_m_s**2 / 9.80665 if self.inertia else 0.0
        h = np.linspace(0, 4, 40001)
        behind = cumulative_trapezoid(np.cbrt(h) * (h - critical) / (self.rise * h ** (4 / 3) + drag), h, initial=0)
        rising = h >= critical
        depths: Floats = np.interp(behind_m, behind[rising], h[rising], left=0.0)
        return depths

    def errors_m(self, cell_m: float) -> tuple[float, float]:
        """Return the mean error of depth and that of the place where it is 10 cm."""
        reach = self.speed_m_s * self.until_s
        x = np.arange(cell_m / 2, 1.2 * reach, cell_m)
        grid = Grid((self.rise * x)[None, :], cell_m, cell_m, self.n)
        times = np.arange(0, self.until_s + 1, 20.0)
        heights = self.rise * x[0] + self.depth_m(self.speed_m_s * times - x[0])
        points = Points(grid, levels=(Level("sea", np.array([0]), Series(times, heights)),))
        simulation = Simulation(InertialSolver(grid, team=Team(1)), Case(points=points))
        simulation.run(self.until_s)
        found, wanted = simulation.solver.depth_m[0].astype(np.float64), self.depth_m(reach - x)
        fronts = [float(np.interp(-0.1, -depth, x)) for depth in (found, wanted)]
        return float(np.abs(found - wanted).mean()), fronts[0] - fronts[1]


SLOW, FAST = Wave(0.2, 0.1, 0.0, 4 * 3600.0), Wave(1.0, 0.03, 0.0, 3600.0)
UP = replace(SLOW, rise=0.0005)
WAVES = {
    "wave of 0.2 m/s on a horizontal plane, n 0.1, 4 h": (SLOW, 0.008, 75.0),
    "wave of 0.2 m/s up a slope of 1 in 2000, n 0.1, 4 h": (UP, 0.005, 30.0),
    "wave of 1 m/s on a horizontal plane, n 0.03, 1 h": (FAST, 0.03, 100.0),
}


@pytest.mark.parametrize("case", WAVES)
def test_a_wave_runs_as_the_solution_on_paper(case: str) -> None:
    wave, deep, far = WAVES[case]

    error, front = wave.errors_m(20.0)

    record(Row(case, "inertial", H05, "depth, mean error, cells of 20 m", error, deep, "m"))
    record(Row(case, "inertial", H05, "place of the front (10 cm), cells of 20 m", front, far, "m"))


@pytest.mark.parametrize(("case", "wave"), [(name, wave) for name, (wave, *_) in WAVES.items()])
def test_a_wave_comes_closer_to_the_solution_of_its_equations_on_finer_cells(case: str, wave: Wave) -> None:
    sizes = np.array([80.0, 40.0, 20.0, 10.0])

    errors = [replace(wave, inertia=True).errors_m(float(size))[0] for size in sizes]

    order = float(np.polyfit(np.log(sizes), np.log(errors), 1)[0])
    record(Row(case, "inertial", INERTIAL, "depth, mean error, cells of 10 m", errors[-1], 0.006, "m"))
    record(Row(case, "inertial", INERTIAL, "order of convergence from 80 to 10 m, less 1", order - 1, 0.25, "1"))


def test_uniform_flow_has_mannings_depth() -> None:
    slope, n, q, cell = 0.001, 0.03, 0.5, 10.0
    bed = (slope * cell * np.arange(80, 0, -1)).astype(np.float32)[None, :].repeat(3, axis=0)
    grid = Grid(bed, cell, cell, n)
    west, east = np.arange(3) * 80, np.arange(3) * 80 + 79
    points = Points(
        grid,
        (Inflow("river", west, Series.steady(q * 3 * cell)),),
        edges=(OpenEdge("east", east, slope, cell),),
    )
    simulation = Simulation(InertialSolver(grid, team=Team(1)), Case(points=points))

    simulation.run(4 * 3600.0)

    wanted = (q * n / np.sqrt(slope)) ** (3 / 5)
    middle = simulation.solver.depth_m[:, 20:70].astype(np.float64)
    error = float(np.abs(middle - wanted).max())
    record(
        Row(
            "uniform flow on a plane of 1 in 1000",
            "inertial",
            "Manning's formula",
            "depth, greatest error",
            error,
            2e-3,
            "m",
        )
    )


def test_flow_across_the_cells_is_as_fast_as_along_them() -> None:
    slope_east, slope_south, n, depth = 0.003, 0.004, 0.04, 0.4  # 5 in 1000, at no angle that the cells know
    y, x = np.mgrid[0:60, 0:60]
    grid = Grid((-slope_east * 8.0 * x - slope_south * 12.0 * y).astype(np.float64), 8.0, 12.0, n)
    solver = InertialSolver(grid, team=Team(1))
    solver.depth_m[:] = depth
    Simulation(solver, Case()).run(60.0)

    east, south = (float(q[30, 30]) for q in solver.discharge_m2_s)

    wanted = depth ** (5 / 3) * np.sqrt(0.005) / n
    source, case = "Manning's formula with the friction of the whole velocity", "uniform flow askew to the cells"
    error = float(np.hypot(east, south) / wanted - 1)
    record(Row(case, "inertial", source, "discharge, part of it", error, 0.01, "1"))
    record(
        Row(
            case,
            "inertial",
            source,
            "direction of flow",
            float(np.degrees(np.arctan2(south, east) - np.arctan2(4, 3))),
            0.5,
            "°",
        )
    )


def test_rain_on_a_plane_runs_off_as_a_kinematic_wave() -> None:
    slope, n, length, rain, end, cell = 0.01, 0.1, 200.0, 50e-3 / 3600, 5400.0, 2.0
    alpha, m = np.sqrt(slope) / n, 5 / 3
    until = (length / (alpha * rain ** (m - 1))) ** (1 / m)  # the whole plane runs, H64
    columns = int(length / cell)
    grid = Grid((slope * cell * np.arange(columns, 0, -1)).astype(np.float64)[None, :], cell, 1.0, n)
    edge = OpenEdge("foot", np.array([columns - 1]), slope, cell)
    case = Case(rain=Shower(rain, end), points=Points(grid, edges=(edge,)))
    simulation = Simulation(InertialSolver(grid, Inertia(film_m=1e-5), team=Team(1)), case)
    times = np.arange(60.0, 9000.0, 60.0)
    left = [0.0]
    for time in times:
        simulation.run(float(time))
        left.append(-simulation.books.moved_m3["edges"])
    found = np.diff(left) / 60.0
    middle = times - 30.0

    def wanted(time: float) -> float:
        if time <= end:
            return float(min(alpha * (rain * time) ** m, rain * length))
        later = time - end
        return float(
            brentq(lambda q: q - rain * length + rain * m * alpha ** (1 / m) * q ** ((m - 1) / m) * later, 0, 1)
        )

    assert until < end
    answer = np.array([wanted(t) for t in middle])
    error = found / (rain * length) - answer / (rain * length)
    name, source = "rain of 50 mm/h on a plane of 200 m", "Henderson and Wooding 1964"
    for limb, chosen in (("rising limb", middle <= end), ("falling limb", middle > end)):
        gap = float(np.sqrt(np.mean(error[chosen] ** 2)))
        record(
            Row(
                name, "inertial", source, f"discharge at the foot, {limb}, RMSE as part of the greatest", gap, 0.02, "1"
            )
        )
    assert abs(simulation.mass_error()) < 1e-6
