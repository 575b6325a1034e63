"""Geodesy against PROJ's ellipsoid, published points of GCJ-02, and closed forms."""

import numpy as np
import pyproj
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.science.geodesy import (
    EARTH_RADIUS_M,
    bearing_deg,
    distance_m,
    gcj02_from_wgs84,
    ring_area_m2,
    wgs84_from_gcj02,
)

LON, LAT = st.floats(100, 130), st.floats(10, 50)


@given(LON, LAT, LON, LAT)
def test_distance_is_within_the_flattening_of_the_ellipsoid(lon, lat, to_lon, to_lat):
    exact = pyproj.Geod(ellps="WGS84").inv(lon, lat, to_lon, to_lat)[2]

    assert distance_m(lon, lat, to_lon, to_lat) == pytest.approx(exact, rel=0.006, abs=1e-3)


@given(LON, LAT, LON, LAT)
def test_bearing_is_that_of_a_sphere_in_proj(lon, lat, to_lon, to_lat):
    sphere = pyproj.Geod(a=EARTH_RADIUS_M, b=EARTH_RADIUS_M)
    azimuth, _, distance = sphere.inv(lon, lat, to_lon, to_lat)
    if distance > 1000:
        miss = (bearing_deg(lon, lat, to_lon, to_lat) - azimuth + 180) % 360 - 180

        assert abs(miss) < 1e-6


def test_area_of_a_ring_is_that_of_proj():
    lon, lat = [121.2, 121.3, 121.32, 121.25], [31.0, 31.01, 31.1, 31.12]
    exact, _ = pyproj.Geod(a=EARTH_RADIUS_M, b=EARTH_RADIUS_M).polygon_area_perimeter(lon, lat)

    assert ring_area_m2(lon, lat) == pytest.approx(exact, rel=1e-9)
    assert ring_area_m2(lon[::-1], lat[::-1]) == pytest.approx(-exact, rel=1e-9)
    assert ring_area_m2([*lon, lon[0]], [*lat, lat[0]]) == pytest.approx(exact, rel=1e-9)


@given(st.floats(73, 137), st.floats(2, 55))
def test_gcj02_and_back_is_where_we_began(lon, lat):
    back = wgs84_from_gcj02(*gcj02_from_wgs84(lon, lat))

    np.testing.assert_allclose(back, (lon, lat), atol=1e-9)


def test_gcj02_of_published_points():
    """Shanghai, Shenzhen and Beijing in the tests of googollee/eviltransform, the first public formula."""
    wgs_lon, wgs_lat = [121.5272106, 113.912316, 116.377817], [31.1774276, 22.543847, 39.911954]
    lon, lat = (
        [121.531541859215, 113.9171764808363, 116.38404722455657],
        [
            31.17530398364597,
            22.540796131694766,
            39.91334545536069,
        ],
    )

    np.testing.assert_allclose(gcj02_from_wgs84(wgs_lon, wgs_lat), (lon, lat), atol=1e-6)


def test_abroad_nothing_is_shifted():
    assert gcj02_from_wgs84(2.35, 48.86) == (2.35, 48.86)
