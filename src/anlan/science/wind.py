"""Wind over a city while a tropical cyclone passes: vortex, motion, inflow, averaging, gusts.

The vortex of `anlan.science.vortex` is taken around the interpolated centre of the track, turned inwards by an inflow
angle, and the motion of the storm is added, fading with distance; so the right-hand side is the stronger one in the
northern hemisphere. Maturity: `verified` for the radial profiles and the field without inflow (against CLIMADA),
`screening` for direction, gusts and wind over land.

References
----------
Mouton and Nordbeck (2005), Cyclone Database Manager, UNED/GRID-Geneva, fig. 7 (fading of the motion).
Sobey, Harper and Stark (1977), Numerical simulation of tropical cyclone storm surge, James Cook University, Research
Bulletin CS14 (inflow angle).
Franklin, Black and Valde (2003), GPS dropwindsonde wind profiles in hurricanes, Wea. Forecasting 18, 32-44, table 2
(ratio 0.9 of the wind at 10 m to that aloft in the eyewall).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from anlan.science import vortex
from anlan.science.arrays import Floats, floats
from anlan.science.geodesy import bearing_deg, distance_m
from anlan.science.gusts import Exposure, gust_m_s, mean_from_sustained_m_s
from anlan.science.track import Moment, Track, interpolate

Profile = Literal["holland_1980", "holland_2008", "holland_2010"]
Inflow = Literal["sobey_1977", "none"]

SURFACE = 0.9
"""Wind at 10 m over gradient wind: Franklin et al. 2003, table 2."""


@dataclass(frozen=True)
class WindField:
    """Wind and pressure at ``t`` times and ``n`` points: arrays of shape (t, n), NaN outside the track's time.

    Attributes
    ----------
    sustained_m_s : array
        Greatest 1-minute mean at 10 m.
    speed_m_s : array
        10-minute mean at 10 m.
    direction_deg : array
        Where the wind comes from, clockwise from north.
    gust_m_s : array
        Greatest 3-second gust to be expected within 10 minutes.
    pressure_hpa : array
        At sea level.
    """

    sustained_m_s: Floats
    speed_m_s: Floats
    direction_deg: Floats
    gust_m_s: Floats
    pressure_hpa: Floats


@dataclass(frozen=True)
class _Vortex:
    """The symmetric wind at 10 m (t, n) without the storm's motion, and the parameters (t, 1) of its pressure."""

    wind_m_s: Floats
    rmax_m: Floats
    b: Floats


def wind_field(
    track: Track,
    time_s: npt.ArrayLike,
    lon: npt.ArrayLike,
    lat: npt.ArrayLike,
    *,
    profile: Profile = "holland_2010",
    inflow: Inflow = "sobey_1977",
    exposure: Exposure = "off_sea",
    land_ratio: npt.ArrayLike = 1.0,
) -> WindField:
    """Return wind and pressure of a cyclone at points, at times.

    Parameters
    ----------
    track : Track
        Where its `rmax_km` is NaN, that of Willoughby et al. (2006) is used; `wind_m_s` may be NaN for the profiles of
        2008 and 2010, which take the wind from the pressure, if `rmax_km` is known.
    time_s : (t,) array
        As in the track.
    lon, lat : (n,) arrays
        Degrees.
    profile : {"holland_1980", "holland_2008", "holland_2010"}
    inflow : {"sobey_1977", "none"}
    exposure : {"in_land", "off_land", "off_sea", "at_sea"}
        Gives the factors of averaging and gusts.
    land_ratio : (n,) array or float
        Wind at the point over wind above the sea, for its roughness; multiplies the speeds.

    Returns
    -------
    WindField

    Examples
    --------
    >>> import numpy as np
    >>> track = Track(*(np.array(c, float) for c in (
    ...     [0, 21600], [123.0, 121.5], [30.5, 31.0], [955, 960], [1008, 1008], [45, 42], [40, 40])))
    >>> field = wind_field(track, [10800], [121.5], [31.2])
    >>> field.speed_m_s.shape
    (1, 1)
    """
    now = interpolate(track, time_s)
    eye = now.lon[:, None], now.lat[:, None]
    points = floats(lon)[None, :], floats(lat)[None, :]
    radius = distance_m(*eye, *points)
    ring = _VORTICES[profile](now, radius)
    east, north = _velocity(now, ring, radius, np.radians(bearing_deg(*eye, *points)), inflow)
    sustained = np.hypot(east, north) * floats(land_ratio)
    mean = mean_from_sustained_m_s(sustained, exposure)
    return WindField(
        sustained_m_s=sustained,
        speed_m_s=mean,
        direction_deg=np.degrees(np.arctan2(-east, -north)) % 360,
        gust_m_s=gust_m_s(mean, exposure),
        pressure_hpa=vortex.pressure_hpa(
            radius,
            centre_hpa=now.pressure_hpa[:, None],
            outer_hpa=np.maximum(now.outer_hpa, now.pressure_hpa)[:, None],
            rmax_m=ring.rmax_m,
            b=ring.b,
        ),
    )


def _velocity(
    now: Moment, ring: _Vortex, radius_m: Floats, bearing_rad: Floats, inflow: Inflow
) -> tuple[Floats, Floats]:
    """Return the wind towards east and north: the vortex turned inwards, and the fading motion of the storm."""
    spin = np.where(now.lat >= 0, 1.0, -1.0)[:, None]
    inwards = np.radians(_INFLOWS[inflow](radius_m / ring.rmax_m))
    out_east, out_north = np.sin(bearing_rad), np.cos(bearing_rad)
    along, across = ring.wind_m_s * np.cos(inwards) * spin, ring.wind_m_s * np.sin(inwards)
    fade = _fade(ring.rmax_m, radius_m)
    east = -along * out_north - across * out_east + now.east_m_s[:, None] * fade
    north = along * out_east - across * out_north + now.north_m_s[:, None] * fade
    return east, north


def _fade(rmax_m: Floats, radius_m: Floats) -> Floats:
    """Return the part of the storm's motion that is felt: Mouton and Nordbeck 2005, fig. 7."""
    return np.minimum(1.0, rmax_m / np.maximum(radius_m, 1.0))


def _holland_1980(now: Moment, radius_m: Floats) -> _Vortex:
    """Take B from the track's wind, less the motion, at gradient level."""
    gradient = np.maximum(now.wind_m_s - now.motion_m_s, 0) / SURFACE
    b = vortex.b_holland_1980(gradient, now.deficit_hpa)[:, None]
    rmax = _rmax_m(now, now.wind_m_s)
    wind = vortex.wind_holland_1980_m_s(
        radius_m, deficit_hpa=now.deficit_hpa[:, None], rmax_m=rmax, b=b, lat=now.lat[:, None]
    )
    return _Vortex(wind * SURFACE, rmax, b)


def _holland_2008(now: Moment, radius_m: Floats) -> _Vortex:
    """Take b_s from pressure; the profile then holds at 10 m and contains the motion."""
    b = _b_2008(now)
    rmax = _rmax_m(now, vortex.vmax_holland_2008_m_s(now.deficit_hpa, b))
    wind = vortex.wind_holland_1980_m_s(
        radius_m, deficit_hpa=now.deficit_hpa[:, None], rmax_m=rmax, b=b[:, None], lat=now.lat[:, None]
    )
    return _Vortex(_less_motion(now, wind, rmax, radius_m), rmax, b[:, None])


def _holland_2010(now: Moment, radius_m: Floats) -> _Vortex:
    """Take b_s and the greatest wind from pressure; the profile holds at 10 m and contains the motion."""
    b = _b_2008(now)
    vmax = vortex.vmax_holland_2008_m_s(now.deficit_hpa, b)
    rmax = _rmax_m(now, vmax)
    top, b = np.maximum(vmax, 1e-3)[:, None], b[:, None]  # a storm without deficit is calm, not undefined
    x = vortex.exponent_holland_2010(radius_m, vmax_m_s=top, rmax_m=rmax, b=b)
    wind = vortex.wind_holland_2010_m_s(radius_m, vmax_m_s=top, rmax_m=rmax, b=b, x=x)
    return _Vortex(_less_motion(now, wind, rmax, radius_m), rmax, b)


def _b_2008(now: Moment) -> Floats:
    return vortex.b_holland_2008(
        now.deficit_hpa,
        trend_hpa_h=now.trend_hpa_h,
        lat=now.lat,
        motion_m_s=now.motion_m_s,
        surface=SURFACE,
    )


def _less_motion(now: Moment, wind_m_s: Floats, rmax_m: Floats, radius_m: Floats) -> Floats:
    return np.maximum(wind_m_s - now.motion_m_s[:, None] * _fade(rmax_m, radius_m), 0)


def _rmax_m(now: Moment, vmax_m_s: Floats) -> Floats:
    """Return (t, 1) radii: the track's where it has them, else those of Willoughby et al. 2006."""
    guess = vortex.rmax_willoughby_2006_m(vmax_m_s / SURFACE, now.lat)
    return np.where(np.isnan(now.rmax_km), guess, now.rmax_km * 1e3)[:, None]


def _inflow_sobey_1977(ratio: Floats) -> Floats:
    """Return degrees at a distance in radii of greatest wind: Sobey et al. 1977."""
    return np.interp(ratio, [0, 1, 1.2], [0, 10, 25])


_VORTICES: Mapping[Profile, Callable[[Moment, Floats], _Vortex]] = {
    "holland_1980": _holland_1980,
    "holland_2008": _holland_2008,
    "holland_2010": _holland_2010,
}
_INFLOWS: Mapping[Inflow, Callable[[Floats], Floats]] = {
    "sobey_1977": _inflow_sobey_1977,
    "none": np.zeros_like,
}
