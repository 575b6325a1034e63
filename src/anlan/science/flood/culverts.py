"""Culverts and small bridges by the two controls of HDS-5: what the inlet takes in, and what the barrel carries.

The discharge is the least of three. *Inlet control*: the mouth is a weir while it is free, an orifice when it is under
water, with a straight line between the two (HDS5, appendix A). *Outlet control, free*: losses at the entrance, in the
barrel and at the exit down to a hydraulic grade half-way between critical depth and the top of the barrel (HDS5,
chapter III.A.2). *Outlet control, drowned*: the same losses down to the tailwater. While the headwater is below the
top, the barrel is taken as filled to the headwater. HDS5 calls its method adequate down to 0.75 of the height; taken
so, it is within 8 % of the integrated surface of flat barrels from 0.3 of the height up (see the tests).

References
----------
HDS5: Normann, Houghtalen and Johnston (2001), Hydraulic design of highway culverts, 2nd edition, FHWA-NHI-01-020:
chapter III, appendix A with tables 8 and 9 (K, M, c, Y), table 12 (entrance losses).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import pi, sqrt
from typing import Protocol

import numpy as np

from anlan.science.arrays import Floats, floats
from anlan.science.flood.inertial import GRAVITY_M_S2

_UNITS = 1.811
"""Turns Q / (A D^0.5) in metres into feet (HDS5, appendix A)."""
_FRICTION = 19.63
"""2 g with Manning's n in metres (HDS5, equation 5)."""
_FREE, _UNDER_WATER = 3.5, 4.0
"""Bounds of the transition of inlet control, of Q / (A D^0.5) in feet (HDS5, appendix A)."""
_MOST = 60.0
_POINTS = 400
_HALVINGS = 60


@dataclass(frozen=True)
class Entrance:
    """An entrance: form of the equation of free flow with its K and M, c and Y of the orifice, loss in speed heads."""

    form: int
    k: float
    m: float
    c: float
    y: float
    loss: float
    mitred: bool = False


ENTRANCES: Mapping[str, Entrance] = {
    "concrete_pipe_square_edge": Entrance(1, 0.0098, 2.0, 0.0398, 0.67, 0.5),
    "concrete_pipe_groove_headwall": Entrance(1, 0.0018, 2.0, 0.0292, 0.74, 0.2),
    "concrete_pipe_groove_projecting": Entrance(1, 0.0045, 2.0, 0.0317, 0.69, 0.2),
    "metal_pipe_headwall": Entrance(1, 0.0078, 2.0, 0.0379, 0.69, 0.5),
    "metal_pipe_mitred": Entrance(1, 0.0210, 1.33, 0.0463, 0.75, 0.7, mitred=True),
    "metal_pipe_projecting": Entrance(1, 0.0340, 1.50, 0.0553, 0.54, 0.9),
    "pipe_bevelled_45": Entrance(1, 0.0018, 2.50, 0.0300, 0.74, 0.2),
    "box_wingwalls_30_75": Entrance(1, 0.026, 1.0, 0.0347, 0.81, 0.4),
    "box_wingwalls_15_90": Entrance(1, 0.061, 0.75, 0.0400, 0.80, 0.5),
    "box_wingwalls_0": Entrance(1, 0.061, 0.75, 0.0423, 0.82, 0.7),
    "box_bevelled_45": Entrance(2, 0.495, 0.667, 0.0314, 0.82, 0.2),
}
"""By name: HDS5 table 9, charts 1, 2, 3, 8 and 10, and table 12."""


class Section(Protocol):
    """The cross-section of a barrel."""

    @property
    def height_m(self) -> float:
        """Height inside."""

    def area_m2(self, depth_m: Floats) -> Floats:
        """Return the wetted area at depths up to the height."""

    def perimeter_m(self, depth_m: Floats) -> Floats:
        """Return the wetted perimeter; of a full barrel it includes the top."""

    def top_m(self, depth_m: Floats) -> Floats:
        """Return the breadth of the surface."""


@dataclass(frozen=True)
class Box:
    """A rectangular barrel."""

    breadth_m: float
    height_m: float

    def area_m2(self, depth_m: Floats) -> Floats:
        """Return the wetted area."""
        return self.breadth_m * depth_m

    def perimeter_m(self, depth_m: Floats) -> Floats:
        """Return the wetted perimeter."""
        return floats(self.breadth_m + 2 * depth_m + np.where(depth_m >= self.height_m, self.breadth_m, 0.0))

    def top_m(self, depth_m: Floats) -> Floats:
        """Return the breadth of the surface."""
        return np.full_like(depth_m, self.breadth_m)


@dataclass(frozen=True)
class Pipe:
    """A circular barrel."""

    diameter_m: float

    @property
    def height_m(self) -> float:
        """The diameter."""
        return self.diameter_m

    def _angle(self, depth_m: Floats) -> Floats:
        return floats(2 * np.arccos(np.clip(1 - 2 * depth_m / self.diameter_m, -1, 1)))

    def area_m2(self, depth_m: Floats) -> Floats:
        """Return the wetted area."""
        angle = self._angle(depth_m)
        return floats(self.diameter_m**2 / 8 * (angle - np.sin(angle)))

    def perimeter_m(self, depth_m: Floats) -> Floats:
        """Return the wetted perimeter."""
        return self._angle(depth_m) * self.diameter_m / 2

    def top_m(self, depth_m: Floats) -> Floats:
        """Return the breadth of the surface."""
        return floats(self.diameter_m * np.sin(self._angle(depth_m) / 2))


@dataclass(frozen=True, eq=False)
class _Rating:
    """Discharges of one barrel in one direction against the headwater above the invert of its inlet."""

    inlet: tuple[Floats, Floats]
    free: tuple[Floats, Floats]
    carried: tuple[Floats, Floats]

    def flow_m3_s(self, headwater_m: float, difference_m: float) -> float:
        inlet = float(np.interp(headwater_m, *self.inlet))
        free = float(np.interp(headwater_m, *self.free))
        drowned = float(np.interp(headwater_m, *self.carried)) * sqrt(2 * GRAVITY_M_S2 * difference_m)
        return min(inlet, free, drowned)


@dataclass(frozen=True, eq=False)
class Culvert:
    """Barrels of one kind between two ends; water may flow either way.

    Attributes
    ----------
    section : Section
        `Box` or `Pipe`.
    length_m : float
    first_m, second_m : float
        Inverts of the two ends.
    entrance : str
        A name of `ENTRANCES`, taken at both ends.
    manning : float
        Of the barrel: 0.012 concrete, 0.024 corrugated metal (HDS5, table 4).
    barrels : int

    Raises
    ------
    ValueError
        If a size is not above 0, or the entrance is not known.
    """

    section: Section
    length_m: float
    first_m: float
    second_m: float
    entrance: str
    manning: float = 0.012
    barrels: int = 1
    _forward: _Rating = field(init=False)
    _back: _Rating = field(init=False)

    def __post_init__(self) -> None:
        if self.entrance not in ENTRANCES:
            raise ValueError(f"culvert: entrance {self.entrance!r} is not known, but {', '.join(sorted(ENTRANCES))}")
        if not (self.section.height_m > 0 and self.length_m > 0 and self.manning > 0 and self.barrels >= 1):
            raise ValueError("culvert: height, length, n and number of barrels must be above 0")
        slope = (self.first_m - self.second_m) / self.length_m
        object.__setattr__(self, "_forward", self._rating(slope))
        object.__setattr__(self, "_back", self._rating(-slope))

    @property
    def sill_m(self) -> float:
        """The higher of the inverts."""
        return max(self.first_m, self.second_m)

    def flow_m3_s(self, first_m: float, second_m: float) -> float:
        """Return the discharge from the first to the second end, m³/s."""
        if max(first_m, second_m) <= self.sill_m:
            return 0.0
        if first_m >= second_m:
            lower = max(second_m, self.second_m)
            return self.barrels * self._forward.flow_m3_s(first_m - self.first_m, max(first_m - lower, 0.0))
        lower = max(first_m, self.first_m)
        return -self.barrels * self._back.flow_m3_s(second_m - self.second_m, max(second_m - lower, 0.0))

    def headwater_m(self, discharge_m3_s: float, *, control: str) -> float:
        """Return the headwater above the inlet's invert that one barrel needs for a discharge, from first to second.

        Parameters
        ----------
        control
            ``inlet`` or ``free`` (outlet control with low tailwater).
        """
        head, flow = {"inlet": self._forward.inlet, "free": self._forward.free}[control]
        return float(np.interp(discharge_m3_s, flow, head))

    def _rating(self, slope: float) -> _Rating:
        height = self.section.height_m
        depth = _depths(height)
        critical = _critical(self.section, depth)
        inlet = self._inlet(slope, critical)
        head = np.concatenate([depth[:-1], height * np.geomspace(1, 100, _POINTS)])
        carried = self._carried(np.minimum(head, height))
        return _Rating(inlet, (head, self._free(head, carried, slope, critical)), (head, carried))

    def _inlet(self, slope: float, critical: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
        """Return headwaters and discharges, HDS5 eq. 26 (form 1), 27 (form 2) and 28."""
        entrance, height = ENTRANCES[self.entrance], self.section.height_m
        unit = float(self.section.area_m2(floats([height]))[0]) * sqrt(height) / _UNITS
        x = _MOST * np.linspace(0, 1, _POINTS * 4) ** 3
        flow = x * unit
        tilt = (0.7 if entrance.mitred else -0.5) * slope
        energy = _critical_energy_m(self.section, flow, critical) / height
        free = energy + entrance.k * x**entrance.m + tilt if entrance.form == 1 else entrance.k * x**entrance.m
        under = entrance.c * x**2 + entrance.y + tilt
        bounds = floats([np.interp(_FREE, x, free), np.interp(_UNDER_WATER, x, under)])
        between = np.interp(x, [_FREE, _UNDER_WATER], bounds)
        ratio = np.where(x <= _FREE, free, np.where(x >= _UNDER_WATER, under, between))
        # A steep slope would let water in below critical energy, which no flow has less than.
        head = np.maximum.accumulate(np.maximum(ratio, np.where(x <= _FREE, energy, 0.0))) * height
        return head + np.arange(len(head)) * 1e-12, flow

    def _carried(self, depth_m: Floats) -> Floats:
        """Return A / sqrt(losses in speed heads) of a barrel filled to depths: HDS5 eq. 5, with the exit loss of 1."""
        area, perimeter = self.section.area_m2(depth_m), self.section.perimeter_m(depth_m)
        radius = np.divide(area, perimeter, out=np.full_like(area, 1e-9), where=perimeter > 0)
        friction = _FRICTION * self.manning**2 * self.length_m / np.maximum(radius, 1e-9) ** (4 / 3)
        return floats(area / np.sqrt(1 + ENTRANCES[self.entrance].loss + friction))

    def _free(self, head: Floats, carried: Floats, slope: float, critical: tuple[Floats, Floats]) -> Floats:
        """Return the discharges at which the losses use up the head above the free hydraulic grade, by halving."""
        height = self.section.height_m
        low, high = np.zeros_like(head), carried * np.sqrt(2 * GRAVITY_M_S2 * (head + abs(slope) * self.length_m))
        for _ in range(_HALVINGS):
            flow = (low + high) / 2
            grade = (np.interp(flow, *critical) + np.minimum(head, height)) / 2
            left = head + slope * self.length_m - grade
            enough = carried * np.sqrt(2 * GRAVITY_M_S2 * np.maximum(left, 0)) >= flow
            low, high = np.where(enough, flow, low), np.where(enough, high, flow)
        return floats(np.maximum.accumulate(low))


def _depths(height_m: float) -> Floats:
    """Return depths up to the height, dense at both ends: there the section changes fastest."""
    return floats(height_m * (1 - np.cos(pi * np.linspace(0, 1, _POINTS))) / 2)


def _critical(section: Section, depth_m: Floats) -> tuple[Floats, Floats]:
    """Return discharges and the depths that are critical for them: Q² T = g A³; beyond them the barrel is full."""
    area, top = section.area_m2(depth_m), section.top_m(depth_m)
    flow = np.sqrt(GRAVITY_M_S2 * area**3 / np.maximum(top, 1e-6 * section.height_m))
    return floats(np.maximum.accumulate(flow)), depth_m


def _critical_energy_m(section: Section, flow: Floats, critical: tuple[Floats, Floats]) -> Floats:
    """Return the depth and speed head of critical flow."""
    depth = np.interp(flow, *critical)
    area = np.maximum(section.area_m2(floats(depth)), 1e-12)
    return floats(np.where(flow > 0, depth + (flow / area) ** 2 / (2 * GRAVITY_M_S2), 0.0))
