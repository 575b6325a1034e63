"""Rain on bluespots and drains, step by step: what ponds where, and how deep.

In each step and catchment rain first enters the drains, as far as they carry it off within the step or have room to
store it; the rest runs to the bluespot, which fills to its sill and spills to the next one down (Balstrøm and
Crawford 2018); then the drains take in ponded water with what capacity the rain has left them. Drains carry water
out of the grid through their outfalls, less the part that the tide blocks, and store up to their volume. All water
moves within the step: a step must be long against the time of concentration (an hour for a town, say).

What falls in equals what is stored, drained and left behind, to rounding. Maturity: `screening`.

References
----------
Balstrøm and Crawford (2018), Computers & Geosciences 116, 64-73. See `anlan.science.depressions`.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from anlan.science.arrays import Floats, Ints, floats
from anlan.science.bluespots import Bluespots


@dataclass(frozen=True)
class Drains:
    """The drains of each catchment: (b + 1,) arrays or single values, number 0 for land that drains outside.

    Attributes
    ----------
    capacity_mm_h : array
        Rain that the free outfalls carry off.
    storage_mm : array
        Rain that the pipes hold when full.
    """

    capacity_mm_h: npt.ArrayLike
    storage_mm: npt.ArrayLike = 0.0


@dataclass(frozen=True)
class Water:
    """The state: water ponded in each bluespot and held in each catchment's drains, (b + 1,) arrays, m³."""

    ponded_m3: Floats
    held_m3: Floats

    @classmethod
    def none(cls, bluespots: Bluespots) -> "Water":
        """Return the state of dry land and empty drains."""
        return cls(np.zeros(len(bluespots) + 1), np.zeros(len(bluespots) + 1))


@dataclass(frozen=True)
class Step:
    """The state after a step, and what went where in it.

    Attributes
    ----------
    water : Water
    drained_m3 : (b + 1,) array
        Carried out through the outfalls of each catchment.
    spilled_m3 : (b + 1,) array
        Passed on by each bluespot to the one downstream.
    left_m3 : float
        Run over the edge of the grid, or into the sea.
    """

    water: Water
    drained_m3: Floats
    spilled_m3: Floats
    left_m3: float


def catchment_rain_m3(bluespots: Bluespots, rain_mm: npt.ArrayLike) -> Floats:
    """Return the volume of rain on each catchment, (b + 1,), from a grid of rain or one value for all."""
    rain_m = np.broadcast_to(floats(rain_mm), bluespots.shape) * 1e-3
    inside = bluespots.catchment >= 0
    volume = np.bincount(bluespots.catchment[inside], rain_m[inside], len(bluespots) + 1)
    return floats(volume * bluespots.cell_m2)


def fill(bluespots: Bluespots, ponded_m3: Floats, inflow_m3: Floats) -> tuple[Floats, Floats, float]:
    """Pour water into the bluespots and let it spill down.

    Parameters
    ----------
    bluespots : Bluespots
        Of ``b`` bluespots.
    ponded_m3, inflow_m3 : (b + 1,) arrays
        What each holds before, and what runs to it from its own catchment.

    Returns
    -------
    ponded_m3, spilled_m3 : (b + 1,) arrays
        What each holds after, and what it passed on.
    left_m3 : float
        What ran out of the grid.
    """
    total = floats(ponded_m3) + floats(inflow_m3)
    spilled = np.zeros_like(total)
    order = np.argsort(bluespots.generation, kind="stable")
    cuts = np.flatnonzero(np.diff(bluespots.generation[order])) + 1
    for group in np.split(order, cuts):
        over = np.where(group > 0, np.maximum(total[group] - bluespots.capacity_m3[group], 0), 0)
        spilled[group] = over
        total[group] -= over
        np.add.at(total, bluespots.downstream[group], over)
    left, total[0] = float(total[0]), 0.0
    return total, spilled, left


def step(
    bluespots: Bluespots,
    water: Water,
    rain_m3: Floats,
    drains: Drains,
    *,
    hours: float,
    outfall_blocked: npt.ArrayLike = 0.0,
) -> Step:
    """Advance the water by one step.

    Parameters
    ----------
    bluespots : Bluespots
        Of ``b`` bluespots.
    water : Water
        Before the step; not changed.
    rain_m3 : (b + 1,) array
        Runoff of each catchment in the step, as `catchment_rain_m3` gives it; losses to the ground already taken off.
    drains : Drains
    hours : float
        Length of the step.
    outfall_blocked : array
        Part of the drains' capacity that the tide takes away, 0 to 1, for each catchment or for all.

    Returns
    -------
    Step

    Raises
    ------
    ValueError
        If a part is not within 0 and 1, or the step has no length.
    """
    blocked = floats(outfall_blocked)
    if not (hours > 0 and np.all((blocked >= 0) & (blocked <= 1))):
        raise ValueError("hours must be above zero, outfall_blocked within 0 and 1")
    per_mm = bluespots.catchment_m2 * 1e-3
    carry = floats(drains.capacity_mm_h) * hours * (1 - blocked) * per_mm
    room = np.maximum(floats(drains.storage_mm) * per_mm - water.held_m3, 0)
    entered = np.minimum(rain_m3, carry + room)
    ponded, spilled, left = fill(bluespots, water.ponded_m3, rain_m3 - entered)
    sucked = np.minimum(ponded, carry + room - entered)
    held = water.held_m3 + entered + sucked
    drained = np.minimum(held, carry)
    return Step(Water(ponded - sucked, held - drained), drained, spilled, left)


def outfall_blocked(tide_m: npt.ArrayLike, *, outfall_m: npt.ArrayLike, street_m: npt.ArrayLike) -> Floats:
    """Return the part of a gravity outfall's capacity that the level of the receiving water takes away.

    Flow goes with the root of the head (Torricelli): none is lost while the water stands below the outfall, all when it
    stands at the street, where a flap gate keeps it out. Pumped outfalls are not blocked at all.

    Parameters
    ----------
    tide_m, outfall_m, street_m : arrays
        Levels above one datum; the street lies above its outfall.

    Returns
    -------
    array
        0 to 1, for `step`.

    Raises
    ------
    ValueError
        If a street does not lie above its outfall.

    Examples
    --------
    >>> outfall_blocked([1.0, 3.25, 4.0], outfall_m=3.0, street_m=4.0).tolist()
    [0.0, 0.1339745962155614, 1.0]
    """
    fall = floats(street_m) - floats(outfall_m)
    if not np.all(fall > 0):
        raise ValueError("street_m: must lie above outfall_m")
    head = np.clip((floats(street_m) - floats(tide_m)) / fall, 0, 1)
    return floats(1 - np.sqrt(head))


def levels_m(bluespots: Bluespots, ponded_m3: npt.ArrayLike) -> Floats:
    """Return the water level of each bluespot, (b + 1,); NaN for the outside and where it is dry.

    The volume under a level is linear between the heights of a bluespot's cells, so the level follows from the last
    cell under water: with k cells wet, V = A (k h - sum of their heights).
    """
    ponded, bs = floats(ponded_m3), bluespots
    wet_cells = _cells_under_water(bs, ponded)
    sums = np.append(0, np.cumsum(bs.height_m))
    below = sums[bs.first[:-1] + wet_cells] - sums[bs.first[:-1]]
    height = (ponded / bs.cell_m2 + below) / np.maximum(wet_cells, 1)
    level = np.minimum(bs.bottom_m + height, bs.sill_m)
    return np.where((ponded > 0) & (wet_cells > 0), level, np.nan)


def depth_grid_m(bluespots: Bluespots, ponded_m3: npt.ArrayLike) -> Floats:
    """Return the depth of ponded water on the grid, m; 0 where it is dry and outside."""
    level = levels_m(bluespots, ponded_m3) - bluespots.bottom_m
    owner = bluespots.label.ravel()[bluespots.cell]
    depth = np.zeros(bluespots.label.size)
    depth[bluespots.cell] = np.maximum(np.nan_to_num(level[owner]) - bluespots.height_m, 0)
    return depth.reshape(bluespots.shape)


def _cells_under_water(bluespots: Bluespots, ponded_m3: Floats) -> Ints:
    """Count the cells of each bluespot that its water covers: those whose `volume_m3` is below it.

    One search does for all: bluespot number plus the part of its capacity is a rising sequence over all cells.
    """
    bs = bluespots
    owner = bs.label.ravel()[bs.cell]
    key = owner + np.minimum(bs.volume_m3 / bs.capacity_m3[owner], 1)
    sought = np.arange(len(ponded_m3)) + np.clip(ponded_m3 / bs.capacity_m3, 0, 1)
    found = np.clip(np.searchsorted(key, sought, side="left"), bs.first[:-1], bs.first[1:])
    return np.asarray(found - bs.first[:-1], dtype=np.int64)
