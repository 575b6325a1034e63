"""Design storms against their own formula, cyclone rain against the paper's climate, gauges against a slow sum."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.science.rain import (
    StormFormula,
    areal_reduction,
    between_gauges,
    chicago_mm,
    cyclone_rain_mm_h,
    nearest_gauge,
    rate_rcliper_mm_h,
)
from anlan.science.track import Track

SHANGHAI = StormFormula(1600, 0.846, 7.0, 0.656)


@pytest.mark.parametrize(("years", "mm_h"), [(1, 36), (5, 58)])
def test_the_formula_agrees_with_the_drainage_standard_of_shanghai(years, mm_h):
    """36 mm/h once a year and 58 mm/h once in five years, the published standards, to 1 mm/h."""
    assert SHANGHAI.mean_mm_h(60, years) == pytest.approx(mm_h, abs=1)


@given(st.floats(1, 100), st.floats(10, 180), st.floats(1, 30), st.floats(0, 1))
def test_a_chicago_storm_holds_the_depth_of_the_formula(years, minutes, step, peak):
    depth = chicago_mm(SHANGHAI, years, minutes=minutes, step_minutes=step, peak=peak)

    assert np.all(depth > 0)
    assert depth.sum() == pytest.approx(float(SHANGHAI.mean_mm_h(minutes, years)) * minutes / 60)


def test_its_heaviest_steps_lie_around_the_peak_and_hold_the_depth_of_their_own_duration():
    depth = chicago_mm(SHANGHAI, 5, minutes=120, step_minutes=1, peak=0.4)

    assert np.argmax(depth) in (47, 48)
    assert depth[36:66].sum() == pytest.approx(float(SHANGHAI.mean_mm_h(30, 5)) / 2, rel=1e-9)  # 12 + 18 min


def test_steps_are_the_integral_of_keifer_and_chus_intensity():
    """i = a ((1 - n) t/r + b) / (t/r + b)^(n + 1) before the peak."""
    a, b, n, r = 0.36 * 1600 * (1 + 0.846 * np.log10(5)), 7.0, 0.656, 0.4
    t = np.arange(48 * 600)[::-1] / 600 + 1 / 1200
    exact = a * ((1 - n) * t / r + b) / (t / r + b) ** (n + 1) / 60
    depth = chicago_mm(SHANGHAI, 5, minutes=120, step_minutes=1, peak=r)[:48]

    np.testing.assert_allclose(depth, exact.reshape(48, 600).mean(axis=1), rtol=1e-6)


def track(wind, north=0.5):
    two = np.ones(2)
    return Track(
        np.array([0.0, 3600.0]), 121 * two, np.array([30.0, 30 + north]), 960 * two, 1008 * two, wind * two, 40 * two
    )


def test_rain_is_greatest_on_the_ring_and_grows_with_the_wind():
    radius = np.arange(0, 400.0)
    weak, strong = rate_rcliper_mm_h(radius, 20.0), rate_rcliper_mm_h(radius, 50.0)

    assert strong.max() > 2 * weak.max()
    assert 20 < radius[np.argmax(strong)] < 60
    assert strong[-1] < 0.1 * strong.max()
    # Tuleya et al. 2007: a storm of 35 knots rains 2.86 inches a day at its centre and 3.2 on the ring
    calm = rate_rcliper_mm_h([0.0, 51.5], 35 * 1852 / 3600)
    np.testing.assert_allclose(calm, np.array([2.86, 3.2]) * 25.4 / 24, rtol=1e-12)


def test_asymmetry_moves_rain_and_makes_none():
    angle = np.linspace(0, 2 * np.pi, 73)[:-1]
    lon, lat = 121 + np.sin(angle) / np.cos(np.radians(30.5)), 30.5 + np.cos(angle)
    even = cyclone_rain_mm_h(track(40.0), [3600], lon, lat)[0]
    tilted = cyclone_rain_mm_h(track(40.0), [3600], lon, lat, front_back=0.3)[0]

    assert tilted.mean() == pytest.approx(even.mean(), rel=0.01)
    assert tilted[0] == pytest.approx(1.3 * even[0])
    with pytest.raises(ValueError, match="front_back"):
        cyclone_rain_mm_h(track(40.0), [3600], lon, lat, front_back=0.9, right_left=0.9)


@given(st.integers(1, 20), st.integers(0, 10**6))
def test_gauges_are_weighted_by_the_inverse_square_of_distance(n, seed):
    rng = np.random.default_rng(seed)
    gauges, points, values = rng.random((n, 2)) * 1e4, rng.random((5, 2)) * 1e4, rng.random(n) * 50
    got = between_gauges(values, gauges, points, nearest=n)
    for point, value in zip(points, got, strict=True):
        w = [1 / ((point[0] - x) ** 2 + (point[1] - y) ** 2) for x, y in gauges]

        assert value == pytest.approx(sum(a * b for a, b in zip(w, values, strict=True)) / sum(w))
    np.testing.assert_allclose(between_gauges(values, gauges, gauges), values)


def test_silent_gauges_count_for_nothing():
    gauges = [[0, 0], [1, 0], [2, 0]]

    assert between_gauges([1.0, np.nan, 3.0], gauges, [[1, 0]])[0] == 2.0
    assert np.isnan(between_gauges([np.nan] * 3, gauges, [[1, 0]])[0])


@pytest.mark.parametrize(
    ("hours", "square_miles", "part"), [(1, 100, 0.79), (3, 100, 0.85), (6, 100, 0.89), (24, 400, 0.91)]
)
def test_a_storm_over_an_area_is_reduced_as_in_the_charts_of_the_weather_bureau(hours, square_miles, part):
    """Leclerc and Schaake (1972) drew their curve through the charts of TP-29; here the values of the curve by hand."""
    fall = np.exp(-1.1 * hours**0.25)

    assert areal_reduction(square_miles * 1.609344**2, hours) == pytest.approx(part, abs=0.012)
    assert areal_reduction(0.0, hours) == 1
    assert areal_reduction(1e9, hours) == pytest.approx(1 - fall)
    with pytest.raises(ValueError, match="area_km2"):
        areal_reduction(-1.0, hours)


@given(st.integers(1, 9), st.integers(0, 10**6))
def test_the_nearest_gauge_is_the_nearest_of_those_that_speak(n, seed):
    rng = np.random.default_rng(seed)
    gauges, points, values = rng.random((n, 2)), rng.random((7, 2)), rng.random(n)
    values[rng.random(n) < 0.3] = np.nan
    got = nearest_gauge(values, gauges, points)
    for point, value in zip(points, got, strict=True):
        near = [g for g in np.argsort(np.sum((gauges - point) ** 2, axis=1)) if not np.isnan(values[g])]

        assert np.isnan(value) if not near else value == values[near[0]]
