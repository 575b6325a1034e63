"""Impact by hand-worked cases, a plain loop, and the published knots of the curve."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.science.impact import (
    FLOOD_RESIDENTIAL_ASIA,
    Impact,
    Vulnerability,
    by_area,
    cannot_stand,
    impact,
    sample,
)

HALF = Vulnerability((0.0, 1.0), (0.0, 0.25), (0.0, 0.5), (0.0, 1.0), "m", "made up for this test")


def test_the_curve_has_the_published_asian_values():
    """Huizinga et al. 2017, residential buildings, Asia: depth 0.5 to 6 m."""
    published = [0.33, 0.49, 0.62, 0.72, 0.87, 0.93, 0.98, 1.00]

    assert impact([0.5, 1, 1.5, 2, 3, 4, 5, 6], 1.0, FLOOD_RESIDENTIAL_ASIA).best.tolist() == published


def test_three_things_make_an_impact():
    got = impact([0.0, 0.5, 2.0], [100, 100, 10], HALF)

    assert (got.low.tolist(), got.best.tolist(), got.high.tolist()) == ([0, 12.5, 2.5], [0, 25, 5], [0, 50, 10])


@given(st.lists(st.tuples(st.integers(-1, 3), st.floats(0, 1e6)), max_size=30))
def test_areas_sum_what_a_loop_sums(rows):
    sums = [0.0] * 4
    for area, value in rows:
        if area >= 0:
            sums[area] += value
    values = np.array([v for _, v in rows])
    got = by_area(Impact(values, values, values), [a for a, _ in rows], 4)

    np.testing.assert_allclose(got.best, sums)


@given(st.floats(0, 10), st.floats(0, 1e6))
def test_low_best_and_high_keep_their_order_and_none_exceeds_the_exposure(depth, exposed):
    got = impact(depth, exposed, FLOOD_RESIDENTIAL_ASIA)

    assert 0 <= got.low <= got.best <= got.high <= exposed


def test_an_unknown_hazard_has_an_unknown_impact_that_no_sum_takes_for_zero_or_more():
    got = impact([np.nan, 1.0], [10, 10], HALF)

    assert np.isnan(got.best[0])
    assert by_area(got, [0, 0], 1).best.tolist() == [5.0]


def test_points_take_the_cell_they_lie_in():
    grid = np.array([[1.0, 2.0], [3.0, 4.0]])
    got = sample(grid, [0, 19.9, 0, 20.0, -0.1], [20, 10.1, 0.1, 5, 5], west_m=0, north_m=20, cell_m=10)

    np.testing.assert_array_equal(got, [1, 2, 3, np.nan, np.nan])


@pytest.mark.parametrize(
    ("height", "mass", "depth", "speed", "limit"),
    [
        (1.75, 75, 1.2, 0.0, 1),
        (1.75, 75, 0.3, 2.0, 1),
        (1.3, 28, 0.5, 0.0, 1),
        (1.3, 28, 0.2, 2.0, 1),
        (1.75, 75, 0.1, 3.0, 1),
    ],
)
def test_people_stand_up_to_the_published_limits(height, mass, depth, speed, limit):
    assert cannot_stand(depth, speed, height_m=height, mass_kg=mass) == pytest.approx(limit)


def test_no_water_is_safe_for_an_infant():
    assert np.isinf(cannot_stand(0.05, 0.1, height_m=0.8, mass_kg=10))
    assert cannot_stand(0.0, 0.0, height_m=0.8, mass_kg=10) == 0


@pytest.mark.parametrize(
    "fault",
    [{"intensity": (0.0, 0.0)}, {"low": (0.0,)}, {"best": (0.0, 0.2)}, {"high": (0.0, 1.1)}, {"low": (np.nan, 0.25)}],
)
def test_a_curve_that_makes_no_sense_is_refused(fault):
    sound = {"intensity": (0.0, 1.0), "low": (0.0, 0.25), "best": (0.0, 0.5), "high": (0.0, 1.0)}

    with pytest.raises(ValueError, match="vulnerability"):
        Vulnerability(**(sound | fault), unit="m", source="")


def test_nobody_can_be_fewer_than_none():
    with pytest.raises(ValueError, match="exposure"):
        impact(1.0, -1.0, HALF)
