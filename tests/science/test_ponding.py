"""Bluespots and ponding against a priority queue, a walk cell by cell, closed forms and the conservation of mass."""

import heapq
import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import brentq

from anlan.science.depressions import analyse
from anlan.science.ponding import Drains, Water, catchment_rain_m3, depth_grid_m, fill, levels_m, outfall_blocked, step
from anlan.science.routing import fill_surface

STEPS = [s for s in itertools.product((-1, 0, 1), repeat=2) if s != (0, 0)]
SHAPES = st.tuples(st.integers(1, 9), st.integers(1, 9))
ROUGH = SHAPES.flatmap(lambda s: arrays(float, s, elements=st.integers(0, 6).map(float)))
OUTSIDE = st.integers(0, 2**32 - 1)


def masks(seed, shape):
    return np.random.default_rng(seed).random(shape) < 0.1


def priority_flood(dem, inside):
    """Barnes et al. (2014), algorithm 1, from every cell that touches the outside."""
    rows, columns = dem.shape
    filled, heap, done = np.full(dem.shape, np.nan), [], ~inside
    for y, x in np.argwhere(inside):
        near = [(y + dy, x + dx) for dy, dx in STEPS]
        if any(not (0 <= v < rows and 0 <= u < columns) or not inside[v, u] for v, u in near):
            heapq.heappush(heap, (dem[y, x], y, x))
            done = done.copy()
            done[y, x] = True
    while heap:
        level, y, x = heapq.heappop(heap)
        filled[y, x] = level
        for dy, dx in STEPS:
            v, u = y + dy, x + dx
            if 0 <= v < rows and 0 <= u < columns and not done[v, u]:
                done[v, u] = True
                heapq.heappush(heap, (max(dem[v, u], level), v, u))
    return filled


@given(ROUGH, OUTSIDE)
def test_filled_surface_is_that_of_the_priority_flood(dem, seed):
    inside = ~masks(seed, dem.shape)
    surface = fill_surface(dem, inside)

    np.testing.assert_array_equal(surface.filled_m.reshape(dem.shape), priority_flood(dem, inside))


@given(ROUGH, OUTSIDE, st.sampled_from([0.0, 1.5]))
def test_bluespots_are_whole_and_spill_to_the_outside_in_the_end(dem, seed, least):
    outside = masks(seed, dem.shape)
    bs = analyse(dem, 1.0, outside, least_depth_m=least)
    filled = priority_flood(dem, ~outside)
    n = len(bs)

    assert np.all((bs.label > 0) <= (filled > dem))
    if least == 0:
        assert np.all((bs.label > 0) >= (filled > dem))
    assert np.all(bs.generation[1:] < bs.generation[bs.downstream[1:]])
    np.testing.assert_array_equal(dem.ravel()[bs.pour_cell[1:]], bs.sill_m[1:])
    assert np.all(bs.catchment[bs.label > 0] == bs.label[bs.label > 0])
    assert bs.catchment_m2.sum() == np.count_nonzero(~outside)
    for b in range(1, n + 1):
        here = bs.label == b
        assert bs.capacity_m3[b] == pytest.approx(np.sum(filled[here] - dem[here]))
        assert bs.bottom_m[b] == dem[here].min()


def ends_of_walks(filled, label, y, x):
    """Bluespots that the steepest slopes from a cell lead to: of several equally steep, any may be taken."""
    rows, columns = filled.shape
    if label[y, x] or y in (0, rows - 1) or x in (0, columns - 1):
        return {label[y, x]}
    slopes = {(y + v, x + u): (filled[y, x] - filled[y + v, x + u]) / np.hypot(v, u) for v, u in STEPS}
    steepest = max(slopes.values())
    if steepest == 0:  # on a sill between pools of one level
        return set(range(label.max() + 1))
    return set().union(*(ends_of_walks(filled, label, *c) for c, s in slopes.items() if s == steepest))


@settings(max_examples=50)
@given(st.integers(0, 10**6))
def test_catchments_are_where_a_walk_down_the_steepest_slope_ends(seed):
    dem = np.random.default_rng(seed).normal(size=(12, 12))
    bs = analyse(dem, 1.0)
    filled = priority_flood(dem, np.ones_like(dem, bool))
    for y, x in itertools.product(range(12), repeat=2):
        assert bs.catchment[y, x] in ends_of_walks(filled, bs.label, y, x)


def slow_fill(bs, ponded, inflow):
    """Pour each bluespot's water down the chain, drop by drop of sills."""
    held, left = list(ponded), inflow[0]
    for b in range(1, len(bs) + 1):
        water, at = inflow[b], b
        while at and water:
            taken = min(water, max(bs.capacity_m3[at] - held[at], 0))
            held[at], water, at = held[at] + taken, water - taken, bs.downstream[at]
        left += water
    return held, left


@given(ROUGH, st.integers(0, 10**6), st.floats(0, 3))
def test_filling_gives_what_pouring_bluespot_by_bluespot_gives(dem, seed, much):
    bs = analyse(dem, 1.0)
    rng = np.random.default_rng(seed)
    ponded = np.append(0, rng.random(len(bs)) * bs.capacity_m3[1:])
    inflow = rng.random(len(bs) + 1) * much
    held, left = slow_fill(bs, ponded, inflow)
    after, spilled, gone = fill(bs, ponded, inflow)

    np.testing.assert_allclose(after, held, atol=1e-9)
    assert gone == pytest.approx(left)
    assert np.all(spilled >= 0)


@given(
    ROUGH,
    st.lists(st.tuples(st.floats(0, 2000), st.floats(0, 1)), min_size=1, max_size=6),
    st.floats(0, 100),
    st.floats(0, 30),
)
def test_every_drop_is_stored_drained_or_gone(dem, hours, capacity, storage):
    bs = analyse(dem, 7.0)
    water, fallen, gone = Water.none(bs), 0.0, 0.0
    for rain_mm, blocked in hours:
        rain = catchment_rain_m3(bs, rain_mm)
        done = step(bs, water, rain, Drains(capacity, storage), hours=0.5, outfall_blocked=blocked)
        water, fallen = done.water, fallen + rain.sum()
        gone += done.drained_m3.sum() + done.left_m3

        assert np.all(water.ponded_m3 >= 0)
        assert np.all(water.ponded_m3 <= bs.capacity_m3 * (1 + 1e-12))
        assert np.all(water.held_m3 <= storage * 1e-3 * bs.catchment_m2 * (1 + 1e-12) + 1e-12)
    stored = water.ponded_m3.sum() + water.held_m3.sum()

    assert stored + gone == pytest.approx(fallen, rel=1e-12, abs=1e-9)


@given(ROUGH, st.integers(0, 10**6))
def test_depths_hold_the_water_and_have_one_level(dem, seed):
    bs = analyse(dem, 2.0)
    part = np.random.default_rng(seed).random(len(bs))
    ponded = np.append(0, part * bs.capacity_m3[1:])
    level, depth = levels_m(bs, ponded), depth_grid_m(bs, ponded)
    for b in range(1, len(bs) + 1):
        here = bs.label == b
        if ponded[b] > 1e-6:
            exact = brentq(
                lambda h, b=b, here=here: 4 * np.maximum(h - dem[here], 0).sum() - ponded[b],
                bs.bottom_m[b],
                bs.sill_m[b],
            )

            assert level[b] == pytest.approx(exact, abs=1e-8)
        assert 4 * depth[here].sum() == pytest.approx(ponded[b], abs=1e-6)
    assert np.all(depth[bs.label == 0] == 0)


def test_a_cone_holds_a_third_of_base_times_height():
    cell, radius, deep = 1.0, 100.0, 10.0
    y, x = np.mgrid[-120:121, -120:121] * cell
    cone = np.minimum(np.hypot(x, y) / radius, 1.0) * deep
    bs = analyse(cone, cell)

    assert len(bs) == 1
    assert bs.capacity_m3[1] == pytest.approx(np.pi * radius**2 * deep / 3, rel=1e-3)
    half = levels_m(bs, np.array([0, bs.capacity_m3[1] / 8]))

    assert half[1] - bs.bottom_m[1] == pytest.approx(deep / 2, rel=5e-3)  # volume goes with the cube of depth


def two_pits():
    """A trough sloping east: pits of 1 m (3 cells of it) and then 0.5 m (2 cells), each behind a sill."""
    floor = np.array([9, 4.0, 4.0, 4.0, 5.0, 2.5, 2.5, 3.0, 1.0])
    dem = np.full((3, 9), 9.0)
    dem[1] = floor
    return analyse(dem, 10.0)


def test_the_upper_pit_spills_into_the_lower_one_and_that_one_out():
    bs = two_pits()
    upper, lower = bs.label[1, 1], bs.label[1, 5]

    assert bs.downstream[upper] == lower
    assert bs.downstream[lower] == 0
    np.testing.assert_allclose(bs.capacity_m3[[upper, lower]], [300, 100])
    inflow = np.zeros(3)
    inflow[upper] = 350
    ponded, spilled, left = fill(bs, np.zeros(3), inflow)

    np.testing.assert_allclose(ponded[[upper, lower]], [300, 50])
    np.testing.assert_allclose(spilled[[upper, lower]], [50, 0])
    assert left == 0
    assert fill(bs, ponded, inflow)[2] == pytest.approx(300)


def test_blocked_outfalls_fill_the_drains_and_then_the_street():
    bs = two_pits()
    b = bs.label[1, 1]
    area = bs.catchment_m2[b]
    rain = np.zeros(3)
    rain[b] = 0.05 * area  # 50 mm
    free = step(bs, Water.none(bs), rain, Drains(36.0, 5.0), hours=1)
    shut = step(bs, Water.none(bs), rain, Drains(36.0, 5.0), hours=1, outfall_blocked=1.0)

    assert free.water.ponded_m3[b] == pytest.approx(0.009 * area)
    assert free.water.held_m3[b] == pytest.approx(0.005 * area)
    assert shut.water.ponded_m3[b] == pytest.approx(0.045 * area)
    assert shut.drained_m3.sum() == 0
    dry = step(bs, free.water, np.zeros(3), Drains(36.0, 5.0), hours=1)

    assert dry.water.ponded_m3.sum() + dry.water.held_m3.sum() == 0


def test_an_outfall_loses_its_head_with_the_root_of_what_is_left():
    got = outfall_blocked([0.0, 1.0, 2.5, 3.0, 9.0], outfall_m=1.0, street_m=3.0)

    np.testing.assert_allclose(got, [0, 0, 0.5, 1, 1])
    with pytest.raises(ValueError, match="street_m"):
        outfall_blocked(0.0, outfall_m=3.0, street_m=3.0)


def test_the_sea_swallows():
    dem = np.full((5, 5), 3.0)
    dem[1:4, 1:4] = 1.0
    sea = np.zeros((5, 5), bool)
    sea[2, 2] = True

    assert len(analyse(dem, 1.0)) == 1
    assert len(analyse(dem, 1.0, sea)) == 0
    assert len(analyse(np.where(sea, np.nan, dem), 1.0)) == 0


@pytest.mark.parametrize(("dem", "cell"), [(np.zeros(3), 1.0), (np.zeros((2, 2)), 0.0), (np.zeros((2, 2)), np.nan)])
def test_a_terrain_that_makes_no_sense_is_refused(dem, cell):
    with pytest.raises(ValueError, match=r"dem_m|cell_m"):
        analyse(dem, cell)
