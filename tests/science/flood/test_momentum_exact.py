"""The full-momentum solver against exact solutions: dam breaks, bores, steady channels, weirs, a bowl."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from anlan.science.arrays import Floats
from anlan.science.compiled import Singles
from anlan.science.flood.grid import Grid
from anlan.science.flood.momentum import Momentum, MomentumSolver
from anlan.science.flood.points import Inflow, Level, OpenEdge, Points, Series
from anlan.science.flood.simulation import Case, Simulation
from anlan.science.flood.team import Team
from science.flood.analytical import Bowl, bore_at_a_wall, broad_weir, ritter, stoker
from science.flood.cases import Shower
from science.flood.verification import Row, record

DATA = Path(__file__).parent / "data"
SWASHES = "SWASHES (Delestre et al. 2013)"
SMOOTH = 1e-6  # Manning's n of a bed without friction
CELLS = (100, 200, 400)


def solver(grid: Grid) -> MomentumSolver:
    return MomentumSolver(grid, team=Team(1))


def row(case: str, source: str, compared: str, error: float, tolerance: float, unit: str) -> None:
    record(Row(case, "momentum", source, compared, error, tolerance, unit))


def order(errors: list[float]) -> float:
    """Return the order of convergence over resolutions that double."""
    return float(np.log2(errors[0] / errors[-1]) / (len(errors) - 1))


def flat(cells: int, length: float, depth: Callable[[Floats], Floats], speed: float = 0.0) -> tuple[Floats, Simulation]:
    """Return the middles of the cells of a flat channel about x = 0, and a run on it with this water at the start."""
    dx = length / cells
    x = (np.arange(cells) + 0.5) * dx - length / 2
    water = solver(Grid(np.zeros((1, cells)), dx, dx, SMOOTH))
    water.depth_m[0] = depth(x)
    water.discharge_m2_s[0][0] = water.depth_m[0] * speed
    return x, Simulation(water, Case())


@pytest.mark.parametrize(
    ("name", "source", "low", "exact"),
    [
        ("dam break over dry ground (Ritter)", f"Ritter 1892; {SWASHES}, 4.1.2", 0.0, lambda x, t: ritter(x, t, 2.0)),
        ("dam break over water (Stoker)", f"Stoker 1957; {SWASHES}, 4.1.1", 0.2, lambda x, t: stoker(x, t, 2.0, 0.2)),
    ],
)
def test_dam_breaks(
    name: str, source: str, low: float, exact: Callable[[Floats, float], tuple[Floats, Floats]]
) -> None:
    depths, flows = [], []
    for cells in CELLS:
        x, simulation = flat(cells, 100.0, lambda x: np.where(x < 0, 2.0, low))
        simulation.run(6.0)
        h, u = exact(x, 6.0)
        water = simulation.solver
        assert isinstance(water, MomentumSolver)
        depths.append(float(np.abs(water.depth_m[0] - h).sum() / h.sum()))
        flows.append(float(np.abs(water.discharge_m2_s[0][0] - h * u).sum() / np.abs(h * u).sum()))
        assert abs(simulation.mass_error()) < 1e-6

    row(name, source, "depth, L1 error as a part, 400 cells", depths[-1], 0.01, "1")
    row(name, source, "discharge, L1 error as a part, 400 cells", flows[-1], 0.03, "1")
    row(
        name,
        source,
        "depth, what the order of convergence lacks to 1 (100, 200, 400 cells)",
        1 - order(depths),
        0.3,
        "1",
    )


@pytest.mark.parametrize("wall", ["edge", "hole", "high ground", "crest"])
def test_a_bore_runs_back_from_a_wall(wall: str) -> None:
    cells, dx = 200, 0.5
    bed = np.zeros((1, cells + 1))
    bed[0, -1] = {"hole": np.nan, "high ground": 10.0}.get(wall, 0.0)
    crest = np.full((1, cells), np.nan, dtype=np.float32)
    crest[0, -1] = 10.0 if wall == "crest" else np.nan
    if wall == "edge":
        bed, crest = bed[:, :-1], crest[:, :-1]
    water = solver(Grid(bed, dx, dx, SMOOTH, wall_x_m=crest))
    water.depth_m[0, :cells], water.discharge_m2_s[0][0, :cells] = 1.0, 3.0
    depth, speed = bore_at_a_wall(1.0, 3.0)

    Simulation(water, Case()).run(10.0)
    behind = water.depth_m[0, cells - 30 : cells]
    front = 100 - dx * int(np.argmax(water.depth_m[0] > (1 + depth) / 2, axis=0))

    row(
        f"bore at a wall: {wall}",
        "Rankine and Hugoniot",
        "depth behind it",
        float(np.abs(behind - depth).max()),
        0.005,
        "m",
    )
    row(f"bore at a wall: {wall}", "Rankine and Hugoniot", "way in 10 s", front - 10 * speed, 1.0, "m")


@pytest.mark.parametrize(
    ("slope", "manning", "flow", "side", "tolerance"),
    [
        (0.05, 0.03, 0.5, 10.0, 1e-3),
        (0.05, 0.03, 1.9, 10.0, 1e-3),
        (0.2, 0.05, 0.05, 10.0, 3e-3),
        (0.01, 0.05, 1.0, 50.0, 1e-3),
        (0.005, 0.2, 0.1, 20.0, 1e-3),
        (0.001, 0.03, 1.0, 10.0, 1e-3),
    ],
)
def test_uniform_flow_is_that_of_manning(
    slope: float, manning: float, flow: float, side: float, tolerance: float
) -> None:
    cells = 60
    grid = Grid((-slope * side * np.arange(cells))[None], side, side, manning)
    points = Points(
        grid,
        inflows=(Inflow("in", np.array([0]), Series.steady(flow * side)),),
        edges=(OpenEdge("out", np.array([cells - 1]), slope, side),),
    )
    water = solver(grid)
    Simulation(water, Case(points=points)).run(14400.0)
    normal = (flow * manning / np.sqrt(slope)) ** 0.6
    error = float(np.abs(water.depth_m[0, 20:40] / normal - 1).max())

    case = f"uniform flow: slope {slope:g}, {flow:g} m²/s, cells that fall {slope * side / normal:.2g} times the depth"
    row(case, "Manning's formula", "depth, greatest error as a part", error, tolerance, "1")


@pytest.mark.parametrize(("name", "flow", "rain"), [("norain", 2.0, None), ("rain", 1.0, Shower(0.001))])
def test_macdonalds_long_channel(name: str, flow: float, rain: Shower | None) -> None:
    _, bed, level = np.loadtxt(DATA / f"macdonald_{name}.csv", delimiter=",", skiprows=1).T
    grid = Grid(bed[None], 5.0, 5.0, 0.033)
    points = Points(
        grid,
        inflows=(Inflow("in", np.array([0]), Series.steady(flow * 5)),),
        levels=(Level("out", np.array([len(bed) - 1]), Series.steady(level[-1])),),
    )
    water = solver(grid)
    simulation = Simulation(water, Case(points=points, rain=rain))
    simulation.run(4000.0)
    error = water.depth_m[0] - (level - bed)
    inner = error[10:]  # water that is let in has no momentum yet in the first 50 m

    case = f"MacDonald's long channel, subcritical, {'with' if rain else 'without'} rain, 5 m"
    row(
        case,
        f"{SWASHES}, solutions of MacDonald's kind",
        "depth from 50 m on, RMSE",
        float(np.sqrt(np.mean(inner**2))),
        0.01,
        "m",
    )
    assert np.abs(inner).max() < 0.03


def test_mean_flow_over_a_wall_is_that_of_a_broad_weir() -> None:
    worst = 0.0
    for head in (0.05, 0.2, 0.5):
        crest: Singles = np.full((1, 39), np.nan, dtype=np.float32)
        crest[0, 19] = 3.0
        grid = Grid(np.zeros((1, 40)), 10.0, 10.0, 1e-3, wall_x_m=crest)
        low, high = np.array([39]), np.arange(2)
        levels = Level("above", high, Series.steady(3 + head)), Level("below", low, Series.steady(0.0))
        water = solver(grid)
        water.depth_m[0, :20] = 3 + head
        Simulation(water, Case(points=Points(grid, levels=levels))).run(1500.0)
        worst = max(worst, abs(float(water.discharge_m2_s[0][0, 10]) / broad_weir(head) - 1))

    row(
        "water over a wall 3 m high, head 0.05 to 0.5 m",
        "broad-crested weir",
        "discharge, error as a part",
        worst,
        0.1,
        "1",
    )


def test_a_plane_of_water_goes_round_in_a_bowl() -> None:
    bowl, source, case = Bowl(), f"Thacker 1981; {SWASHES}, 4.2.2", "plane of water in a paraboloid (Thacker)"
    late, depths, wide, lost = [], [], [], []
    for cells in (50, 100, 200):
        dx = 4 / cells
        middle = (np.arange(cells) + 0.5) * dx - 2
        x, y = np.meshgrid(middle, middle)
        water = MomentumSolver(Grid(bowl.bed(x, y), dx, dx, SMOOTH), Momentum(film_m=1e-5), team=Team(1))
        h, u, v = bowl.water(x, y, 0.0)
        water.depth_m[:], water.discharge_m2_s[0][:], water.discharge_m2_s[1][:] = h, h * u, h * v
        Simulation(water, Case()).run(bowl.period)
        now = water.depth_m
        across, along = float((now * y).sum() / now.sum()), float((now * x).sum() / now.sum())
        late.append(-float(np.arctan2(across, along)) / (2 * np.pi))
        lost.append(1 - float(np.hypot(across, along) * h.sum() / (h * x).sum()))
        depths.append(float(np.abs(now - h).sum() / h.sum()))
        shore = (now > 1e-3).sum(), (h > 1e-3).sum()
        wide.append(abs(float(shore[0] / shore[1]) - 1))

    row(case, source, "period, error as a part, cells of 0.02 m", late[-1], 0.03, "1")
    row(case, source, "way of the middle of the water, part lost in a period, cells of 0.02 m", lost[-1], 0.05, "1")
    row(case, source, "area within the shoreline, error as a part, cells of 0.02 m", wide[-1], 0.02, "1")
    row(case, source, "depth after a period, L1 error as a part, cells of 0.02 m", depths[-1], 0.15, "1")
    row(
        case, source, "period, what the order of convergence lacks to 1 (0.08, 0.04, 0.02 m)", 1 - order(late), 0.2, "1"
    )
