"""Links: ponds that come to rest, water neither made nor lost, levels that never cross, laws by their own sums."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from anlan.science.flood.culverts import Culvert, Pipe
from anlan.science.flood.gates import Gate, Schedule
from anlan.science.flood.grid import Grid
from anlan.science.flood.links import Link, Links, Pace, Pool
from anlan.science.flood.openings import Flap, Slot, Weir
from anlan.science.flood.points import Series
from anlan.science.flood.simulation import Case, Simulation
from anlan.science.flood.subgrid import SubgridSolver
from anlan.science.flood.subgrid_tables import subgrid_tables
from science.flood.structure_cases import ALONE, ponds, pools, started, total_m3
from science.flood.verification import Row, record


def mean_levels(run, *groups):
    surface = (run.solver.grid.bed_m + run.solver.depth_m).ravel()
    return [float(surface[cells].mean()) for cells in groups]


def test_two_ponds_joined_by_a_culvert_come_to_rest_at_one_level():
    grid, depth, left, right = ponds(2.0, 0.0, bed=(0.0, 0.3))
    culvert = Culvert(Pipe(0.8), 20.0, 0.2, 0.3, "concrete_pipe_square_edge")
    first, second = pools(grid, left[-1:], right[:1])
    run = started(grid, depth, Links([Link("culvert", first, second, culvert)]))

    run.run(4 * 3600)
    a, b = mean_levels(run, left, right)

    assert (a, b) == pytest.approx((1.15, 1.15), abs=2e-3)
    assert abs(run.mass_error()) < 1e-5


def test_a_pond_runs_out_over_a_weir_as_its_own_equation_says():
    """dh/dt = -C b h^1.5 / A has the solution h = (h0^-0.5 + C b t / (2 A))^-2."""
    grid, depth, left, _ = ponds(1.0, 0.0)
    links = Links([Link("weir", pools(grid, left)[0], Series.steady(-5.0), Weir(0.0, 2.0))])
    run = started(grid, depth, links)
    errors = []
    for minutes in range(1, 11):
        run.run(60.0 * minutes)
        expected = (1 + 1.705 * 2 * 60 * minutes / (2 * 1200)) ** -2
        errors.append(mean_levels(run, left)[0] - expected)

    error = float(np.abs(errors).max())

    source = "h = (h0^-1/2 + C b t / 2A)^-2"
    record(Row("pond running out over a weir", "links", source, "level, greatest of 10 min", error, 2e-3, "m"))
    assert links.passed_m3[0, 0] == pytest.approx(1200 - total_m3(run), rel=1e-6)


def test_a_drowned_weir_between_ponds_follows_the_differential_equation():
    grid, depth, left, right = ponds(1.5, 0.6)
    first, second = pools(grid, left, right)
    weir = Weir(0.5, 3.0)
    run = started(grid, depth, Links([Link("weir", first, second, weir)]))

    def rise(_, levels):
        flow = weir.flow_m3_s(*levels) / 1200
        return [-flow, flow]

    expected = solve_ivp(rise, (0, 300), [1.5, 0.6], rtol=1e-8).y[:, -1]
    run.run(300.0)

    assert mean_levels(run, left, right) == pytest.approx(list(expected), abs=2e-3)


OPENINGS = st.one_of(
    st.builds(Weir, st.floats(0, 2), st.floats(0, 50)),
    st.builds(Slot, st.floats(0, 1), st.floats(0, 2), st.floats(0, 50)),
    st.just(Culvert(Pipe(1.0), 15.0, 0.1, 0.0, "metal_pipe_headwall", 0.024)),
)


@given(
    st.lists(OPENINGS, min_size=1, max_size=4),
    st.floats(0, 3),
    st.floats(0, 3),
    st.tuples(st.floats(-1, 1), st.floats(-1, 1)),
    st.floats(0.1, 600),
)
@settings(max_examples=150)
def test_links_never_cross_levels_nor_take_what_is_not_there(openings, left_m, right_m, bed, seconds):
    grid, depth, left, right = ponds(left_m, right_m, bed=bed)
    first, second = pools(grid, left, right)
    before = depth.copy()
    levels = first.level_m(first.volume_m3(depth)), second.level_m(second.volume_m3(depth))
    links = Links([Link(str(k), first, second, opening) for k, opening in enumerate(openings)])

    done = links.apply(0.0, seconds, depth, None)
    given_m3 = np.zeros(depth.size)
    np.add.at(given_m3, done.cells, done.rate_m_s * seconds * grid.cell_m2)
    after = depth.ravel() + given_m3 / grid.cell_m2

    assert depth.min() >= 0
    assert done.left_m3 == 0
    assert after.sum() == pytest.approx(before.sum(dtype=np.float64), rel=1e-6, abs=1e-6)
    now = [pool.level_m(float(after[pool.cells].sum()) * grid.cell_m2) for pool in (first, second)]
    assert (now[0] - now[1]) * np.sign(levels[0] - levels[1]) >= -1e-5


@given(st.floats(0, 3), st.floats(-1, 4), st.floats(0.1, 600))
def test_the_tide_outside_comes_in_no_higher_than_it_stands(inner, tide, seconds):
    grid, depth, left, _ = ponds(inner, 0.0)
    pool = pools(grid, left)[0]
    links = Links([Link("mouth", pool, Series.steady(tide), Slot(0.5, 2.0, 30.0))])
    before = pool.volume_m3(depth)

    done = links.apply(0.0, seconds, depth, None)
    volume = pool.volume_m3(depth) + float((done.rate_m_s * seconds * grid.cell_m2).sum())

    assert volume == pytest.approx(before - done.left_m3, abs=1e-3)
    level = pool.level_m(volume)
    assert min(inner, tide) - 1e-5 <= level <= max(inner, tide) + 1e-5


def test_a_flap_keeps_the_tide_out():
    grid, depth, left, _ = ponds(0.3, 0.0)
    links = Links([Link("outfall", pools(grid, left)[0], Series.steady(2.0), Flap(Slot(0.0, 1.0, 1.0)))])
    run = started(grid, depth, links)

    run.run(600.0)

    assert links.passed_m3.sum() == 0


def test_blocks_become_shorter_where_a_link_is_strong_for_its_cells():
    grid, depth, left, right = ponds(2.0, 0.0)
    first, second = pools(grid, left[-1:], right[:1])
    link = Link("wide", first, second, Slot(0.0, 2.0, 3.0))
    links = Links([link], pace=Pace(change_m=0.25, shortest_s=0.5))

    links.apply(0.0, 10.0, depth.copy(), None)
    flow = link.opening.flow_m3_s(2.0, 0.0)

    assert links.next_bend(10.0) == pytest.approx(10.0 + 0.25 * 50.0 / flow)


def test_ends_of_uneven_ground_fill_from_their_lowest_cells():
    grid = Grid(np.array([[1.0, 0.0, 2.0]]), 10.0, 10.0, 0.03)
    pool = Pool("ditch", grid, np.array([0, 1, 2]))

    assert [pool.level_m(v) for v in (0.0, 50.0, 100.0, 300.0, 600.0)] == [0.0, 0.5, 1.0, 2.0, 3.0]
    assert [pool.below_m3(z) for z in (-1.0, 0.5, 1.5, 3.0)] == [0.0, 50.0, 200.0, 600.0]
    assert pool.rates(10.0, 0.5, 1.0)[0].tolist() == [1]
    assert pool.rates(10.0, 1.5, 1.0)[0].tolist() == [0, 1]


def test_ends_on_sub_grid_tables_fill_as_their_fine_ground_does():
    fine = Grid(np.random.default_rng(5).normal(3.0, 0.5, (10, 15)), 2.0, 2.0, 0.03)
    tables = subgrid_tables(fine, 5, levels=25)
    pool = Pool("square", tables.grid, np.array([1, 4]), tables)
    bed = np.concatenate([fine.bed_m[:5, 5:10].ravel(), fine.bed_m[5:, 5:10].ravel()])

    for level in (1.5, 2.7, 3.0, 3.4, 6.0):
        volume = float(np.maximum(level - bed, 0).sum()) * 4.0
        assert pool.below_m3(level) == pytest.approx(volume, rel=0.02, abs=0.5)
        assert pool.level_m(pool.below_m3(level)) == pytest.approx(max(level, bed.min()), abs=1e-4)
    assert pool.wet_m2(9.0) == pytest.approx(200.0)
    assert pool.wet_m2(3.0) < 150.0


def test_two_ponds_on_sub_grid_tables_come_to_rest_at_one_level():
    ground = np.random.default_rng(6).normal(0.0, 0.3, (6, 14))
    ground[:, 6:8] = np.nan
    tables = subgrid_tables(Grid(ground, 5.0, 5.0, 0.03), 2)
    numbers = np.arange(21).reshape(3, 7)
    ends = [
        Pool(f"{k}", tables.grid, cells.ravel(), tables) for k, cells in enumerate((numbers[:, :3], numbers[:, 4:]))
    ]
    run = Simulation(
        SubgridSolver(tables, team=ALONE), Case(exchanges=[Links([Link("slot", *ends, Slot(0.0, 1.0, 2.0))])])
    )
    run.solver.depth_m[:, :3] = 1.5
    run.solver.touch()
    run = Simulation(run.solver, run.case)

    run.run(1800.0)
    levels = run.solver.levels_m()

    assert np.nanmean(levels[:, :3]) == pytest.approx(np.nanmean(levels[:, 4:]), abs=0.01)
    assert abs(run.mass_error()) < 1e-5


def restarted(build, until_s, stop_s):
    """Return the arrays at the end of a run, and of the same run stopped, kept and restored in another simulation."""
    whole, first, second = build(), build(), build()
    whole.run(stop_s)
    whole.run(until_s)
    first.run(stop_s)
    second.restore(first.kept())
    second.run(until_s)
    return whole.kept(), second.kept()


def test_a_run_goes_on_from_a_checkpoint_to_the_same_bits():
    def build():
        grid, depth, left, right = ponds(2.0, 0.0)
        first, second = pools(grid, left[-1:], right[:1])
        gate = Gate(Slot(0.0, 1.0, 2.0), Schedule(Series.of([0.0, 90.0], [0.0, 1.0])), moving_s=300.0, openness=0.0)
        return started(grid, depth, Links([Link("gate", first, second, gate)]))

    straight, resumed = restarted(build, 400.0, 130.0)

    assert straight.keys() == resumed.keys()
    for name, values in straight.items():
        np.testing.assert_array_equal(values, resumed[name], err_msg=name)
    assert straight["links.passed_m3"][0, 0] > 10


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda grid: Pool("x", grid, np.array([4])), "no ground"),
        (lambda grid: Pool("x", grid, np.array([27])), "within the grid"),
        (lambda grid: Pool("x", grid, np.array([], dtype=np.int64)), "needs cells"),
        (lambda grid: Links([Link("a", *pools(grid, [0], [0]), Weir(0, 1))]), "in one cell"),
        (lambda grid: Links([Link("a", *pools(grid, [0], [1]), Weir(0, 1))] * 2), "one name"),
    ],
)
def test_bad_links_get_a_clear_error(make, message):
    with pytest.raises(ValueError, match=message):
        make(ponds()[0])
