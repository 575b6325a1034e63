"""Drains against hand-worked blocks, the step of the screening model, and their own books."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.science.flood.drains import Drains, Outfall, Subcatchment
from anlan.science.flood.grid import Grid
from anlan.science.flood.points import Series
from anlan.science.flood.rainfall import everywhere
from anlan.science.flood.simulation import Case, inertial
from anlan.science.ponding import outfall_blocked


def flat(rows=4, columns=5, height=3.0):
    return Grid(np.full((rows, columns), height, dtype=np.float32), 10.0, 20.0, 0.03)


def one(grid, **more):
    given = {"capacity_mm_h": 36.0, "storage_mm": 5.0, "inlet_mm_h": 360.0} | more
    return Subcatchment("all", np.arange(grid.bed_m.size), **given)


def depths(grid, value):
    return np.full(grid.shape, value, dtype=np.float32)


def test_free_drains_take_what_their_inlets_let_in_until_the_pipes_are_full():
    """36 mm/h carry off 0.1 mm in 10 s; inlets let in 1 mm; the pipes hold 5 mm."""
    grid = flat()
    drains = Drains(grid, [one(grid)])
    depth, taken = depths(grid, 0.2), []
    for block in range(10):
        before = depth.copy()
        drains.apply(block * 10.0, block * 10.0 + 10, depth, None)
        taken.append(float((before - depth).mean()) * 1e3)

    # Held after each block: 0.9, 1.8, ... 4.5 mm; then room for 0.5 + 0.1; then for 0.1 at a time.
    np.testing.assert_allclose(taken, [1, 1, 1, 1, 1, 0.6, 0.1, 0.1, 0.1, 0.1], rtol=1e-4)
    assert drains.books.held_m3[0] == pytest.approx(0.005 * grid.cell_m2 * depth.size, rel=2e-2)


def test_a_low_place_drains_faster_than_its_own_area_would():
    grid = flat()
    drains = Drains(grid, [one(grid, storage_mm=0.0)])
    depth = depths(grid, 0.0)
    depth[2, 2] = 0.5
    drains.apply(0, 10, depth, None)

    assert 0.5 - depth[2, 2] == pytest.approx(0.001, rel=1e-4)  # the rate of its inlets, ten times the design rain


def test_where_all_want_more_than_there_is_room_each_gets_the_same_part():
    grid = flat(1, 3)
    drains = Drains(grid, [one(grid, storage_mm=0.0)])
    depth = np.array([[0.0004, 0.2, 0.2]], dtype=np.float32)
    before = depth.copy()
    drains.apply(0, 10, depth, None)
    gone = before - depth

    assert gone.sum() == pytest.approx(0.0003, rel=1e-3)
    np.testing.assert_allclose(gone[0], np.array([0.4, 1, 1]) / 2.4 * 0.0003, rtol=2e-3)


@pytest.mark.parametrize("tide", [1.0, 2.2, 2.8, 3.5])
@pytest.mark.parametrize("pumped", [0.0, 0.4])
def test_the_tide_takes_away_what_the_screening_model_says(tide, pumped):
    grid = flat()
    outfall = Outfall(Series.steady(tide), 2.0, 3.0)
    drains = Drains(grid, [one(grid, storage_mm=0.0, pumped=pumped, outfall=outfall)])
    depth = depths(grid, 0.1)
    drains.apply(0, 100, depth, None)
    free = pumped + (1 - pumped) * (1 - float(outfall_blocked(tide, outfall_m=2.0, street_m=3.0)))

    np.testing.assert_allclose(0.1 - depth, 0.001 * free, atol=3e-8)


def test_water_comes_up_where_no_flap_keeps_it_out():
    """Gravity passes 36 mm/h under 1 m of head, so 36 mm/h * sqrt(0.25) under the 0.25 m between tide and street."""
    grid = flat()
    for flap, rise in ((True, 0.0), (False, 0.01 * 0.5)):
        outfall = Outfall(Series.steady(3.25), 2.0, 3.0, flap=flap)
        drains = Drains(grid, [one(grid, inlet_mm_h=0.0, outfall=outfall)])
        depth = depths(grid, 0.0)
        done = drains.apply(0, 1000, depth, None)

        np.testing.assert_allclose(depth, rise, rtol=1e-5)
        assert done.left_m3 == pytest.approx(-rise * depth.size * grid.cell_m2, rel=1e-5)


def test_it_comes_up_to_its_own_level_and_no_further():
    grid = flat(1, 2)
    grid.bed_m[0, 1] = 3.4  # above the tide
    drains = Drains(grid, [one(grid, inlet_mm_h=0.0, outfall=Outfall(Series.steady(3.25), 2.0, 3.0, flap=False))])
    depth = depths(grid, 0.0)
    for block in range(100):
        drains.apply(block * 1e3, block * 1e3 + 1e3, depth, None)

    np.testing.assert_allclose(depth, [[0.25, 0.0]], atol=1e-6)


@given(st.integers(0, 10**6), st.booleans())
def test_each_subcatchments_books_hold(seed, flap):
    rng = np.random.default_rng(seed)
    grid = Grid(rng.uniform(2.5, 3.5, (6, 7)).astype(np.float32), 5.0, 5.0, 0.03)
    cells = np.array_split(rng.permutation(42)[:36], 3)
    outfall = Outfall(Series.of([0, 3000], rng.uniform(1, 4, 2)), 2.0, 3.0, flap=flap)
    drains = Drains(
        grid,
        [
            Subcatchment("a", cells[0], 36.0, 3.0, 200.0, outfall=outfall),
            Subcatchment("b", cells[1], 58.0, 0.0, 100.0, pumped=0.5, outfall=outfall, inlets=cells[1][:5]),
            Subcatchment("c", cells[2], 20.0, 8.0, 400.0),
        ],
    )
    depth = rng.uniform(0, 0.3, grid.shape).astype(np.float32)
    before, left, books = depth.sum(dtype=np.float64) * 25, 0.0, drains.books
    for begin in np.arange(0, 3000, 37.0):
        left += drains.apply(begin, begin + 37, depth, None).left_m3

        assert depth.min() >= 0
    np.testing.assert_allclose(books.entered_m3, books.carried_m3 + books.held_m3, rtol=1e-12, atol=1e-12)
    assert left == pytest.approx(books.entered_m3.sum() - books.came_up_m3.sum(), rel=1e-12)
    assert depth.sum(dtype=np.float64) * 25 == pytest.approx(before - left, rel=1e-9)
    assert np.all(books.came_up_m3[[2]] == 0)


def rainy(kept=None, until=1200.0):
    rng = np.random.default_rng(2)
    grid = Grid(rng.normal(3, 0.2, (30, 40)).astype(np.float32), 10.0, 10.0, 0.03)
    halves = np.array_split(np.arange(grid.bed_m.size), 2)
    tide = Outfall(Series.of([0, 600, 1200], [2.0, 2.9, 3.2]), 2.0, 3.0, flap=False)
    drains = Drains(
        grid,
        [Subcatchment("north", halves[0], 36, 4, 100.0), Subcatchment("south", halves[1], 36, 4, 100, outfall=tide)],
    )
    run = inertial(grid, Case(rain=everywhere([0, 900], [70.0]), exchanges=[drains]))
    if kept is not None:
        run.restore(kept)
    run.run(until)
    return run, drains


def test_a_run_with_drains_holds_its_books_and_resumes_to_the_same_bits():
    straight, drains = rainy(until=600.0)
    kept = straight.kept()
    straight.run(1200.0)
    resumed, again = rainy(kept)

    assert abs(straight.mass_error()) < 1e-6
    assert drains.books.came_up_m3[1] > 0
    np.testing.assert_array_equal(resumed.solver.depth_m, straight.solver.depth_m)
    np.testing.assert_array_equal(again.books.held_m3, drains.books.held_m3)


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda g: one(g, capacity_mm_h=-1.0), r"all: capacity_mm_h must not be negative, not -1\.0"),
        (lambda g: one(g, pumped=1.5), r"all: pumped .*1\.5"),
        (lambda _: Outfall(Series.steady(1.0), 3.0, 3.0), r"street \(3\.0 m\) must lie above it \(3\.0 m\)"),
        (lambda g: Drains(g, [one(g), one(g)]), r"cell 0 is drained twice"),
        (lambda g: Drains(g, [Subcatchment("far", np.array([99]), 1.0, 1.0, 1.0)]), r"far: .*not on the grid"),
        (lambda g: Subcatchment("x", np.array([1]), 1.0, 1.0, 1.0, inlets=np.array([2])), r"inlets must be among"),
    ],
)
def test_drains_that_cannot_be_are_refused(make, told):
    with pytest.raises(ValueError, match=told):
        make(flat())
