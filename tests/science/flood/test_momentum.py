"""What must hold of the full-momentum solver on any ground: rest, mass, depths, symmetry, threads, checkpoints."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.science.flood.grid import Grid
from anlan.science.flood.inertial import Sparse
from anlan.science.flood.momentum import Momentum, MomentumSolver, momentum
from anlan.science.flood.points import Inflow, Level, Points, Series
from anlan.science.flood.simulation import Case, Exchanged, Simulation
from anlan.science.flood.team import Team
from science.flood.cases import Wild, crests, turned, wild
from science.flood.verification import Row, record

NOTHING = Sparse(*(np.zeros(0, dtype=kind) for kind in (int, float, int, float, float, int, float)))
TURNS: dict[str, tuple[Any, bool]] = {
    "left for right": (np.fliplr, False),
    "north for south": (np.flipud, False),
    "a quarter turn": (np.rot90, True),
    "rows for columns": (np.transpose, True),
}


def solver(grid: Grid, team: int = 1, **rules: float) -> MomentumSolver:
    return MomentumSolver(grid, Momentum(**rules), team=Team(team))


def run(case: Wild, until_s: float, team: int = 1) -> Simulation:
    simulation = case.simulation(solver(case.grid, team))
    simulation.run(until_s)
    return simulation


def rough_lake(seed: int, *, exact: bool) -> tuple[Grid, npt.NDArray[np.float32]]:
    """Return rough ground with islands, holes and walls, and a lake at rest on it; exact: heights in whole 1/1024 m."""
    rng = np.random.default_rng(seed)
    bed = rng.normal(0, 1, (40, 50)) if exact else rng.normal(37.3, 1, (40, 50))
    bed = np.round(bed * 1024) / 1024 if exact else bed
    bed[rng.random(bed.shape) < 0.05] = np.nan
    grid = Grid(bed, 3.0, 5.0, 0.03, crests(rng, bed[:, 1:].shape), crests(rng, bed[1:].shape))
    level = 0.25 if exact else 37.5
    datum = 0.0 if not exact else np.round(float(np.nanmedian(bed)) * 1024) / 1024
    return grid, np.nan_to_num(np.maximum(0, level + datum - bed)).astype(np.float32)


def test_a_lake_at_rest_between_islands_stays_at_rest_to_the_last_bit() -> None:
    grid, depth = rough_lake(1, exact=True)
    water = solver(grid)
    water.depth_m[:] = depth
    simulation = Simulation(water, Case())

    simulation.run(600.0)

    gap = float(np.abs(water.depth_m - depth).max())
    record(
        Row(
            "lake at rest over rough ground with islands, holes and walls, 600 s",
            "momentum",
            "nothing moves (definition of well-balanced: Audusse et al. 2004)",
            "depth, greatest change",
            gap,
            0.0,
            "m",
        )
    )
    assert gap == 0
    assert all(not speed.any() for speed in water.velocity_m_s())


def test_a_lake_whose_heights_are_rounded_stays_at_rest_to_rounding() -> None:
    grid, depth = rough_lake(2, exact=False)
    water = solver(grid)
    water.depth_m[:] = depth

    Simulation(water, Case()).run(600.0)

    np.testing.assert_allclose(water.depth_m, depth, atol=1e-5)
    assert all(np.abs(speed).max() < 2e-4 for speed in water.velocity_m_s())


def test_waves_on_deep_water_over_rough_ground_die_down() -> None:
    rng = np.random.default_rng(3)
    bed = rng.normal(0, 1, (30, 40))
    water = solver(Grid(bed, 3.0, 5.0, 0.03))
    water.depth_m[:] = 6 - bed + rng.normal(0, 0.05, bed.shape)

    Simulation(water, Case()).run(2000.0)

    assert (water.depth_m + bed).std() < 1e-5


@pytest.mark.parametrize(("seed", "columns"), [(0, 31), (1, 31), (2, 16), (3, 45), (4, 50)])
def test_any_number_of_threads_gives_the_same_bits(seed: int, columns: int) -> None:
    case = wild(np.random.default_rng(seed), (70, columns), walls=bool(seed % 2))
    alone, together = run(case, 120.0, 1), run(case, 120.0, 3)

    for name, values in alone.solver.kept().items():
        np.testing.assert_array_equal(values, together.solver.kept()[name], err_msg=name)
    assert alone.books.moved_m3 == pytest.approx(together.books.moved_m3, rel=1e-12)


def test_a_run_goes_on_from_a_checkpoint_to_the_same_bits() -> None:
    case = wild(np.random.default_rng(5))
    straight = run(case, 100.0)
    resumed = case.simulation(solver(case.grid))
    resumed.restore({name: values.copy() for name, values in straight.kept().items()})
    straight.run(200.0)
    resumed.run(200.0)

    for name, values in straight.kept().items():
        np.testing.assert_array_equal(values, resumed.kept()[name], err_msg=name)


def test_a_checkpoint_of_another_grid_is_refused() -> None:
    kept = solver(Grid(np.zeros((3, 4)), 1.0, 1.0, 0.03)).kept()

    with pytest.raises(ValueError, match="h: is of a grid of another shape"):
        solver(Grid(np.zeros((4, 3)), 1.0, 1.0, 0.03)).restore(kept)


@pytest.mark.parametrize("name", TURNS)
def test_a_turned_case_has_the_turned_result(name: str) -> None:
    turn, swap = TURNS[name]
    case = wild(np.random.default_rng(11), (20, 26), walls=True)
    plain, other = run(case, 150.0), run(turned(case, turn, swap=swap), 150.0)

    gap = float(np.abs(turn(plain.solver.peak_m) - other.solver.peak_m).max())
    record(
        Row(
            f"random ground with walls, holes, rain, inflows, tide and an open edge, turned: {name}",
            "momentum",
            "the turned result",
            "greatest depth, greatest difference",
            gap,
            1e-3,
            "m",
        )
    )


@pytest.mark.parametrize("seed", range(2))
def test_the_books_balance(seed: int) -> None:
    simulation = run(wild(np.random.default_rng(seed)), 400.0)

    record(
        Row(
            f"random ground with walls, holes, rain, inflows, tide and an open edge, 400 s, no. {seed}",
            "momentum",
            "what came in, less what left",
            "volume, error as a part of all water",
            simulation.mass_error(),
            1e-6,
            "1",
        )
    )


@settings(max_examples=60)
@given(
    seed=st.integers(0, 2**32 - 1),
    rows=st.integers(1, 6),
    columns=st.integers(1, 7),
    relief=st.sampled_from([0.0, 0.1, 3.0, 30.0]),
    speed=st.sampled_from([0.0, 1.0, 10.0]),
)
def test_no_depth_becomes_negative_and_no_water_is_lost(
    seed: int, rows: int, columns: int, relief: float, speed: float
) -> None:
    rng = np.random.default_rng(seed)
    bed = rng.normal(0, relief, (rows, columns))
    bed[rng.random(bed.shape) < 0.15] = np.nan
    if np.isnan(bed).all():
        bed[0, 0] = 0.0
    walls = crests(rng, (rows, columns - 1)) - 3, crests(rng, (rows - 1, columns)) - 3
    grid = Grid(bed, 3.0, 8.0, float(rng.uniform(1e-6, 0.1)), *walls)
    water = solver(grid, courant=1.0)
    wet = grid.ground & (rng.random(bed.shape) < 0.6)
    water.depth_m[wet] = rng.gamma(0.5, 1.0, int(wet.sum())).astype(np.float32)
    for discharge in water.discharge_m2_s:
        discharge[:] = water.depth_m * rng.normal(0, speed, bed.shape).astype(np.float32)
    simulation = Simulation(water, Case())

    simulation.run(15.0)

    assert np.isfinite(water.depth_m).all()
    assert water.depth_m.min() >= 0
    assert not water.depth_m[~grid.ground].any()
    assert abs(simulation.mass_error()) <= 2.0**-24 * max(simulation.steps, 16)  # half a unit of the last place a step


def test_water_behind_a_wall_stays_there_until_it_is_as_high_as_the_wall() -> None:
    wall = np.full((3, 9), np.nan, dtype=np.float32)
    wall[:, 4] = 2.0
    grid = Grid(np.zeros((3, 10)), 5.0, 5.0, 0.03, wall_x_m=wall)
    low, high = solver(grid), solver(grid)
    low.depth_m[:, :5], high.depth_m[:, :5] = 1.99, 2.1
    low.discharge_m2_s[0][:, 1:3] = 1e-3
    for water in (low, high):
        Simulation(water, Case()).run(60.0)

    assert not low.depth_m[:, 5:].any()
    assert high.depth_m[:, 5:].min() > 0


class Tap:
    """Takes a part of the water out of one cell in the first block, or adds to it."""

    name = "tap"

    def __init__(self, factor: float) -> None:
        self.factor = factor

    def apply(self, begin_s: float, end_s: float, depth_m: Any, rain_m: Any) -> Exchanged:
        before = float(depth_m[1, 5])
        depth_m[1, 5] *= self.factor
        self.factor = 1.0
        return Exchanged(left_m3=before - float(depth_m[1, 5]))

    def next_bend(self, time_s: float) -> float:
        return np.inf

    def kept(self) -> dict[str, Any]:
        return {}

    def restore(self, kept: Any) -> None:
        pass


@pytest.mark.parametrize(("factor", "speed"), [(0.25, 1.0), (4.0, 0.25)])
def test_water_that_is_taken_takes_its_momentum_along_and_new_water_has_none(factor: float, speed: float) -> None:
    water = solver(Grid(np.zeros((3, 11)), 1e4, 1e4, 1e-6))
    water.depth_m[:] = 1.0
    water.discharge_m2_s[0][:] = 1.0
    simulation = Simulation(water, Case(exchanges=[Tap(factor)], longest_step_s=0.01))

    simulation.run(0.02)

    assert water.velocity_m_s()[0][1, 5] == pytest.approx(speed, abs=1e-3)


def test_a_strong_source_on_dry_ground_is_followed_in_steps_short_enough() -> None:
    grid = Grid(np.zeros((9, 9)), 2.0, 2.0, 0.03)
    points = Points(grid, inflows=(Inflow("burst", np.array([40]), Series.steady(5.0)),))
    simulation = momentum(grid, Case(points=points, longest_step_s=10.0), team=Team(1))
    fine = momentum(grid, Case(points=points, longest_step_s=0.02), team=Team(1))
    simulation.run(30.0)
    fine.run(30.0)

    np.testing.assert_allclose(simulation.solver.depth_m, fine.solver.depth_m, atol=0.02)
    np.testing.assert_allclose(simulation.solver.depth_m, np.rot90(simulation.solver.depth_m), atol=1e-4)


def test_a_pump_takes_no_more_than_there_is() -> None:
    grid = Grid(np.zeros((1, 3)), 2.0, 2.0, 0.03)
    points = Points(grid, inflows=(Inflow("pump", np.array([1]), Series.steady(-1.0)),))
    water = solver(grid)
    water.depth_m[:] = 0.1
    simulation = Simulation(water, Case(points=points))

    simulation.run(20.0)

    assert water.depth_m.min() >= 0
    assert simulation.books.moved_m3["shortage"] == pytest.approx(20 - 1.2, abs=0.05)
    assert abs(simulation.mass_error()) < 1e-6


def test_a_prescribed_level_fills_a_basin_to_that_level() -> None:
    bed = np.zeros((5, 20))
    grid = Grid(bed, 10.0, 10.0, 0.03)
    points = Points(grid, levels=(Level("sea", np.arange(5) * 20, Series.of([0, 600], [0.0, 1.5])),))
    simulation = momentum(grid, Case(points=points), team=Team(1))

    simulation.run(7200.0)

    np.testing.assert_allclose(simulation.solver.depth_m, 1.5, atol=1e-3)
    assert abs(simulation.mass_error()) < 1e-5


def test_the_step_follows_water_and_waves() -> None:
    grid = Grid(np.zeros((3, 5)), 10.0, 20.0, 0.03)
    water = solver(grid, courant=0.5)

    assert water.longest_step_s() == np.inf
    assert water.longest_step_s(1.0) == pytest.approx(0.5 / (np.sqrt(9.80665) * (1 / 10 + 1 / 20)))
    water.depth_m[1, 1] = 1.0
    water.discharge_m2_s[0][1, 1] = 3.0
    water.touch()
    assert water.longest_step_s() == pytest.approx(0.5 / (3 / 10 + np.sqrt(9.80665) * (1 / 10 + 1 / 20)), rel=1e-5)


def test_velocities_are_eastwards_and_northwards() -> None:
    water = solver(Grid(np.zeros((3, 5)), 10.0, 10.0, 0.03))
    water.depth_m[:, 1:] = 2.0
    water.discharge_m2_s[0][1, 2], water.discharge_m2_s[1][1, 2] = 3.0, 4.0
    east, north = water.velocity_m_s()

    assert (east[1, 2], north[1, 2]) == (1.5, -2.0)
    assert not east[:, 0].any()


@pytest.mark.parametrize("rules", [{"courant": 0.0}, {"courant": 1.1}, {"film_m": 0.0}])
def test_numbers_that_make_no_sense_are_refused(rules: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="momentum"):
        Momentum(**rules)


def test_nothing_happens_on_dry_ground() -> None:
    water = solver(Grid(np.zeros((3, 5)), 10.0, 10.0, 0.03))

    assert water.advance(8, 1.0, None, NOTHING) == (0.0, 0.0)
    assert not water.depth_m.any()
