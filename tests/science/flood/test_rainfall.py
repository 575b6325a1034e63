"""Rain fields against sums in double precision, a bilinear plane, slow loops over gauges, and the solver's books."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.science.flood.grid import Grid
from anlan.science.flood.rainfall import Frame, Rainfall, design_storm, everywhere, gauged, radar
from anlan.science.flood.simulation import Case, inertial
from anlan.science.rain import StormFormula, areal_reduction

SHANGHAI = StormFormula(1600, 0.846, 7.0, 0.656)
GROUND = Frame(1000.0, 5000.0, 10.0, 20.0, 40, 60)  # 600 m wide, 800 m high


def test_one_rain_for_all_falls_by_its_rates():
    rain = everywhere([0, 600, 1800, 3600], [36.0, 0.0, 7.2])

    assert rain.depth_m(0, 10) == pytest.approx(36 / 3.6e6 * 10)
    assert rain.depth_m(600, 1800) is None
    assert rain.depth_m(590, 1810) == pytest.approx((36 * 10 + 7.2 * 10) / 3.6e6)
    assert [rain.depth_m(-20, -10), rain.depth_m(3600, 4000)] == [None, None]
    assert [rain.next_bend(t) for t in (-5, 0, 599.9, 600, 3599, 3600)] == [0, 600, 600, 1800, 3600, np.inf]


@given(st.lists(st.floats(0.1, 900), min_size=1, max_size=6), st.lists(st.floats(0, 1), min_size=3, max_size=9))
def test_however_the_time_is_cut_the_same_rain_falls(lengths, cuts):
    edges = np.concatenate([[0.0], np.cumsum(lengths)])
    rates = np.arange(len(lengths)) * 13.0 % 50
    rain = everywhere(edges, rates)
    times = np.concatenate([[0.0], np.sort(cuts) * edges[-1], [edges[-1]]])
    fallen = sum(rain.depth_m(a, b) or 0.0 for a, b in pairwise(times))

    assert fallen == pytest.approx(float(np.sum(rates * lengths)) / 3.6e6, rel=1e-9, abs=1e-15)


def test_a_plane_on_the_radars_grid_is_a_plane_on_the_ground():
    frame = Frame(900.0, 5150.0, 100.0, 150.0, 7, 9)
    x, y = frame.centres_m()
    rate = 5 + 0.01 * (x[None, :] - 1000) + 0.02 * (5000 - y[:, None])
    rain = radar([0, 300], np.maximum(rate, 0)[None], frame, GROUND)
    gx, gy = GROUND.centres_m()
    exact = 5 + 0.01 * (gx[None, :] - 1000) + 0.02 * (5000 - gy[:, None])

    np.testing.assert_allclose(rain.depth_m(0, 10), exact / 3.6e6 * 10, rtol=2e-6)


def test_the_nearest_cell_of_the_radar_gives_its_rain_unchanged():
    frame = Frame(1000.0, 5000.0, 300.0, 400.0, 2, 2)
    rain = radar([0, 60], [[[1.0, 2.0], [3.0, 4.0]]], frame, GROUND, fill="nearest")
    depth = rain.depth_m(0, 60) * 3.6e6 / 60

    np.testing.assert_allclose(depth[:20, :30], 1, rtol=1e-6)
    np.testing.assert_allclose(depth[20:, 30:], 4, rtol=1e-6)
    assert depth[:20, 30:].min() == depth[:20, 30:].max()


def test_a_field_over_two_intervals_is_their_sum():
    frame = Frame(1000.0, 5000.0, 300.0, 400.0, 2, 2)
    rates = np.array([[[1.0, 2.0], [3.0, 4.0]], [[40.0, 0.0], [0.0, 10.0]]])
    rain = radar([0, 100, 200], rates, frame, GROUND, fill="nearest")
    depth = rain.depth_m(70, 110) * 3.6e6

    np.testing.assert_allclose(depth[[0, 0, -1, -1], [0, -1, 0, -1]], [430, 60, 90, 220], rtol=1e-6)


def test_a_field_once_given_does_not_change():
    rain = radar([0, 100, 200], np.array([[[1.0, 2.0]], [[3.0, 4.0]]]), Frame(1000, 5000, 300, 800, 1, 2), GROUND)
    first = rain.depth_m(0, 10)
    before = np.array(first)
    rain.depth_m(10, 17), rain.depth_m(90, 150)

    np.testing.assert_array_equal(first, before)
    np.testing.assert_array_equal(rain.depth_m(0, 10), before)


def test_gauges_by_thiessen_and_by_distance():
    gauges = np.array([[1100.0, 4900.0], [1500.0, 4300.0], [1050.0, 4250.0]])
    values = np.array([10.0, 30.0, 50.0])
    near = gauged([0, 60], values[None], gauges, GROUND, block_m=20.0, power=None).depth_m(0, 60) * 6e4
    smooth = gauged([0, 60], values[None], gauges, GROUND, block_m=20.0).depth_m(0, 60) * 6e4
    x, y = GROUND.centres_m()
    wrong = 0
    for row in range(GROUND.rows):
        for column in range(GROUND.columns):
            far2 = np.sum((gauges - [x[column], y[row]]) ** 2, axis=1)
            wrong += not np.isclose(near[row, column], values[np.argmin(far2)], rtol=1e-5)
            if far2.min() > 100**2:  # away from the gauges the field is smooth within a block
                assert smooth[row, column] == pytest.approx(np.sum(values / far2) / np.sum(1 / far2), rel=0.02)

    assert wrong < 0.03 * near.size  # only blocks that the border of two gauges cuts


def test_a_silent_gauge_is_stood_in_for_by_the_others():
    gauges = [[1100.0, 4900.0], [1500.0, 4300.0]]
    rain = gauged([0, 60, 120], [[10.0, 20.0], [np.nan, 20.0]], gauges, GROUND, block_m=50.0)

    np.testing.assert_allclose(rain.depth_m(60, 120) * 6e4, 20, rtol=1e-6)
    with pytest.raises(ValueError, match="all gauges are silent in interval 1"):
        gauged([0, 60, 120], [[10.0, 20.0], [np.nan, np.nan]], gauges, GROUND, block_m=50.0)
    with pytest.raises(ValueError, match=r"gauge 1 tells -3\.0 in interval 0"):
        gauged([0, 60], [[10.0, -3.0]], gauges, GROUND, block_m=50.0)


FRAME = Frame(1000.0, 5000.0, 300.0, 400.0, 2, 2)


@pytest.mark.parametrize(
    ("edges", "rates", "told"),
    [
        ([0, 60], [-1.0], r"from 0.0 s to 60.0 s is -1.0"),
        ([0, 60, 120], [1.0, np.nan], r"from 60.0 s to 120.0 s is nan"),
        ([0, 60], [np.inf], r"is inf"),
        ([0, 60, 60], [1.0, 1.0], r"after 60.0 s comes 60.0 s"),
        ([0, 60, 50], [1.0, 1.0], r"after 60.0 s comes 50.0 s"),
        ([0, np.nan], [1.0], r"moment 1 is nan"),
        ([0, 60], [1.0, 2.0], r"2 intervals need 3 moments"),
    ],
)
def test_bad_rain_is_refused_with_its_place_and_value(edges, rates, told):
    with pytest.raises(ValueError, match=told):
        everywhere(edges, rates)


def test_a_blind_radar_is_refused_or_stands_for_what_is_said():
    rates = [[[1.0, np.nan], [3.0, 4.0]]]
    with pytest.raises(ValueError, match=r"from 0\.0 s to 60\.0 s at row 0, column 1 is nan"):
        radar([0, 60], rates, FRAME, GROUND)
    rain = radar([0, 60], rates, FRAME, GROUND, fill="nearest", blind_mm_h=0.0)

    assert rain.depth_m(0, 60)[0, -1] == 0


def test_a_radar_that_does_not_reach_over_the_ground_is_refused():
    with pytest.raises(ValueError, match="does not reach over the grid"):
        radar([0, 60], np.ones((1, 2, 2)), Frame(1000.0, 5000.0, 100.0, 400.0, 2, 2), GROUND)
    with pytest.raises(ValueError, match="places"):
        Rainfall([0, 60], np.ones((1, 2, 2)))


def test_members_of_an_ensemble_are_more_moved_and_later():
    frame = Frame(900.0, 5100.0, 100.0, 100.0, 10, 8)
    rates = np.zeros((1, 10, 8))
    rates[0, 4, 3] = 60.0
    still = radar([0, 60], rates, frame, GROUND, fill="nearest")
    moved = still.varied(factor=1.5, east_m=200.0, north_m=-100.0, later_s=30.0)

    assert moved.depth_m(0, 30) is None
    np.testing.assert_allclose(
        np.roll(np.asarray(still.depth_m(0, 60)), (5, 20), (0, 1)) * 1.5, moved.depth_m(30, 90), rtol=1e-6
    )
    with pytest.raises(ValueError, match="factor"):
        still.varied(factor=-1)


def test_a_design_storm_brings_the_depth_of_its_formula_less_what_its_area_takes_off():
    point = design_storm(SHANGHAI, 5, minutes=120, step_minutes=5, peak=0.4, begin_s=100.0)
    wide = design_storm(SHANGHAI, 5, minutes=120, step_minutes=5, peak=0.4, area_km2=259.0)
    depth = float(SHANGHAI.mean_mm_h(120, 5)) * 2 / 1e3

    assert point.depth_m(0, 1e4) == pytest.approx(depth)
    assert wide.depth_m(0, 1e4) == pytest.approx(depth * areal_reduction(259.0, 2.0))


def test_the_books_of_a_run_hold_what_the_field_says():
    rng = np.random.default_rng(3)
    grid = Grid(rng.normal(0, 0.2, (40, 60)).astype(np.float32), 10.0, 20.0, 0.03)
    rates = rng.uniform(0, 80, (3, 6, 6))
    frame = Frame(950.0, 5100.0, 150.0, 200.0, 6, 6)
    ground = Frame.of(grid, 1000.0, 5000.0)
    rain = radar([0, 200, 250, 700], rates, frame, ground)
    run = inertial(grid, Case(rain=rain))
    run.run(800.0)
    fine = [np.asarray(radar([0, 1], one[None], frame, ground).depth_m(0, 1), np.float64) for one in rates]
    volume = sum(f.sum() * s for f, s in zip(fine, (200, 50, 450), strict=True)) * grid.cell_m2

    assert run.books.moved_m3["rain"] == pytest.approx(volume, rel=1e-6)
    assert abs(run.mass_error()) < 1e-6
