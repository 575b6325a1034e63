"""Distances, bearings and areas on the sphere, and the datum GCJ-02 of Chinese web maps.

The sphere has the mean radius of the Earth; against the ellipsoid a distance is off by 0.6 % at most.

References
----------
Sinnott (1984), Virtues of the haversine, Sky and Telescope 68(2), 159.
Karney (2013), Algorithms for geodesics, J. Geodesy 87, 43-55.
Moritz (2000), Geodetic Reference System 1980, J. Geodesy 74, 128-133.
GCJ-02 is not published. Its formula is known from the public code of G. C. Carter and others since 2013
(the "EvilTransform"); its ellipsoid is that of Krasovsky 1940.
"""

import numpy as np
import numpy.typing as npt

from anlan.science.arrays import Bools, Floats, floats

EARTH_RADIUS_M = 6_371_008.8  # mean radius (2a + b)/3 of GRS 80: Moritz 2000, p. 131
_KRASOVSKY_A_M = 6_378_245.0  # semi-major axis, as used by GCJ-02
_KRASOVSKY_E2 = 0.006_693_421_622_965_943  # first eccentricity squared, likewise


def distance_m(lon: npt.ArrayLike, lat: npt.ArrayLike, to_lon: npt.ArrayLike, to_lat: npt.ArrayLike) -> Floats:
    """Return great-circle distances between points, m; the four arrays (degrees) are broadcast.

    Examples
    --------
    >>> round(float(distance_m(0, 0, 0, 90)))  # a quarter of a meridian
    10007557
    """
    lam, phi, to_lam, to_phi = (np.radians(floats(x)) for x in (lon, lat, to_lon, to_lat))
    half = np.sin((to_phi - phi) / 2) ** 2
    half = half + np.cos(phi) * np.cos(to_phi) * np.sin((to_lam - lam) / 2) ** 2  # Sinnott 1984
    return floats(2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.clip(half, 0, 1))))


def bearing_deg(lon: npt.ArrayLike, lat: npt.ArrayLike, to_lon: npt.ArrayLike, to_lat: npt.ArrayLike) -> Floats:
    """Return the initial bearing of the great circle to the second point, degrees clockwise from north."""
    lam, phi, to_lam, to_phi = (np.radians(floats(x)) for x in (lon, lat, to_lon, to_lat))
    east = np.sin(to_lam - lam) * np.cos(to_phi)
    north = np.cos(phi) * np.sin(to_phi) - np.sin(phi) * np.cos(to_phi) * np.cos(to_lam - lam)
    return floats(np.degrees(np.arctan2(east, north)) % 360)


def ring_area_m2(lon: npt.ArrayLike, lat: npt.ArrayLike) -> float:
    """Return the area of a ring of (n,) points, m², positive if it runs counterclockwise.

    The ring may be closed or not; its sides are great circles, and it holds neither pole. The spherical
    excess of the strip between each side and the equator is summed (Karney 2013, section 6).
    """
    lam, half = np.radians(floats(lon)), np.tan(np.radians(floats(lat)) / 2)
    if len(lam) == 0:
        return 0.0
    turn, after = np.tan((np.roll(lam, -1) - lam) / 2), np.roll(half, -1)
    excess = 2 * np.arctan(turn * (half + after) / (1 + half * after))
    return float(-np.sum(excess)) * EARTH_RADIUS_M**2


def gcj02_from_wgs84(lon: npt.ArrayLike, lat: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Shift WGS 84 coordinates to GCJ-02; outside the rectangle around China nothing is shifted."""
    lon, lat = floats(lon), floats(lat)
    inside = _in_china(lon, lat)
    east, north = _shift_deg(lon, lat)
    return np.where(inside, lon + east, lon), np.where(inside, lat + north, lat)


def wgs84_from_gcj02(lon: npt.ArrayLike, lat: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Invert `gcj02_from_wgs84` by fixed-point iteration, to within 10^-9 degrees (0.1 mm).

    The shift varies by less than 1 % over its own length, so that each turn gains two digits or more.
    """
    lon, lat = floats(lon), floats(lat)
    guess_lon, guess_lat = lon, lat
    for _ in range(10):
        there_lon, there_lat = gcj02_from_wgs84(guess_lon, guess_lat)
        guess_lon, guess_lat = guess_lon + (lon - there_lon), guess_lat + (lat - there_lat)
    return guess_lon, guess_lat


def _in_china(lon: Floats, lat: Floats) -> Bools:
    return (lon >= 72.004) & (lon <= 137.8347) & (lat >= 0.8293) & (lat <= 55.8271)


def _shift_deg(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Return the shift of GCJ-02 east and north, degrees."""
    x, y = lon - 105.0, lat - 35.0
    wave = 20 * np.sin(6 * np.pi * x) + 20 * np.sin(2 * np.pi * x)
    root = np.sqrt(np.abs(x))
    north_m = -100 + 2 * x + 3 * y + 0.2 * y**2 + 0.1 * x * y + 0.2 * root
    north_m = north_m + 2 / 3 * (wave + 20 * np.sin(np.pi * y) + 40 * np.sin(np.pi * y / 3))
    north_m = north_m + 2 / 3 * (160 * np.sin(np.pi * y / 12) + 320 * np.sin(np.pi * y / 30))
    east_m = 300 + x + 2 * y + 0.1 * x**2 + 0.1 * x * y + 0.1 * root
    east_m = east_m + 2 / 3 * (wave + 20 * np.sin(np.pi * x) + 40 * np.sin(np.pi * x / 3))
    east_m = east_m + 2 / 3 * (150 * np.sin(np.pi * x / 12) + 300 * np.sin(np.pi * x / 30))
    phi = np.radians(lat)
    magic = 1 - _KRASOVSKY_E2 * np.sin(phi) ** 2
    meridian_m = _KRASOVSKY_A_M * (1 - _KRASOVSKY_E2) / magic**1.5
    normal_m = _KRASOVSKY_A_M / np.sqrt(magic)
    return np.degrees(east_m / (normal_m * np.cos(phi))), np.degrees(north_m / meridian_m)
