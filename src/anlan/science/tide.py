"""Tide as a sum of harmonics, and what air pressure and wind add to it.

The amplitudes and phase lags of a port are arguments. The speeds follow from Doodson numbers and the mean motions of
sun and moon; the slow 18.6-year modulation by the nodal factors of Pugh (1987). In a river port such as Shanghai the
shallow-water constituents are large and vary with the discharge: maturity `screening`.

For a synthetic tide at the mouth of the Yangtze and Wusong these orders of magnitude serve, from general knowledge and
to be replaced by the constants of the port: M2 0.8 to 1.3 m, S2 0.35 to 0.5, N2 0.15 to 0.2, K1 0.2 to 0.25, O1 0.13 to
0.15, M4 0.1 to 0.2, MS4 0.1 to 0.15. Guo et al. (2017, Haiyang Tongbao 36(6)) and Zhang and Zhuang (2021, Hanghai 1)
analyse gauges there; the latter find an irregular shallow-water semidiurnal tide in the Huangpu.

References
----------
D21: Doodson (1921), The harmonic development of the tide-generating potential, Proc. R. Soc. A 100, 305-329.
P87: Pugh (1987), Tides, surges and mean sea-level, Wiley: chapter 4, table 4.3 (nodal factors), chapter 6.
M98: Meeus (1998), Astronomical algorithms, 2nd ed., chapters 25 and 47 (mean longitudes).
DD91: Dean and Dalrymple (1991), Water wave mechanics for engineers and scientists, World Scientific, chapter 5.
G77: Garratt (1977), Review of drag coefficients over oceans and continents, Mon. Wea. Rev. 105, 915-929.
P03: Powell, Vickery and Reinhold (2003), Reduced drag coefficient for high wind speeds, Nature 422, 279-283.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from anlan.science.arrays import Floats, floats

GRAVITY_M_S2 = 9.80665  # 3rd CGPM (1901)
SEA_KG_M3 = 1025.0
AIR_KG_M3 = 1.15  # Holland (1980)
_J2000_UNIX_S = 946_728_000.0  # 2000-01-01 12:00


@dataclass(frozen=True)
class Constituent:
    """A harmonic: its Doodson numbers, the phase of its argument, and whose nodal factors it has.

    Attributes
    ----------
    doodson : tuple of int
        Multiples of the mean lunar time tau and of the longitudes s (moon), h (sun), p (lunar perigee): D21.
    phase_deg : float
        Added to the argument, for the sine terms of the diurnal tides: P87, chapter 4.
    nodal : tuple of (str, int)
        The constituents whose factors it multiplies, with their powers: P87, chapter 4.
    """

    doodson: tuple[int, int, int, int]
    phase_deg: float
    nodal: tuple[tuple[str, int], ...]


CONSTITUENTS: Mapping[str, Constituent] = {
    "M2": Constituent((2, 0, 0, 0), 0, (("M2", 1),)),
    "S2": Constituent((2, 2, -2, 0), 0, ()),
    "N2": Constituent((2, -1, 0, 1), 0, (("M2", 1),)),
    "K2": Constituent((2, 2, 0, 0), 0, (("K2", 1),)),
    "K1": Constituent((1, 1, 0, 0), 90, (("K1", 1),)),
    "O1": Constituent((1, -1, 0, 0), -90, (("O1", 1),)),
    "P1": Constituent((1, 1, -2, 0), -90, ()),
    "Q1": Constituent((1, -2, 0, 1), -90, (("O1", 1),)),
    "M4": Constituent((4, 0, 0, 0), 0, (("M2", 2),)),
    "MS4": Constituent((4, 2, -2, 0), 0, (("M2", 1),)),
    "MN4": Constituent((4, -1, 0, 1), 0, (("M2", 2),)),
    "M6": Constituent((6, 0, 0, 0), 0, (("M2", 3),)),
}

# P87, table 4.3: f = f0 + f1 cos N, u = u1 sin N (degrees), N the longitude of the moon's ascending node
_NODAL: Mapping[str, tuple[float, float, float]] = {
    "M2": (1.000, -0.037, -2.1),
    "K2": (1.024, 0.286, -17.7),
    "K1": (1.006, 0.115, -8.9),
    "O1": (1.009, 0.187, 10.8),
}


@dataclass(frozen=True)
class Harmonic:
    """The harmonic constant of a port: amplitude, m, and phase lag behind the argument at Greenwich, degrees."""

    amplitude_m: float
    lag_deg: float


def speed_deg_h(name: str) -> float:
    """Return the speed of a constituent, degrees per mean solar hour."""
    rates = _longitudes_deg(np.array([0.0, 36525.0]))
    change = np.diff(rates, axis=-1)[:, 0] / (36525.0 * 24)
    return float(np.dot(CONSTITUENTS[name].doodson, change[:4]))


def tide_m(time_unix_s: npt.ArrayLike, harmonics: Mapping[str, Harmonic], *, mean_m: float = 0.0) -> Floats:
    """Return the height of the tide.

    Parameters
    ----------
    time_unix_s : (t,) array
        UTC, s since 1970.
    harmonics : mapping of constituent names
        All in `CONSTITUENTS`.
    mean_m : float
        Mean level above the datum wanted.

    Returns
    -------
    (t,) array
        m above that datum: mean + sum of f H cos(V + u - g), P87, chapter 4.

    Raises
    ------
    KeyError
        If a constituent is not known.
    """
    days = (floats(time_unix_s) - _J2000_UNIX_S) / 86400
    longitudes = _longitudes_deg(days)
    height = np.full(days.shape, float(mean_m))
    for name, port in harmonics.items():
        factor, turn_deg = nodal(name, longitudes[4])
        own = CONSTITUENTS[name]
        argument = np.tensordot(np.array(own.doodson, float), longitudes[:4], axes=1) + own.phase_deg
        height = height + factor * port.amplitude_m * np.cos(np.radians(argument + turn_deg - port.lag_deg))
    return height


def nodal(name: str, node_deg: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Return the nodal factor f and angle u (degrees) of a constituent: P87, table 4.3."""
    node = np.radians(floats(node_deg))
    factor, turn = np.ones_like(node), np.zeros_like(node)
    for source, power in CONSTITUENTS[name].nodal:
        f0, f1, u1 = _NODAL[source]
        factor = factor * (f0 + f1 * np.cos(node)) ** power
        turn = turn + u1 * np.sin(node) * power
    return factor, turn


def inverse_barometer_m(pressure_hpa: npt.ArrayLike, *, normal_hpa: float = 1013.25) -> Floats:
    """Return how much the sea stands higher under low pressure at rest: P87, chapter 6: 1 cm for each hPa."""
    return floats((normal_hpa - floats(pressure_hpa)) * 100 / (SEA_KG_M3 * GRAVITY_M_S2))


def drag(wind_m_s: npt.ArrayLike) -> Floats:
    """Return the drag coefficient of wind at 10 m over the sea: G77, abstract, levelled off at 33 m/s after P03."""
    return floats((0.75 + 0.067 * np.minimum(floats(wind_m_s), 33.0)) * 1e-3)


def set_up_m(
    wind_m_s: npt.ArrayLike,
    from_deg: npt.ArrayLike,
    *,
    shore_normal_deg: float,
    shelf_m: float,
    depth_m: float,
) -> Floats:
    """Return the steady set-up of the sea at a shore behind a shelf of even depth.

    The stress of the wind on the sea is balanced by the slope of its surface, g (h + eta) d(eta)/dx = tau / rho, from
    the edge of the shelf, where eta is 0: so eta = sqrt(h^2 + 2 tau L / (rho g)) - h (DD91, without bottom
    friction). It takes no account of time, rotation and the shape of the coast.

    Parameters
    ----------
    wind_m_s, from_deg : arrays
        10-minute mean at 10 m over the shelf, and where it comes from.
    shore_normal_deg : float
        Bearing from the shore straight out to sea.
    shelf_m, depth_m : float
        Width and depth of the shelf.

    Returns
    -------
    array
        m; negative for wind off the shore (set-down, at most the depth).

    Raises
    ------
    ValueError
        If the shelf has no width or depth.
    """
    if not (shelf_m > 0 and depth_m > 0):
        raise ValueError("shelf_m, depth_m: must be above zero")
    wind = floats(wind_m_s)
    onshore = np.cos(np.radians(floats(from_deg) - shore_normal_deg))
    stress_pa = AIR_KG_M3 * drag(wind) * wind**2 * onshore
    square = depth_m**2 + 2 * stress_pa * shelf_m / (SEA_KG_M3 * GRAVITY_M_S2)
    return floats(np.sqrt(np.maximum(square, 0)) - depth_m)


def _longitudes_deg(days: Floats) -> Floats:
    """Return tau, s, h, p and N at days from J2000, shape (5, ...): M98, eq. 47.1, 25.2, 47.7 and p. 343."""
    t = days / 36525
    s = 218.3164477 + 481267.88123421 * t
    h = 280.46646 + 36000.76983 * t
    p = 83.3532465 + 4069.0137287 * t
    node = 125.0445479 - 1934.1362891 * t
    tau = 360 * (days + 0.5) + h - s  # mean lunar time: solar time since midnight, less the way of the moon
    return np.stack([tau, s, h, p, node])
