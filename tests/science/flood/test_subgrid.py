"""The coarse grid with tables against the fine one, against uniform flow, and what must hold of any scheme."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from anlan.science.flood.grid import Grid
from anlan.science.flood.inertial import Inertia, InertialSolver, Sparse
from anlan.science.flood.points import Inflow, Level, OpenEdge, Points, Series
from anlan.science.flood.simulation import Case, Simulation
from anlan.science.flood.subgrid import SubgridSolver, subgrid
from anlan.science.flood.subgrid_tables import subgrid_tables
from anlan.science.flood.synthetic_city import synthetic_city
from anlan.science.flood.team import Team
from science.flood.cases import Shower, Wild, wild
from science.flood.verification import Row, record

FILM_5_MM = Inertia(film_m=0.005)
CITY = "synthetic city, 3 km x 3 km of 10 m, 100 mm in the first of 3 h"


def tabled(case: Wild, factor: int = 1, **given: Any) -> SubgridSolver:
    return SubgridSolver(subgrid_tables(case.grid, factor, team=Team(1)), team=Team(1), **given)


def rough(shape: tuple[int, int] = (60, 80), seed: int = 5) -> npt.NDArray[np.float32]:
    rng = np.random.default_rng(seed)
    bed = rng.normal(2, 0.5, shape)
    bed[rng.random(shape) < 0.1] = np.nan
    bed[20:40, 30:50] = 6.0  # an island
    return bed.astype(np.float32)


@pytest.mark.parametrize("seed", range(3))
def test_without_anything_finer_than_the_cells_it_is_the_inertial_scheme(seed: int) -> None:
    case = wild(np.random.default_rng(seed), rough=seed < 2)
    ours, plain = case.simulation(tabled(case)), case.simulation(courant=0.6)

    ours.run(400.0)
    plain.run(400.0)

    assert ours.steps == plain.steps
    gap = float(np.abs(ours.solver.depth_m - plain.solver.depth_m).max())
    assert np.abs(ours.solver.peak_m - plain.solver.peak_m).max() < 1e-5
    record(
        Row(
            f"random ground with all that can happen on it, 400 s, seed {seed}",
            "subgrid",
            "`inertial` on the same cells",
            "depth, greatest difference",
            gap,
            1e-5,
            "m",
        )
    )


def test_cells_of_many_equal_pixels_are_as_cells_of_one() -> None:
    case = wild(np.random.default_rng(4), walls=False)
    fine = Grid(
        np.kron(case.grid.bed_m, np.ones((3, 3), np.float32)),
        case.grid.dx_m / 3,
        case.grid.dy_m / 3,
        np.kron(case.grid.manning, np.ones((3, 3), np.float32)),
    )
    ours = case.simulation(SubgridSolver(subgrid_tables(fine, 3, team=Team(1)), team=Team(1)))
    plain = case.simulation(courant=0.6)

    ours.run(400.0)
    plain.run(400.0)

    assert np.abs(ours.solver.depth_m - plain.solver.depth_m).max() < 1e-4


def test_a_lake_at_rest_stays_at_rest_over_rough_ground_with_islands() -> None:
    tables = subgrid_tables(Grid(rough(), 5.0, 5.0, 0.03), 5, team=Team(1))
    run = subgrid(tables, Case(), team=Team(1))
    run.solver.depth_m[:] = tables.mean_depth_m(np.full(tables.grid.shape, 2.4))
    begin = run.solver.depth_m.copy()
    run.solver.touch()

    run.run(3600.0)

    assert isinstance(run.solver, SubgridSolver)
    wet = begin > 0
    assert run.steps > 500
    assert 0 < wet.sum() < wet.size
    off = float(np.abs(run.solver.levels_m()[wet] - 2.4).max())
    assert max(np.abs(q).max() for q in run.solver.discharge_m2_s) < 1e-5
    record(
        Row(
            "lake at rest over ground rougher than the cells, with a dry island, 1 h",
            "subgrid",
            "exact",
            "level, greatest difference",
            off,
            2e-6,
            "m",
        )
    )


def canal(slope: float, deep_m: float = 3.0) -> npt.NDArray[np.float32]:
    """Return a plain with a canal of one pixel's breadth along its middle, 30 cells of 5 x 5 pixels long."""
    bed = np.full((15, 150), 10.0)
    bed[7] -= deep_m
    return (bed - slope * 10.0 * np.arange(150)).astype(np.float32)


def in_canal(slope: float, discharge_m3_s: float, **given: Any) -> Simulation:
    tables = subgrid_tables(Grid(canal(slope), 10.0, 10.0, 0.03), 5, team=Team(1))
    cells = np.arange(30, 60)  # the middle row
    points = Points(
        tables.grid,
        inflows=(Inflow("spring", cells[:1], Series.steady(discharge_m3_s)),),
        edges=(OpenEdge("mouth", cells[-1:], slope, 50.0),),
    )
    return subgrid(tables, Case(points=points), team=Team(1), **given)


@pytest.mark.parametrize(("slope", "least_step_s"), [(1e-3, 0.0), (1e-4, 20.0)])
def test_a_canal_narrower_than_a_cell_carries_what_manning_says(slope: float, least_step_s: float) -> None:
    depth = 1.5
    discharge = 10.0 * depth ** (5 / 3) * np.sqrt(slope) / 0.03
    run = in_canal(slope, discharge, least_step_s=least_step_s)

    run.run(8 * 3600.0)

    middle = slice(8, 22)
    solver = run.solver
    assert isinstance(solver, SubgridSolver)
    carried = solver.discharge_m2_s[0][1, middle] * 50.0
    assert carried == pytest.approx(discharge, rel=1e-3)
    stands = solver.depth_m[1, middle] * 5  # over the canal alone, a fifth of the cell
    assert solver.velocity_m_s()[0][1, middle] == pytest.approx(discharge / (10 * depth), rel=0.03)
    assert np.abs(solver.discharge_m2_s[1]).max() == 0
    assert solver.longest_step_s() >= least_step_s
    record(
        Row(
            "uniform flow in a canal a fifth of a cell wide"
            + (f", steps of {least_step_s:.0f} s" if least_step_s else ""),
            "subgrid",
            "Manning",
            "depth in the middle, mean relative error",
            float(np.mean(stands) / depth - 1),
            0.02,
            "1",
        )
    )


def test_a_winding_canal_narrower_than_the_cells_carries_what_it_does_on_fine_ones() -> None:
    across = np.arange(300)
    bed = np.full((100, 300), 10.0, dtype=np.float32)
    line = 50 + 30 * np.sin(2 * np.pi * across / 150)
    bed[np.abs(np.arange(100)[:, None] - line) <= 2.5] = 7.0  # five pixels wide across the rows
    fine = Grid(bed, 5.0, 5.0, 0.03)
    tables = subgrid_tables(fine, 6, team=Team(1))

    def carried(grid: Grid, solver: Any, hours: float) -> float:
        low = np.nanmin(bed) + 0.5 >= grid.bed_m
        columns = grid.shape[1]
        west, east = (np.flatnonzero(low[:, j]) * columns + j for j in (0, columns - 1))
        points = Points(
            grid, levels=(Level("upper", west, Series.steady(9.5)), Level("lower", east, Series.steady(9.0)))
        )
        run = Simulation(solver, Case(points=points))
        run.run(hours * 3600)
        return float(solver.discharge_m2_s[0][:, columns // 2].sum() * grid.dy_m)

    plain = carried(fine, InertialSolver(fine, team=Team(1)), 2.0)
    ours = carried(tables.grid, SubgridSolver(tables, team=Team(1)), 2.0)

    assert plain > 1.0
    record(
        Row(
            "a canal of 25 m that winds through cells of 30 m, steady between two levels",
            "subgrid",
            "`inertial` on cells of 5 m",
            "discharge, relative difference",
            ours / plain - 1,
            0.25,
            "1",
        )
    )


@pytest.fixture(scope="module")
def city() -> tuple[Grid, npt.NDArray[np.float32]]:
    """Return a city and its greatest depths on the fine grid."""
    fine = Grid(synthetic_city(300, 300, 10.0, seed=7).bed_m, 10.0, 10.0, 0.03)
    run = Simulation(InertialSolver(fine, FILM_5_MM, team=Team(1)), Case(rain=Shower(0.1 / 3600, 3600.0)))
    run.run(3 * 3600.0)
    return fine, run.solver.peak_m.copy()


@pytest.mark.parametrize(("factor", "rmse_m", "csi"), [(3, 0.04, 0.88), (5, 0.06, 0.8)])
def test_a_coarse_city_with_tables_floods_as_the_fine_one(
    city: tuple[Grid, npt.NDArray[np.float32]], factor: int, rmse_m: float, csi: float
) -> None:
    fine, truth = city
    case = Case(rain=Shower(0.1 / 3600, 3600.0))
    tables = subgrid_tables(fine, factor, team=Team(1))
    ours = subgrid(tables, case, rules=FILM_5_MM, team=Team(1))
    ours.run(3 * 3600.0)
    mean = fine.bed_m.reshape(300 // factor, factor, 300 // factor, factor).mean(axis=(1, 3))
    flat = Grid(mean, 10.0 * factor, 10.0 * factor, 0.03)
    plain = Simulation(InertialSolver(flat, FILM_5_MM, team=Team(1)), case)
    plain.run(3 * 3600.0)
    assert isinstance(ours.solver, SubgridSolver)

    found = ours.solver.fine_depth_m(fine.bed_m, ours.solver.peak_levels_m())
    averaged = np.kron(plain.solver.peak_m, np.ones((factor, factor), np.float32))

    def rmse(depth: npt.NDArray[np.float32]) -> float:
        return float(np.sqrt(np.mean((depth - truth) ** 2)))

    def hits(depth: npt.NDArray[np.float32]) -> float:
        both, either = (depth > 0.15) & (truth > 0.15), (depth > 0.15) | (truth > 0.15)
        return float(both.sum() / either.sum())

    assert abs(ours.mass_error()) < 1e-6
    assert rmse(found) < rmse(averaged) / 4
    assert hits(found) > 2 * hits(averaged)
    area = float((found > 0.15).mean() / (truth > 0.15).mean() - 1)
    of_cells = f"{CITY}, in cells of {10 * factor} m"
    source = "`inertial` on cells of 10 m"
    record(Row(of_cells, "subgrid", source, "greatest depth, RMSE", rmse(found), rmse_m, "m"))
    record(Row(of_cells, "subgrid", source, "1 - CSI of ground deeper than 0.15 m", 1 - hits(found), 1 - csi, "1"))
    record(Row(of_cells, "subgrid", source, "area deeper than 0.15 m, relative difference", area, 0.2, "1"))


def busy(team: Team) -> Simulation:
    """Return a run with all that can happen, on ground finer than the cells."""
    case = wild(np.random.default_rng(11), (120, 90), walls=True, rough=True)
    tables = subgrid_tables(case.grid, 2, team=Team(1))
    free = np.flatnonzero(tables.grid.ground)
    columns = tables.grid.shape[1]
    west = np.flatnonzero(tables.grid.ground[:, 0]) * columns
    points = Points(
        tables.grid,
        inflows=(
            Inflow("brook", free[50:52], Series.of([0, 100], [0.0, 3.0])),
            Inflow("pump", free[700:701], Series.steady(-0.4)),
        ),
        levels=(Level("tide", free[1000:1004], Series.of([0, 60, 200], [3.0, 4.2, 3.1])),),
        edges=(OpenEdge("west", west, 0.004, tables.grid.dx_m),),
    )
    solver = SubgridSolver(tables, team=team)
    rain = Shower(np.random.default_rng(2).uniform(0, 60, tables.grid.shape) / 3.6e6, 150.0)
    return Simulation(solver, Case(rain=rain, points=points, longest_step_s=5.0))


def test_mass_is_kept() -> None:
    run = busy(Team(1))

    run.run(900.0)

    assert abs(run.mass_error()) < 1e-6
    assert run.solver.depth_m.min() >= 0
    assert set(run.books.moved_m3) == {"rain", "brook", "pump", "levels", "edges"}


def test_the_number_of_threads_changes_no_bit() -> None:
    runs = [busy(Team(members)) for members in (1, 2, 3)]

    for run in runs:
        run.run(300.0)

    first = runs[0].kept()
    for run in runs[1:]:
        assert all(np.array_equal(values, run.kept()[name]) for name, values in first.items() if "books" not in name)


def test_a_run_that_goes_on_from_a_checkpoint_is_the_same() -> None:
    straight, first, later = busy(Team(1)), busy(Team(1)), busy(Team(1))
    straight.run(200.0)
    straight.run(400.0)

    first.run(200.0)
    later.restore(first.kept())
    later.run(400.0)

    assert all(np.array_equal(values, later.kept()[name]) for name, values in straight.kept().items())


def test_a_checkpoint_of_another_grid_is_refused() -> None:
    solver = busy(Team(1)).solver
    kept = dict(solver.kept())
    kept["h"] = np.zeros((3, 3), np.float32)

    with pytest.raises(ValueError, match="another shape"):
        solver.restore(kept)


def test_deep_water_does_not_shorten_steps_below_the_least_and_stays_sound() -> None:
    tables = subgrid_tables(Grid(rough(), 5.0, 5.0, 0.03), 5, team=Team(1))
    run = subgrid(tables, Case(longest_step_s=20.0), team=Team(1), least_step_s=20.0)
    level = np.where(np.arange(tables.grid.shape[1]) < 8, 5.0, 2.2) * np.ones((tables.grid.shape[0], 1))
    run.solver.depth_m[:] = tables.mean_depth_m(level)
    run.solver.touch()
    run.books.begin_m3 = run.volume_m3()

    run.run(4 * 3600.0)

    assert run.steps == 720
    assert abs(run.mass_error()) < 1e-6
    assert isinstance(run.solver, SubgridSolver)
    level = np.where(run.solver.depth_m > 0.3, run.solver.levels_m(), np.nan)
    steps = np.concatenate([np.diff(level, axis=0).ravel(), np.diff(level, axis=1).ravel()])
    assert np.nanmax(np.abs(steps)) < 0.02  # from 2.8 m between two neighbours; no cell swings against its neighbour


def test_rain_on_a_cell_in_part_without_ground_runs_to_the_rest() -> None:
    bed = np.zeros((4, 4), dtype=np.float32)
    bed[:, :3] = np.nan
    tables = subgrid_tables(Grid(bed, 10.0, 10.0, 0.03), 4, team=Team(1))
    run = subgrid(tables, Case(rain=Shower(1e-4, 100.0)), team=Team(1))

    run.run(100.0)

    assert isinstance(run.solver, SubgridSolver)
    assert run.solver.depth_m[0, 0] == pytest.approx(0.01)
    assert run.solver.levels_m()[0, 0] == pytest.approx(0.04)
    fine = run.solver.fine_depth_m(bed)
    assert np.isnan(fine[:, :3]).all()
    assert fine[:, 3] == pytest.approx(0.04)


def test_what_does_not_run_has_no_speed_and_needs_no_step() -> None:
    tables = subgrid_tables(Grid(rough(), 5.0, 5.0, 0.03), 5, team=Team(1))
    solver = SubgridSolver(tables, team=Team(1))
    nothing = np.zeros(0)

    moved = solver.advance(
        4,
        1.0,
        None,
        Sparse(
            *(nothing.astype(np.int64), nothing),
            *(nothing.astype(np.int64), nothing, nothing),
            *(nothing.astype(np.int64), nothing),
        ),
    )

    assert moved == (0.0, 0.0)
    assert solver.longest_step_s() == np.inf
    assert not any(speed.any() for speed in solver.velocity_m_s())
