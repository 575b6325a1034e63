"""Members of a forecast track: their errors have the mean that was asked, and the cone holds two thirds of them."""

from dataclasses import replace

import numpy as np
import pytest
import shapely

from anlan.science.cone import Errors, cone, heading_deg, members, outline, radius_m
from anlan.science.geodesy import bearing_deg, distance_m
from anlan.science.track import Track, interpolate

HOUR = 3600.0
ERRORS = Errors(
    np.array([0, 24, 48, 72]) * HOUR,
    np.array([15e3, 85e3, 130e3, 210e3]),
    np.array([1.5, 4.5, 6.0, 6.6]),
    48 * HOUR,
)


def track(**more):
    hours = np.arange(-12, 97, 12.0)
    n = len(hours)
    columns = {
        "time_s": hours * HOUR,
        "lon": np.linspace(130, 121, n),
        "lat": np.linspace(22, 31, n),
        "pressure_hpa": np.linspace(940, 965, n),
        "outer_hpa": np.full(n, 1008.0),
        "wind_m_s": np.linspace(50, 38, n),
        "rmax_km": np.full(n, np.nan),
    }
    return Track(**columns | more)


@pytest.fixture(scope="module")
def many():
    return members(track(), 0.0, ERRORS, 4000, np.random.default_rng(11))


def test_the_errors_of_many_members_have_the_mean_that_was_asked(many):
    own = track()
    for k, lead in enumerate(own.time_s):
        miss = np.array([float(distance_m(own.lon[k], own.lat[k], m.lon[k], m.lat[k])) for m in many])
        wind = np.array([m.wind_m_s[k] - own.wind_m_s[k] for m in many])
        asked = 0.0 if lead < 0 else np.interp(lead / HOUR, [0, 24, 48, 72, 96], [15e3, 85e3, 130e3, 210e3, 290e3])
        asked_wind = 0.0 if lead < 0 else np.interp(lead / HOUR, [0, 24, 48, 72, 96], [1.5, 4.5, 6.0, 6.6, 7.2])

        assert miss.mean() == pytest.approx(asked, rel=0.03)
        assert np.abs(wind).mean() == pytest.approx(asked_wind, rel=0.04)
        assert abs(wind.mean()) <= 0.05 * asked_wind


def test_they_err_along_the_track_as_much_as_across_it(many):
    own, k = track(), 6
    offs = [
        (
            distance_m(own.lon[k], own.lat[k], m.lon[k], m.lat[k]),
            bearing_deg(own.lon[k], own.lat[k], m.lon[k], m.lat[k]) - heading_deg(own)[k],
        )
        for m in many
    ]
    along = np.array([d * np.cos(np.radians(b)) for d, b in offs])
    across = np.array([d * np.sin(np.radians(b)) for d, b in offs])

    assert along.std() == pytest.approx(across.std(), rel=0.05)
    assert abs(np.corrcoef(along, across)[0, 1]) < 0.05


def test_each_circle_holds_two_thirds_of_the_members(many):
    own = track()
    for k in np.flatnonzero(own.time_s >= 0):
        miss = np.array([float(distance_m(own.lon[k], own.lat[k], m.lon[k], m.lat[k])) for m in many])
        inside = np.mean(miss <= radius_m(ERRORS, own.time_s[k]))

        assert inside == pytest.approx(2 / 3, abs=0.025)


def test_the_cone_holds_the_circles_and_so_two_thirds_or_more_at_each_time(many):
    own = track()
    lon, lat, radius = cone(own, 0.0, ERRORS)
    shape = shapely.Polygon(outline(lon, lat, radius))

    assert shape.is_valid
    for k in np.flatnonzero(own.time_s >= 0):
        inside = np.mean([shapely.contains_xy(shape, m.lon[k], m.lat[k]) for m in many])
        assert 2 / 3 - 0.025 < inside < 0.95


def test_the_outline_of_one_circle_is_that_circle():
    ring = outline([125.0], [30.0], [100e3])

    np.testing.assert_allclose(distance_m(125.0, 30.0, ring[:, 0], ring[:, 1]), 100e3, rtol=1e-6)
    assert len(outline([], [], [])) == 0


def test_a_track_over_the_date_line_has_a_cone_in_one_piece():
    own = track(lon=np.linspace(184, 175, 10) % 360 - 360 * (np.linspace(184, 175, 10) > 180))
    ring = outline(*cone(own, 0.0, ERRORS))

    assert np.abs(np.diff(ring[:, 0])).max() < 5
    assert shapely.Polygon(ring).is_valid


def test_what_lies_before_the_forecast_is_as_it_was(many):
    own = track()

    for name in ("lon", "lat", "pressure_hpa", "wind_m_s"):
        assert getattr(many[0], name)[0] == pytest.approx(getattr(own, name)[0], abs=1e-9)


def test_a_stronger_member_has_the_lower_pressure_and_none_turns_into_a_high(many):
    own = track()
    deficit = np.array([m.outer_hpa - m.pressure_hpa for m in many])[:, 5]
    wind = np.array([m.wind_m_s for m in many])[:, 5]

    assert np.corrcoef(wind, deficit)[0, 1] > 0.98
    assert deficit.min() > 0
    # the wind goes with the root of the deficit
    inner = (wind > 30) & (wind < 60)
    expected = (own.outer_hpa[5] - own.pressure_hpa[5]) * (wind[inner] / own.wind_m_s[5]) ** 2
    np.testing.assert_allclose(deficit[inner], expected, rtol=1e-9)


def test_errors_of_leads_far_apart_have_less_in_common(many):
    north = np.array([m.lat for m in many])
    near, far = (np.corrcoef(north[:, 2], north[:, k])[0, 1] for k in (3, 8))

    assert near == pytest.approx(np.exp(-12 / 48), abs=0.06)
    assert far == pytest.approx(np.exp(-72 / 48), abs=0.06)


def test_a_track_without_wind_takes_it_from_the_pressure():
    own = track(wind_m_s=np.full(10, np.nan))
    made = members(own, 0.0, ERRORS, 3, np.random.default_rng(1))

    assert all(np.isfinite(m.pressure_hpa).all() for m in made)
    assert all(np.isnan(m.wind_m_s).all() for m in made)
    assert len({float(m.pressure_hpa[-1]) for m in made}) == 3


def test_the_same_seed_gives_the_same_members():
    one, two = (members(track(), 0.0, ERRORS, 5, np.random.default_rng(3)) for _ in range(2))

    for first, second in zip(one, two, strict=True):
        np.testing.assert_array_equal(first.lon, second.lon)
        np.testing.assert_array_equal(first.pressure_hpa, second.pressure_hpa)


def test_circles_stand_on_the_track_and_grow():
    own = track()
    lon, lat, radius = cone(own, 0.0, ERRORS)
    on_track = interpolate(own, np.append(np.arange(0, 96, 3), 96) * HOUR)

    np.testing.assert_allclose(lon, on_track.lon)
    np.testing.assert_allclose(lat, on_track.lat)
    assert np.all(np.diff(radius) > 0)
    assert all(len(part) == 0 for part in cone(own, 97 * HOUR, ERRORS))


@pytest.mark.parametrize(
    "wrong",
    [
        {"lead_s": np.array([0.0, 0.0])},
        {"position_m": np.array([-1.0, 2.0])},
        {"memory_s": 0.0},
        {"lead_s": np.zeros(1)},
    ],
)
def test_errors_that_make_no_sense_are_refused(wrong):
    good = Errors(np.array([0.0, 1.0]), np.array([1.0, 2.0]), np.array([1.0, 2.0]), 1.0)
    with pytest.raises(ValueError, match="errors"):
        replace(good, **wrong)
