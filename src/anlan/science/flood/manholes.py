"""Flow between a street and the sewer under it, through manholes and gullies without a lid that holds.

The head in the manhole is told against the street: below zero the water stands below the rim, and the street's water
falls over it as over a weir; between zero and the depth on the street the rim is drowned; above that depth the sewer
surcharges. Coefficients are those of Rubinato et al. for circular openings without a grate, in a model of 1 to 6: with
a grate they are lower, and for a lid that lifts nobody knows.

References
----------
L16: Leandro and Martins (2016), A methodology for linking 2D overland flow models with the sewer network model SWMM 5.1
based on dynamic link libraries, Water Science and Technology 73, 3017-3026 (which formula holds when).
R17: Rubinato, Martins, Kesserwani, Leandro, Djordjevic and Shucksmith (2017), Experimental calibration and validation
of sewer/surface flow exchange equations in steady and unsteady flow conditions, Journal of Hydrology 552, 421-432.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.constants import g

from anlan.science.arrays import Floats, floats

_ROOT_2G = float(np.sqrt(2 * g))


@dataclass(frozen=True)
class Opening:
    """One opening, or arrays of them.

    Attributes
    ----------
    area_m2, perimeter_m
        Of the opening; where gullies lead to the manhole, of all of them together. The default is the manhole of 4 feet
        that SWMM gives a junction of which nothing is told (Rossman 2017, SWMM Reference Manual, volume II).
    weir, drowned_weir, orifice
        Coefficients of discharge of the free weir, the drowned weir and the orifice, R17.
    """

    area_m2: npt.ArrayLike = 1.167
    perimeter_m: npt.ArrayLike = 3.830
    weir: npt.ArrayLike = 0.54
    drowned_weir: npt.ArrayLike = 0.056
    orifice: npt.ArrayLike = 0.167

    def __post_init__(self) -> None:
        for name in ("area_m2", "perimeter_m", "weir", "drowned_weir", "orifice"):
            value = floats(getattr(self, name))
            if not (np.isfinite(value).all() and (value > 0).all()):
                raise ValueError(f"opening: {name} must be above zero, not {getattr(self, name)}")


def exchange_m3_s(depth_m: npt.ArrayLike, head_m: npt.ArrayLike, opening: Opening) -> Floats:
    """Return what flows into the sewer, m³/s; negative for what comes up.

    Parameters
    ----------
    depth_m : array
        Depth on the street.
    head_m : array
        Head in the manhole above the street; negative below it.

    Notes
    -----
    Free weir: 2/3 Cw P sqrt(2g) h^(3/2); drowned weir, while h < A / P: Cw P sqrt(2g) h (h - s)^(1/2); orifice:
    Co A sqrt(2g (h - s)), upwards with the sign turned (R17, L16). A free weir passes no more than water that
    falls freely through the whole opening, A sqrt(2g h): beyond the depths of the experiments the formula would.
    """
    h, s = np.maximum(floats(depth_m), 0), floats(head_m)
    driven = _conductance(h, s, opening) * np.sqrt(np.abs(h - s))
    return floats(np.where(s > h, -driven, np.where(s > 0, driven, _free(h, opening))))


def settled_m3_s(
    depth_m: npt.ArrayLike, head_m: npt.ArrayLike, net_m3_s: npt.ArrayLike, seconds: float, opening: Opening
) -> Floats:
    """Return `exchange_m3_s` at the end of a step, in which the head follows what flows.

    A shaft holds little: in a step of a second the flow of its beginning would throw the head beyond the street and
    back. Here the head at the end of the step, S = s + (net + Q) dt / A, drives the flow: with y for the root of the
    head between street and shaft, y^2 + (c dt / A) y = m, of which y is the positive root. So no step lets up more than
    the shaft holds above the street and the sewer brings, nor down more than fills it and the sewer takes.

    Parameters
    ----------
    depth_m, head_m, opening
        As for `exchange_m3_s`, at the beginning of the step.
    net_m3_s : array
        What the sewers bring to the manhole, less what they take from it.
    seconds : float
        Length of the step.
    """
    h, s, net = np.maximum(floats(depth_m), 0), floats(head_m), floats(net_m3_s)
    per_area = seconds / floats(opening.area_m2)
    c = _conductance(h, s, opening)
    up = s > h
    drive = np.maximum(np.where(up, s - h + net * per_area, h - s - net * per_area), 0)
    b = c * per_area
    driven = c * (np.sqrt(b * b + 4 * drive) - b) / 2
    free = np.minimum(_free(h, opening), drive / per_area)
    return floats(np.where(up, -driven, np.where(s > 0, driven, free)))


def _free(h: Floats, opening: Opening) -> Floats:
    area, around = floats(opening.area_m2), floats(opening.perimeter_m)
    return floats(_ROOT_2G * np.minimum(2 / 3 * floats(opening.weir) * around * h, area) * np.sqrt(h))


def _conductance(h: Floats, s: Floats, opening: Opening) -> Floats:
    """Return what the root of the head between street and shaft is multiplied by, m^(5/2)/s."""
    area, around = floats(opening.area_m2), floats(opening.perimeter_m)
    weir = (s <= h) & (h * around < area)
    return floats(_ROOT_2G * np.where(weir, floats(opening.drowned_weir) * around * h, floats(opening.orifice) * area))
