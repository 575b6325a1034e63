"""Rain: the Chicago design storm and its reduction over an area, rain of a tropical cyclone, and rain between gauges.

References
----------
Keifer and Chu (1957), Synthetic storm pattern for drainage design, J. Hydraulics Div. ASCE 83(HY4), 1332-1-25.
Leclerc and Schaake (1972), Derivation of hydrologic frequency curves, MIT Parsons Laboratory report 142 (area
reduction, fitted to the charts of U.S. Weather Bureau Technical Paper 29, 1957-60).
Thiessen (1911), Precipitation averages for large areas, Monthly Weather Review 39, 1082-1084.
Tuleya, DeMaria and Kuligowski (2007), Evaluation of GFDL and simple statistical model rainfall forecasts for U.S.
landfalling tropical storms, Wea. Forecasting 22, 56-70 (R-CLIPER).
Shepard (1968), A two-dimensional interpolation function for irregularly-spaced data, Proc. 23rd ACM National
Conference, 517-524 (inverse distance weighting).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from anlan.science.arrays import Floats, floats
from anlan.science.geodesy import bearing_deg, distance_m
from anlan.science.scipy_parts import tree
from anlan.science.track import Track, interpolate

KNOT_M_S = 1852 / 3600  # international nautical mile, 1929
INCH_PER_DAY_MM_H = 25.4 / 24
SQUARE_MILE_KM2 = 1.609344**2


@dataclass(frozen=True)
class StormFormula:
    """Intensity against duration and return period: q = a (1 + c lg P) / (t + b)^n, the form of Chinese codes.

    Parameters
    ----------
    a_l_s_ha : float
        L/(s ha), with t in minutes. 1 L/(s ha) is 0.36 mm/h.
    c : float
    b_min : float
    n : float

    Examples
    --------
    The formula printed for Shanghai agrees with 36 mm/h for one year and 58 mm/h for five:

    >>> shanghai = StormFormula(1600, 0.846, 7.0, 0.656)
    >>> [round(float(shanghai.mean_mm_h(60, years))) for years in (1, 5)]
    [37, 58]
    """

    a_l_s_ha: float
    c: float
    b_min: float
    n: float

    def mean_mm_h(self, minutes: npt.ArrayLike, years: float) -> Floats:
        """Return the mean intensity of the heaviest ``minutes`` of a storm that comes once in ``years``."""
        top = 0.36 * self.a_l_s_ha * (1 + self.c * np.log10(years))
        return floats(top / (floats(minutes) + self.b_min) ** self.n)


def chicago_mm(formula: StormFormula, years: float, *, minutes: float, step_minutes: float, peak: float) -> Floats:
    """Return the depths of a Chicago storm, one for each step.

    Around its peak, every duration has the mean intensity of the formula (Keifer and Chu 1957); the depths
    are exact integrals, so that their sum is the formula's depth of the whole storm.

    Parameters
    ----------
    formula : StormFormula
    years : float
        Return period.
    minutes, step_minutes : float
        Length of the storm and of a step; the last step may be shorter.
    peak : float
        Part of the storm before its peak, within 0 and 1.

    Raises
    ------
    ValueError
        If an argument is out of range.
    """
    if not (0 <= peak <= 1 and minutes > 0 and step_minutes > 0 and years > 0):
        raise ValueError("peak must lie within 0 and 1, minutes, step_minutes and years above zero")
    edges = np.append(np.arange(0, minutes, step_minutes), minutes) - peak * minutes
    part = np.where(edges < 0, peak, 1 - peak)
    duration = np.abs(edges) / np.where(part > 0, part, 1)
    depth = np.sign(edges) * part * formula.mean_mm_h(duration, years) * duration / 60
    return np.diff(depth)


def areal_reduction(area_km2: float, hours: float) -> float:
    """Return the mean depth of a storm over an area as a part of its depth at a point.

    Of Leclerc and Schaake (1972), for the charts of the U.S. Weather Bureau (TP-29): 1 to 24 h and up to 400 square
    miles (1 036 km²) in the United States. Elsewhere it is an assumption; cities that have their own are to use them.

    Raises
    ------
    ValueError
        If the area is negative or the storm has no length.

    Examples
    --------
    >>> [round(areal_reduction(259.0, hours), 2) for hours in (1, 24)]
    [0.79, 0.94]
    """
    if not (area_km2 >= 0 and hours > 0):
        raise ValueError(f"area_km2 must not be negative and hours above zero, not {area_km2} and {hours}")
    fall = np.exp(-1.1 * hours**0.25)
    return float(1 - fall + fall * np.exp(-0.01 * area_km2 / SQUARE_MILE_KM2))


def cyclone_rain_mm_h(
    track: Track,
    time_s: npt.ArrayLike,
    lon: npt.ArrayLike,
    lat: npt.ArrayLike,
    *,
    front_back: float = 0.0,
    right_left: float = 0.0,
) -> Floats:
    """Return the rain of a cyclone at (n,) points and (t,) times: R-CLIPER, symmetric unless told.

    The rate rises linearly from the centre to a radius and decays exponentially beyond (Tuleya et al. 2007,
    coefficients of the bias-adjusted version), after the greatest sustained wind of the track.

    Parameters
    ----------
    track : Track
        With `wind_m_s`.
    time_s, lon, lat : arrays
        As for `anlan.science.wind.wind_field`.
    front_back, right_left : float
        First-harmonic asymmetry around the direction of motion: the rate ahead (to the right) is 1 plus this many times
        the symmetric one, behind (to the left) 1 minus; together within -1 and 1. Lonfat et al. (2004, Mon. Wea. Rev.
        132, 1645-1660) find about 0.3 ahead and to the right over land-bound storms; zero is R-CLIPER itself.

    Returns
    -------
    (t, n) array
        mm/h; NaN outside the track's time.

    Raises
    ------
    ValueError
        If the asymmetry would make rain negative.
    """
    if np.hypot(front_back, right_left) > 1:
        raise ValueError("front_back, right_left: together at most 1")
    now = interpolate(track, time_s)
    eye = now.lon[:, None], now.lat[:, None]
    points = floats(lon)[None, :], floats(lat)[None, :]
    rate = rate_rcliper_mm_h(distance_m(*eye, *points) / 1e3, now.wind_m_s[:, None])
    heading = np.arctan2(now.east_m_s, now.north_m_s)[:, None]
    off = np.radians(bearing_deg(*eye, *points)) - heading
    return floats(rate * (1 + front_back * np.cos(off) + right_left * np.sin(off)))


def rate_rcliper_mm_h(radius_km: npt.ArrayLike, wind_m_s: npt.ArrayLike) -> Floats:
    """Return the symmetric rain rate of R-CLIPER: Tuleya et al. 2007, bias-adjusted coefficients."""
    radius = floats(radius_km)
    u = 1 + (floats(wind_m_s) / KNOT_M_S - 35) / 33
    at_centre, at_ring = -1.1 + 3.96 * u, -1.6 + 4.8 * u  # inches per day
    ring_km, decay_km = 64.5 - 13.0 * u, 150 - 16.0 * u
    inner = at_centre + (at_ring - at_centre) * radius / ring_km
    outer = at_ring * np.exp(-(radius - ring_km) / decay_km)
    return floats(np.maximum(np.where(radius < ring_km, inner, outer), 0) * INCH_PER_DAY_MM_H)


def between_gauges(
    values: npt.ArrayLike,
    gauge_xy_m: npt.ArrayLike,
    xy_m: npt.ArrayLike,
    *,
    power: float = 2.0,
    nearest: int = 8,
) -> Floats:
    """Interpolate gauge values to points by inverse distance (Shepard 1968).

    Parameters
    ----------
    values : (g,) array
        NaN where a gauge is silent; it then counts for nothing.
    gauge_xy_m, xy_m : (g, 2), (n, 2) arrays
        Places in a plane, m.
    power : float
    nearest : int
        How many of the gauges that speak are used at each point.

    Returns
    -------
    (n,) array
        The gauge's own value where a point is on a gauge; NaN if no gauge speaks.
    """
    values, gauges, points = floats(values), floats(gauge_xy_m).reshape(-1, 2), floats(xy_m).reshape(-1, 2)
    speaks = ~np.isnan(values)
    if not speaks.any():
        return np.full(len(points), np.nan)
    among = tree(gauges[speaks])
    count = min(nearest, int(speaks.sum()))
    answer = among.query(points, k=list(range(1, count + 1)))
    distance, index = floats(answer[0]), np.asarray(answer[1], dtype=np.int64)
    closest = distance[:, :1]
    weight = np.where(closest == 0, distance == 0, (closest / np.where(distance == 0, 1, distance)) ** power)
    near = values[speaks][index]
    return floats(np.sum(weight * near, axis=1) / np.sum(weight, axis=1))


def nearest_gauge(values: npt.ArrayLike, gauge_xy_m: npt.ArrayLike, xy_m: npt.ArrayLike) -> Floats:
    """Return at each point the value of the nearest gauge that speaks (Thiessen 1911).

    Arguments and result as for `between_gauges`.
    """
    values, gauges, points = floats(values), floats(gauge_xy_m).reshape(-1, 2), floats(xy_m).reshape(-1, 2)
    speaks = ~np.isnan(values)
    if not speaks.any():
        return np.full(len(points), np.nan)
    _, index = tree(gauges[speaks]).query(points)
    return floats(values[speaks][np.asarray(index, dtype=np.int64)])
