"""What lets water through between two levels: weirs, rectangular openings, several side by side, flaps.

Every law takes the levels at its two ends (m, the datum of the bed) and gives the discharge from the first to the
second, m³/s, negative the other way. It is 0 where both stand below its sill and where they are equal, and it never
falls when the higher level rises or the lower one falls. Levels are taken as heads of energy: the speed of approach
is neglected, as in HDS-5.

References
----------
V47: Villemonte (1947), Submerged-weir discharge studies, Engineering News-Record 139, 866-869.
F88: Fread (1988), BREACH: an erosion model for earthen dam failures, National Weather Service.
B89: Bos (1989), Discharge measurement structures, ILRI publication 20.
HDS5: Normann, Houghtalen and Johnston (2001), Hydraulic design of highway culverts, FHWA-NHI-01-020, chapter III.A.3.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Protocol

from anlan.science.flood.inertial import GRAVITY_M_S2

BROAD_CRESTED = (2 / 3) ** 1.5 * sqrt(GRAVITY_M_S2)
"""Q / (b h^1.5) of a weir with critical flow on its crest and no losses, m^0.5/s: 1.705 (B89, section 1.9)."""

BREACH_SIDES = 1.35
"""Q / (z h^2.5) of the two sides of a trapezoid that slope 1 in z, m^0.5/s: 2.45 ft^0.5/s in F88."""


class Opening(Protocol):
    """A law of discharge between two levels."""

    @property
    def sill_m(self) -> float:
        """Level that water must stand above to flow through."""

    def flow_m3_s(self, first_m: float, second_m: float) -> float:
        """Return the discharge from the first to the second end, m³/s."""


@dataclass(frozen=True)
class Weir:
    """A crest that water falls over: a wall, a road, a sill, a breach in a levee with sloping sides.

    Free flow is C b h^1.5 + S z h^2.5 (F88); where the lower level stands above the crest too, each part is multiplied
    by (1 - (h2 / h1)^n)^0.385, n its own exponent (V47).

    Attributes
    ----------
    crest_m : float
    breadth_m : float
        Of the crest.
    slope : float
        Of the sides, horizontal to vertical; 0 for upright ones.
    coefficient : float
        C, m^0.5/s. HDS5 figure III-11 has 1.49 to 1.70 for roads.

    Raises
    ------
    ValueError
        If the breadth or the slope is negative, or the coefficient not above 0.
    """

    crest_m: float
    breadth_m: float
    slope: float = 0.0
    coefficient: float = BROAD_CRESTED

    def __post_init__(self) -> None:
        if not (self.breadth_m >= 0 and self.slope >= 0 and self.coefficient > 0):
            raise ValueError("weir: breadth and slope must not be negative, the coefficient above 0")

    @property
    def sill_m(self) -> float:
        """The crest."""
        return self.crest_m

    def flow_m3_s(self, first_m: float, second_m: float) -> float:
        """Return the discharge from the first to the second end, m³/s."""
        if first_m < second_m:
            return -self.flow_m3_s(second_m, first_m)
        head = first_m - self.crest_m
        if head <= 0:
            return 0.0
        drowned = max(second_m - self.crest_m, 0.0) / head
        over = self.coefficient * self.breadth_m * head**1.5 * (1 - drowned**1.5) ** 0.385
        sides = BREACH_SIDES * self.slope * head**2.5 * (1 - drowned**2.5) ** 0.385
        return float(over + sides)


@dataclass(frozen=True)
class Slot:
    """A rectangular opening with a sill and a lintel: a gate, a door, a window, the mouth of an underpass.

    Torricelli's speed at every height, times a coefficient of contraction, summed over the opening: above the lower
    level the head of a height is its depth below the higher level, under it the difference of levels. A weir where the
    water stays below the lintel, an orifice where it stands well above, and continuous in between (B89, section 1.12).

    Attributes
    ----------
    sill_m : float
    height_m, breadth_m : float
        Of the opening; height 0 is a closed gate.
    coefficient : float
        Of contraction and loss: 0.6 for a sharp edge (B89, section 1.12); 0.8 for a bridge under water (HDS-1, 1978).

    Raises
    ------
    ValueError
        If a side is negative or the coefficient not above 0.
    """

    sill_m: float
    height_m: float
    breadth_m: float
    coefficient: float = 0.6

    def __post_init__(self) -> None:
        if not (self.height_m >= 0 and self.breadth_m >= 0 and self.coefficient > 0):
            raise ValueError("slot: height and breadth must not be negative, the coefficient above 0")

    def flow_m3_s(self, first_m: float, second_m: float) -> float:
        """Return the discharge from the first to the second end, m³/s."""
        if first_m < second_m:
            return -self.flow_m3_s(second_m, first_m)
        upper, lower = first_m - self.sill_m, max(second_m - self.sill_m, 0.0)
        if upper <= 0:
            return 0.0
        top = min(self.height_m, upper)
        under = min(lower, top)
        free = 2 / 3 * ((upper - under) ** 1.5 - (upper - top) ** 1.5)
        drowned = under * sqrt(upper - lower)
        return float(self.coefficient * self.breadth_m * sqrt(2 * GRAVITY_M_S2) * (free + drowned))


@dataclass(frozen=True)
class Together:
    """Openings side by side or one above the other between the same two ends: a culvert and the road over it.

    Raises
    ------
    ValueError
        If there is none.
    """

    parts: Sequence[Opening]

    def __post_init__(self) -> None:
        if not self.parts:
            raise ValueError("together: needs an opening")

    @property
    def sill_m(self) -> float:
        """The lowest of the sills."""
        return min(part.sill_m for part in self.parts)

    def flow_m3_s(self, first_m: float, second_m: float) -> float:
        """Return the discharge from the first to the second end, m³/s."""
        return sum(part.flow_m3_s(first_m, second_m) for part in self.parts)


@dataclass(frozen=True)
class Flap:
    """An opening with a flap that lets water pass from the first end to the second only; its weight is neglected."""

    opening: Opening

    @property
    def sill_m(self) -> float:
        """The sill of the opening."""
        return self.opening.sill_m

    def flow_m3_s(self, first_m: float, second_m: float) -> float:
        """Return the discharge from the first to the second end, m³/s."""
        return max(self.opening.flow_m3_s(first_m, second_m), 0.0)
