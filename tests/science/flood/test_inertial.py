"""The compiled scheme of local inertia against the same scheme written out, and what must hold of any scheme."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.science.flood.grid import Grid
from anlan.science.flood.inertial import Inertia, InertialSolver, Sparse
from anlan.science.flood.points import Inflow, Points, Series
from anlan.science.flood.simulation import Case, Simulation
from anlan.science.flood.team import Team
from science.flood.cases import Shower, Wild, turned, wild
from science.flood.reference import Reference
from science.flood.verification import Row, record

WILD = "random ground with walls, holes, rain, inflows, tide and an open edge, 400 s"
TURNS: dict[str, tuple[Any, bool]] = {
    "left for right": (np.fliplr, False),
    "north for south": (np.flipud, False),
    "a quarter turn": (np.rot90, True),
    "a half turn": (lambda a: np.rot90(a, 2), False),
    "rows for columns": (np.transpose, True),
}


def both(case: Wild, until_s: float, **rules: Any) -> tuple[Simulation, Simulation]:
    ours, plain = case.simulation(**rules), case.simulation(Reference(case.grid, Inertia(**rules)))
    ours.run(until_s)
    plain.run(until_s)
    return ours, plain


def gap(ours: Simulation, plain: Simulation) -> float:
    depths = np.abs(ours.solver.depth_m - plain.solver.depth_m).max()
    peaks = np.abs(ours.solver.peak_m - plain.solver.peak_m).max()
    return float(max(depths, peaks))


def sparse(**given: Any) -> Sparse:
    nothing = {name: np.zeros(0, dtype=int) for name in ("source", "level", "outlet")}
    nothing |= {name: np.zeros(0) for name in ("rate_m_s", "begin_m", "end_m", "pull")}
    return Sparse(**(nothing | {name: np.array(values) for name, values in given.items()}))


@pytest.mark.parametrize("seed", range(4))
def test_the_compiled_scheme_is_the_written_one(seed: int) -> None:
    case = wild(
        np.random.default_rng(seed), walls=seed != 2, rough=seed < 2, cell=(7.0, 11.0) if seed < 3 else (10.0, 10.0)
    )

    ours, plain = both(case, 400.0)

    assert ours.steps == plain.steps
    for name, volume in plain.books.moved_m3.items():
        assert ours.books.moved_m3[name] == pytest.approx(volume, rel=1e-4, abs=1e-3), name
    assert gap(ours, plain) < 1e-4
    if seed == 1:
        origin = "the scheme in NumPy and double precision (`tests/science/flood/reference.py`)"
        record(Row(WILD, "inertial", origin, "depth, greatest difference of any cell", gap(ours, plain), 1e-4, "m"))


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 2**31),
    shape=st.tuples(st.integers(1, 6), st.integers(8, 12)),
    parts=st.fixed_dictionaries({name: st.booleans() for name in ("walls", "rough", "rains")}),
    cell=st.tuples(st.floats(1, 50), st.floats(1, 50)),
    theta=st.floats(0.7, 1.0),
    courant=st.floats(0.3, 0.9),
)
def test_the_schemes_agree_on_small_grids(
    seed: int,
    shape: tuple[int, int],
    parts: dict[str, bool],
    cell: tuple[float, float],
    theta: float,
    courant: float,
) -> None:
    """Step by step from the same water: a last digit decides where a face opens, and it need not be the same one."""
    case = wild(np.random.default_rng(seed), shape, holes=False, cell=cell, **parts)
    rules = Inertia(theta=theta, courant=courant)
    ours, plain = InertialSolver(case.grid, rules, team=Team(1)), Reference(case.grid, rules)
    ours.depth_m[:] = case.start_m
    ours.touch()
    for number in range(24):
        plain.take(ours.depth_m, *ours.discharge_m2_s)
        begin, step = 10.0 * number, min(ours.longest_step_s(1.0), 5.0)
        end = begin + step
        rain = None if case.rain is None else case.rain.depth_m(begin, end)
        points = case.points
        driven = Sparse(*points.rates(begin, end)[:2], *points.held(begin, end), *points.outlets())

        ours.advance(1, step, rain, driven)
        plain.advance(1, step, rain, driven)

        np.testing.assert_allclose(ours.depth_m, plain.depth_m, rtol=0, atol=1e-4)
        assert ours.depth_m.min() >= 0


@pytest.mark.parametrize("members", [2, 3])
def test_any_number_of_threads_gives_the_same_bits(members: int) -> None:
    case = wild(np.random.default_rng(7), (70, 30))
    alone, together = case.simulation(team=Team(1)), case.simulation(team=Team(members))

    alone.run(200.0)
    together.run(200.0)
    together.solver.team.close()

    for name, values in alone.solver.kept().items():
        np.testing.assert_array_equal(together.solver.kept()[name], values, err_msg=name)
    if members == 3:
        record(Row(WILD, "inertial", "the same run on one thread", "any bit, on three threads", 0.0, 0.0, "1"))


@pytest.mark.parametrize("name", TURNS)
def test_a_case_turned_gives_the_result_turned(name: str) -> None:
    turn, swap = TURNS[name]
    case = wild(np.random.default_rng(11))
    straight, around = case.simulation(), turned(case, turn, swap=swap).simulation()

    straight.run(300.0)
    around.run(300.0)

    difference = float(np.abs(turn(straight.solver.depth_m) - around.solver.depth_m).max())
    origin = "the same case not turned"
    record(Row(WILD, "inertial", origin, f"depth, greatest difference after turning {name}", difference, 1e-5, "m"))


@pytest.mark.parametrize("seed", range(3))
def test_water_is_never_less_than_none_and_the_books_close(seed: int) -> None:
    simulation = wild(np.random.default_rng(20 + seed), (40, 40)).simulation()
    least: list[float] = []

    simulation.run(600.0, lambda _: least.append(float(simulation.solver.depth_m.min())) is None)

    assert min(least) >= 0
    assert len(simulation.books.moved_m3) == 5
    if seed == 0:
        record(Row(WILD, "inertial", "books of all water", "mass, as a part of it", simulation.mass_error(), 1e-6, "1"))
    assert abs(simulation.mass_error()) < 1e-6


def test_the_box_of_wet_cells_changes_nothing() -> None:
    bed = np.random.default_rng(3).normal(0, 0.05, (90, 80)).astype(np.float32)
    boxed, whole = (InertialSolver(Grid(bed, 5.0, 5.0, 0.03), team=Team(1)) for _ in range(2))
    water = sparse(source=[45 * 80 + 40], rate_m_s=[0.2])

    for _ in range(20):
        boxed.advance(5, 0.7, None, water)
        whole.advance(5, 0.7, 0.0, water)  # rain, though none: all cells are swept

    assert 50 < (boxed.depth_m > 0).sum() < 0.5 * bed.size
    # Not to the bit: the compiler divides by an estimate and a correction in the middle of a row, exactly at its end.
    difference = float(np.abs(boxed.depth_m - whole.depth_m).max())
    case = "a spring on rough ground"
    record(
        Row(case, "inertial", "the same run with all cells swept", "depth, greatest difference", difference, 1e-6, "m")
    )


def test_a_lake_with_islands_stays_at_rest_to_the_last_bit() -> None:
    rng = np.random.default_rng(5)
    bed = (rng.integers(-2048, 1024, (40, 50)) / 1024).astype(np.float32)  # exact in binary
    bed[rng.random(bed.shape) < 0.05] = np.nan
    solver = InertialSolver(Grid(bed, 3.0, 4.0, 0.03), team=Team(1))
    solver.depth_m[:] = np.where(np.isnan(bed), 0, np.maximum(0, -0.25 - np.nan_to_num(bed)))
    before = solver.depth_m.copy()
    simulation = Simulation(solver, Case())

    simulation.run(600.0)

    east, south = solver.discharge_m2_s
    assert simulation.steps > 1000
    assert 0.3 < (before > 0).mean() < 0.9
    fastest = float(max(np.abs(east).max(), np.abs(south).max()))
    source = "still water stays still (well-balanced schemes: Audusse et al. 2004)"
    lake = "lake at rest over rough ground with wet and dry islands and holes"
    record(Row(lake, "inertial", source, "discharge, greatest", fastest, 0.0, "m²/s"))
    np.testing.assert_array_equal(solver.depth_m, before)


@pytest.mark.parametrize("deep_m", [0.5, 5.0, 20.0])
def test_drizzle_on_deep_water_is_not_lost_to_rounding(deep_m: float) -> None:
    solver = InertialSolver(Grid(np.zeros((20, 20), np.float32), 10.0, 10.0, 0.03), team=Team(1))
    solver.depth_m[:] = deep_m
    simulation = Simulation(solver, Case(rain=Shower(1.3e-3 / 3600)))

    simulation.run(3600.0)

    assert float(solver.depth_m.mean(dtype=np.float64)) - deep_m == pytest.approx(1.3e-3, rel=5e-3)
    assert abs(simulation.mass_error()) < 1e-6


def test_a_sink_takes_what_there_is_and_the_books_say_what_was_short() -> None:
    grid = Grid(np.zeros((5, 5), np.float32), 10.0, 10.0, 0.03)
    simulation = Simulation(InertialSolver(grid, team=Team(1)), Case(points=sink(grid)))
    simulation.solver.depth_m[:] = 0.01
    simulation = Simulation(simulation.solver, simulation.case)

    simulation.run(600.0)

    left = simulation.volume_m3()
    assert simulation.solver.depth_m.min() >= 0
    assert left < 25.0
    assert simulation.books.moved_m3["shortage"] == pytest.approx(300.0 - (25.0 - left), rel=1e-5)
    assert abs(simulation.mass_error()) < 1e-6


def sink(grid: Grid) -> Points:
    return Points(grid, (Inflow("pump", np.array([12]), Series.steady(-0.5)),))


def test_no_face_runs_faster_than_its_froude_number_nor_takes_more_than_its_share() -> None:
    bed = np.linspace(40, 0, 60, dtype=np.float32)[None, :].repeat(3, axis=0)  # 1 in 7: far too steep for the scheme
    solver = InertialSolver(Grid(bed, 5.0, 5.0, 0.01), Inertia(froude=0.8), team=Team(1))
    solver.depth_m[:, :10] = 1.0
    solver.touch()

    for _ in range(30):
        before = solver.depth_m.copy()
        solver.advance(1, 0.5, None, sparse())
        east, _ = solver.discharge_m2_s
        eta = before + bed
        flow = np.maximum(np.maximum(eta[:, :-1], eta[:, 1:]) - np.maximum(bed[:, :-1], bed[:, 1:]), 0) + 1e-5

        assert (np.abs(east) <= 0.8 * np.sqrt(9.80665 * flow) * flow).all()
        assert (east * 0.5 / 5.0 <= 0.25 * before[:, :-1] + 1e-6).all()
    assert (east > 0).any()


def test_water_stands_below_a_wall_and_runs_over_it_above() -> None:
    wall = np.full((3, 9), np.nan, dtype=np.float32)
    wall[:, 4] = 1.0
    grid = Grid(np.zeros((3, 10), np.float32), 10.0, 10.0, 0.03, wall_x_m=wall)
    below, above = (InertialSolver(grid, team=Team(1)) for _ in range(2))
    below.depth_m[:, :5], above.depth_m[:, :5] = 0.999, 1.4

    for solver in (below, above):
        Simulation(solver, Case()).run(900.0)

    np.testing.assert_array_equal(below.depth_m[:, 5:], 0)
    assert above.depth_m[:, :5].min() > 0.99
    assert above.depth_m[:, 5:].mean() == pytest.approx(0.4, abs=0.01)


@pytest.mark.parametrize("wrong", [{"theta": 0}, {"courant": 1.5}, {"film_m": 0}, {"froude": 0}, {"share": 0.3}])
def test_numbers_beyond_reason_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="inertia"):
        Inertia(**wrong)


def test_a_checkpoint_of_another_grid_is_refused() -> None:
    one, other = (InertialSolver(Grid(np.zeros((4, n), np.float32), 1.0, 1.0, 0.03)) for n in (5, 6))

    with pytest.raises(ValueError, match="another shape"):
        one.restore(other.kept())
