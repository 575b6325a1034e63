"""Tracks between their fixes, against PROJ's great circles."""

import numpy as np
import pyproj
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.science.geodesy import EARTH_RADIUS_M
from anlan.science.track import Track, interpolate


def track(lon, lat, time_s=(0.0, 21600.0), pressure=(960.0, 972.0)):
    fill = np.full(len(lon), 30.0)
    return Track(
        np.array(time_s), np.array(lon), np.array(lat), np.array(pressure), np.full(len(lon), 1008.0), fill, fill
    )


@given(st.floats(110, 130), st.floats(10, 40), st.floats(0.1, 3), st.floats(-3, 3), st.floats(0, 1))
def test_the_centre_moves_along_the_great_circle_at_an_even_pace(lon, lat, east, north, part):
    sphere = pyproj.Geod(a=EARTH_RADIUS_M, b=EARTH_RADIUS_M)
    azimuth, _, length = sphere.inv(lon, lat, lon + east, lat + north)
    exact = sphere.fwd(lon, lat, azimuth, length * part)
    now = interpolate(track([lon, lon + east], [lat, lat + north]), part * 21600)

    np.testing.assert_allclose([now.lon[0], now.lat[0]], exact[:2], atol=1e-7)
    assert now.motion_m_s[0] == pytest.approx(length / 21600)
    assert now.trend_hpa_h[0] == pytest.approx(2.0)
    assert now.pressure_hpa[0] == pytest.approx(960 + 12 * part)


def test_motion_points_where_the_storm_goes():
    now = interpolate(track([122.0, 121.0], [30.0, 30.0]), [10800])

    assert now.east_m_s[0] < 0
    assert abs(now.north_m_s[0]) < 0.01 * abs(now.east_m_s[0])


def test_a_time_on_a_fix_looks_back():
    three = track([120.0, 120.0, 121.0], [30.0, 31.0, 31.0], (0.0, 3600.0, 7200.0), (960.0, 961.0, 971.0))
    now = interpolate(three, 3600.0)

    assert now.north_m_s[0] == pytest.approx(30.9, abs=0.1)
    assert now.trend_hpa_h[0] == pytest.approx(1.0)


def test_beyond_the_track_there_is_nothing():
    now = interpolate(track([120.0, 121.0], [30.0, 31.0]), [-1.0, 0.0, 21600.0, 21601.0])

    np.testing.assert_array_equal(np.isnan(now.lon), [True, False, False, True])


def test_a_storm_that_stands_still_stays():
    now = interpolate(track([120.0, 120.0], [30.0, 30.0]), [10800])

    np.testing.assert_allclose([now.lon[0], now.lat[0], now.motion_m_s[0]], [120, 30, 0], atol=1e-9)


@pytest.mark.parametrize(
    "fault", [{"lon": [1.0], "lat": [1.0]}, {"lon": [1.0, 2.0], "lat": [1.0, 2.0], "time_s": (1.0, 1.0)}]
)
def test_a_track_that_makes_no_sense_is_refused(fault):
    with pytest.raises(ValueError, match="track"):
        track(**fault)
