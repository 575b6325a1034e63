"""Storm surge in one dimension: wind and air pressure over a shelf, from the shore straight out to the open sea.

Depth-averaged momentum and continuity on a transect, without the inertia of the flow itself (advection), with bottom
friction, and where asked for with the turning of the Earth, so that wind along the coast sets water up or down too
(FBJ57). With x out to sea and y to the left of it, q = uh, s = vh, h the whole depth, tau the stress of the wind:

    d(eta)/dt = - dq/dx
    dq/dt = - g h d(eta - b)/dx + f s + tau_x / rho - c |u| u
    ds/dt =                     - f q + tau_y / rho - c |u| v

b is the level at rest under the air's pressure (the inverse barometer) and c the drag of the bottom.

Scheme: levels in the middle of cells, flows at their faces and half a step later, each stepped with the newest of the
other (S68), friction implicit. It is stable while a wave crosses less than a cell in a step, of second order in space
and time, and keeps the water to rounding. The shore is a wall. At the open edge the level is that of rest plus
what goes out: eta = b + q / sqrt(g h) (F76), so that waves leave, and what is steady stands at b.

It knows nothing of the shape of the coast, of the tide that it rides on, of waves and of rivers: maturity `screening`
for a place, whatever is verified of the scheme.

References
----------
S68: Sielecki (1968), An energy-conserving difference scheme for the storm surge equations, Mon. Wea. Rev. 96, 150-156.
F76: Flather (1976), A tidal model of the north-west European continental shelf, Mem. Soc. R. Sci. Liege 10, 141-164.
FBJ57: Freeman, Baer and Jung (1957), The bathystrophic storm tide, J. Mar. Res. 16, 12-22.
"""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from anlan.science.arrays import Floats, floats
from anlan.science.compiled import kernel
from anlan.science.tide import AIR_KG_M3, GRAVITY_M_S2, SEA_KG_M3, drag

_COURANT = 0.9
_HEADROOM_M = 10.0  # surge that the step still allows for


@dataclass(frozen=True)
class Shelf:
    """A transect from the shore out to sea.

    Attributes
    ----------
    depth_m : (n + 1,) array
        Depth at rest in the middle of n cells, and at the edge, half a cell beyond the last one.
    dx_m : float
        Length of a cell.
    edge : {"sea", "wall"}
        What lies beyond: the open sea, or a wall at the end of the last cell.

    Raises
    ------
    ValueError
        If there is no cell, a cell has no length, or a depth is not above zero.
    """

    depth_m: Floats
    dx_m: float
    edge: Literal["sea", "wall"] = "sea"

    def __post_init__(self) -> None:
        if len(self.depth_m) < 2 or not self.dx_m > 0 or not np.all(np.asarray(self.depth_m) > 0):
            raise ValueError("shelf: needs a cell and its edge, with a length and depths above zero")

    @property
    def distance_m(self) -> Floats:
        """How far the cells' middles and the edge are from the shore, (n + 1,)."""
        return floats((np.arange(len(self.depth_m)) + 0.5) * self.dx_m)


@dataclass(frozen=True)
class Weather:
    """What drives the sea in ``m`` cases at ``t`` times, in between linear.

    Attributes
    ----------
    time_s : (t,) array
        Rising.
    along_m2_s2, across_m2_s2 : (m, t, n + 1) arrays
        Stress of the wind out to sea, and to the left of that, over the density of the sea (`stress_m2_s2`).
    rest_m : (m, t, n + 1) array
        Level at rest under the air's pressure (`anlan.science.tide.inverse_barometer_m`).

    Raises
    ------
    ValueError
        If shapes differ, times do not rise, or a value is not finite.
    """

    time_s: Floats
    along_m2_s2: Floats
    across_m2_s2: Floats
    rest_m: Floats

    def __post_init__(self) -> None:
        fields = (self.along_m2_s2, self.across_m2_s2, self.rest_m)
        if any(f.ndim != 3 or f.shape != fields[0].shape or f.shape[1] != len(self.time_s) for f in fields):
            raise ValueError("weather: stresses and level at rest need one shape (cases, times, places)")
        if not np.all(np.diff(self.time_s) > 0) or not all(np.isfinite(f).all() for f in (self.time_s, *fields)):
            raise ValueError("weather: times must rise, and all values be finite")


def stress_m2_s2(wind_m_s: npt.ArrayLike, from_deg: npt.ArrayLike, *, normal_deg: float) -> tuple[Floats, Floats]:
    """Return the stress of the wind over the density of the sea: out to sea, and to the left of that.

    Parameters
    ----------
    wind_m_s, from_deg : arrays
        10-minute mean at 10 m, and where it comes from.
    normal_deg : float
        Bearing from the shore straight out to sea.

    References
    ----------
    The drag is that of `anlan.science.tide.drag` (Garratt 1977, levelled off after Powell et al. 2003).
    """
    wind, turn = floats(wind_m_s), floats(np.radians(floats(from_deg) - normal_deg))
    size = AIR_KG_M3 / SEA_KG_M3 * drag(wind) * wind**2
    return floats(-size * np.cos(turn)), floats(size * np.sin(turn))


def surge_m(
    shelf: Shelf,
    weather: Weather,
    *,
    start_m: npt.ArrayLike = 0.0,
    bottom_drag: float = 2.5e-3,
    coriolis_rad_s: float = 0.0,
) -> Floats:
    """Return the level of every cell at the times of the weather.

    Parameters
    ----------
    shelf : Shelf
        Where.
    weather : Weather
        With as many places as the shelf.
    start_m : array that fits (m, n)
        Level at the first time, when nothing flows.
    bottom_drag : float
        Drag coefficient of the bottom; 0 for none.
    coriolis_rad_s : float
        Positive on the northern hemisphere; 0 leaves the turning of the Earth out.

    Returns
    -------
    (m, t, n) array
        m above the level at rest under the pressure for which `rest_m` is 0; the first cell is the one at the shore.

    Raises
    ------
    ValueError
        If the weather has other places than the shelf, or the start is not finite or lies below the bottom.
    """
    cases, times, places = weather.rest_m.shape
    if places != len(shelf.depth_m):
        raise ValueError("weather: has other places than the shelf")
    depth = np.ascontiguousarray(shelf.depth_m, dtype=np.float64)
    begin = np.array(np.broadcast_to(floats(start_m), (cases, places - 1)))
    if not np.all(begin + depth[:-1] > 0):
        raise ValueError("start_m: must lie above the bottom")
    levels = np.empty((cases, times, places - 1))
    fastest = math.sqrt(GRAVITY_M_S2 * (float(depth.max()) + _HEADROOM_M))
    steps = np.ceil(np.diff(weather.time_s) * fastest / (_COURANT * shelf.dx_m)).astype(np.int64)
    _run(
        levels,
        begin,
        depth,
        float(shelf.dx_m),
        shelf.edge == "sea",
        np.ascontiguousarray(weather.time_s, dtype=np.float64),
        steps,
        np.ascontiguousarray(weather.along_m2_s2, dtype=np.float64),
        np.ascontiguousarray(weather.across_m2_s2, dtype=np.float64),
        np.ascontiguousarray(weather.rest_m, dtype=np.float64),
        float(bottom_drag),
        float(coriolis_rad_s),
        GRAVITY_M_S2,
    )
    return levels


@kernel
def _run(
    levels: Floats,
    begin: Floats,
    depth: Floats,
    dx: float,
    is_open: bool,
    time: Floats,
    steps: npt.NDArray[np.int64],
    along: Floats,
    across: Floats,
    rest: Floats,
    bottom: float,
    turn: float,
    gravity: float,
) -> None:
    """Step all cases; ``steps`` has how often to step between one time and the next."""
    n = len(depth) - 1
    thin = 1e-3  # m: keeps the friction of a cell that fell dry finite
    faces = n if is_open else n - 1  # those where water flows; face k lies between the cells k and k + 1
    for case in range(levels.shape[0]):
        eta = np.empty(n + 1)
        eta[:n] = begin[case]
        eta[n] = rest[case, 0, n]
        q, s = np.zeros(n + 1), np.zeros(n + 1)
        levels[case, 0] = eta[:n]
        last = 0.0
        for hour in range(len(time) - 1):
            dt = (time[hour + 1] - time[hour]) / steps[hour]
            for step in range(steps[hour]):
                part = step / steps[hour]
                span = 0.5 * (last + dt)  # flows stand between two times of the levels
                last = dt
                for k in range(faces):
                    low = (1 - part) * rest[case, hour, k] + part * rest[case, hour + 1, k]
                    high = (1 - part) * rest[case, hour, k + 1] + part * rest[case, hour + 1, k + 1]
                    at_edge = k == n - 1
                    left = depth[k] + eta[k]
                    right = depth[k + 1] + (high if at_edge else eta[k + 1])
                    h = max(0.5 * (left + right), thin)
                    # Beyond the edge the level stands off from rest by q / sqrt(g h), with the new q: so it damps.
                    slope = (0.0 if at_edge else eta[k + 1] - high) - (eta[k] - low)
                    damp = 1.0 + (span * math.sqrt(gravity * h) / dx if at_edge else 0.0)
                    tau_x = (1 - part) * (along[case, hour, k] + along[case, hour, k + 1])
                    tau_x = 0.5 * (tau_x + part * (along[case, hour + 1, k] + along[case, hour + 1, k + 1]))
                    tau_y = (1 - part) * (across[case, hour, k] + across[case, hour, k + 1])
                    tau_y = 0.5 * (tau_y + part * (across[case, hour + 1, k] + across[case, hour + 1, k + 1]))
                    rub = span * bottom * math.sqrt(q[k] * q[k] + s[k] * s[k]) / (h * h)
                    flow = q[k] + span * (tau_x + turn * s[k] - gravity * h * slope / dx)
                    flow /= damp + rub
                    flow = max(min(flow, 0.5 * dx / dt * left), -0.5 * dx / dt * right)
                    s[k] = (s[k] + span * (tau_y - turn * flow)) / (1.0 + rub)
                    q[k] = flow
                before = 0.0
                for k in range(n):
                    eta[k] -= dt / dx * (q[k] - before)
                    before = q[k]
            levels[case, hour + 1] = eta[:n]
