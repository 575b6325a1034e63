"""Wind and pressure of a tropical cyclone against the distance from its centre.

Symmetric, steady profiles at the level their parameters are given for: Holland (1980) with B for gradient wind, or
with his b_s of 2008 for wind at 10 m; Holland et al. (2010) for wind at 10 m. All arrays are broadcast.

References
----------
H80: Holland (1980), An analytic model of the wind and pressure profiles in hurricanes, Mon. Wea. Rev. 108, 1212-1218.
H08: Holland (2008), A revised hurricane pressure-wind model, Mon. Wea. Rev. 136, 3432-3445.
H10: Holland, Belanger and Fritz (2010), A revised model for radial profiles of hurricane winds, Mon. Wea. Rev. 138,
4393-4401.
W06: Willoughby, Darling and Rahn (2006), Parametric representation of the primary hurricane vortex, part II,
Mon. Wea. Rev. 134, 1102-1120.
"""

import numpy as np
import numpy.typing as npt

from anlan.science.arrays import Floats, floats

AIR_KG_M3 = 1.15  # H80
EARTH_TURN_RAD_S = 7.292_115e-5  # Moritz (2000), Geodetic Reference System 1980, J. Geodesy 74, p. 128


def coriolis_rad_s(lat: npt.ArrayLike) -> Floats:
    """Return the size of the Coriolis parameter, 2 omega sin(latitude)."""
    return 2 * EARTH_TURN_RAD_S * np.abs(np.sin(np.radians(floats(lat))))


def pressure_hpa(
    radius_m: npt.ArrayLike,
    *,
    centre_hpa: npt.ArrayLike,
    outer_hpa: npt.ArrayLike,
    rmax_m: npt.ArrayLike,
    b: npt.ArrayLike,
) -> Floats:
    """Return the sea-level pressure: H80, eq. 3."""
    deficit = floats(outer_hpa) - floats(centre_hpa)
    return floats(centre_hpa) + deficit * np.exp(-_ratio(radius_m, rmax_m, b))


def wind_holland_1980_m_s(
    radius_m: npt.ArrayLike,
    *,
    deficit_hpa: npt.ArrayLike,
    rmax_m: npt.ArrayLike,
    b: npt.ArrayLike,
    lat: npt.ArrayLike | None,
    air_kg_m3: float = AIR_KG_M3,
) -> Floats:
    """Return the gradient wind: H80, eq. 4; without Coriolis force, eq. 5, where there is no latitude."""
    ratio = _ratio(radius_m, rmax_m, b)
    turn = 0.0 if lat is None else floats(radius_m) * coriolis_rad_s(lat) / 2
    square = floats(b) / air_kg_m3 * floats(deficit_hpa) * 100 * ratio * np.exp(-ratio)
    return floats(np.sqrt(square + np.square(turn)) - turn)


def exponent_holland_2010(
    radius_m: npt.ArrayLike,
    *,
    vmax_m_s: npt.ArrayLike,
    rmax_m: npt.ArrayLike,
    b: npt.ArrayLike,
    outer_m: float = 300e3,
    outer_m_s: float = 17.0,
    least: float = 0.4,
) -> Floats:
    """Return the exponent x: 0.5 up to the radius of greatest wind, linear beyond it (H10, eq. 10).

    It is such that eq. 6 gives ``outer_m_s`` at ``outer_m``; the defaults are those of H10. Below ``least``
    the wind would rise again outwards; 0.4 is the limit found by the authors of CLIMADA.
    """
    ratio = _ratio(outer_m, rmax_m, b)
    at_outer = np.log(outer_m_s / floats(vmax_m_s)) / (np.log(ratio) + 1 - ratio)
    way = np.maximum(floats(radius_m) - floats(rmax_m), 0) / (outer_m - floats(rmax_m))
    return floats(np.maximum(0.5 + way * (at_outer - 0.5), least))


def wind_holland_2010_m_s(
    radius_m: npt.ArrayLike,
    *,
    vmax_m_s: npt.ArrayLike,
    rmax_m: npt.ArrayLike,
    b: npt.ArrayLike,
    x: npt.ArrayLike,
) -> Floats:
    """Return the wind at 10 m: H10, eq. 6 with the greatest wind outside the brackets."""
    ratio = _ratio(radius_m, rmax_m, b)
    return floats(floats(vmax_m_s) * (ratio * np.exp(1 - ratio)) ** floats(x))


def b_holland_1980(vmax_m_s: npt.ArrayLike, deficit_hpa: npt.ArrayLike, *, air_kg_m3: float = AIR_KG_M3) -> Floats:
    """Return B from the greatest gradient wind: H80, eq. 5 and 6 solved for B; within his limits of 1 and 2.5."""
    deficit_pa = np.maximum(floats(deficit_hpa) * 100, np.spacing(1))
    return np.clip(floats(vmax_m_s) ** 2 * np.e * air_kg_m3 / deficit_pa, 1.0, 2.5)


def b_holland_2008(
    deficit_hpa: npt.ArrayLike,
    *,
    trend_hpa_h: npt.ArrayLike,
    lat: npt.ArrayLike,
    motion_m_s: npt.ArrayLike,
    surface: float = 0.9,
) -> Floats:
    """Return b_s, which gives wind at 10 m: H08, eq. 11, within the limits of B times ``surface`` squared.

    ``surface`` is the ratio of the wind at 10 m to the gradient wind (`anlan.science.wind`).
    """
    deficit = floats(deficit_hpa)
    x = 0.6 * (1 - deficit / 215)
    b = -4.4e-5 * deficit**2 + 0.01 * deficit + 0.03 * floats(trend_hpa_h)
    b = b - 0.014 * np.abs(floats(lat)) + 0.15 * floats(motion_m_s) ** x + 1.0
    return np.clip(b, 1.0 * surface**2, 2.5 * surface**2)


def vmax_holland_2008_m_s(deficit_hpa: npt.ArrayLike, b: npt.ArrayLike, *, air_kg_m3: float = AIR_KG_M3) -> Floats:
    """Return the greatest wind at 10 m (1 minute) from pressure: H08, from b_s of eq. 11."""
    return floats(np.sqrt(floats(b) / (air_kg_m3 * np.e) * floats(deficit_hpa) * 100))


def rmax_willoughby_2006_m(vmax_m_s: npt.ArrayLike, lat: npt.ArrayLike) -> Floats:
    """Return the radius of greatest wind from that wind (at flight level) and the latitude: W06, eq. 7a."""
    return floats(46.4e3 * np.exp(-0.0155 * floats(vmax_m_s) + 0.0169 * np.abs(floats(lat))))


def _ratio(radius_m: npt.ArrayLike, rmax_m: npt.ArrayLike, b: npt.ArrayLike) -> Floats:
    """Return (rmax / r) ^ b; the centre itself is taken one metre away, where it is dead calm."""
    return floats((floats(rmax_m) / np.maximum(floats(radius_m), 1.0)) ** floats(b))
