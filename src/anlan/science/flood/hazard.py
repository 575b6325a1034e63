"""Hazard of flowing water to people, by published rules of depth and speed, chosen by name.

References
----------
FD: Defra and Environment Agency (2006), Flood risks to people, phase 2, FD2321/TR1 and TR2, with the supplementary note
on flood hazard ratings and thresholds of May 2008 (its table of debris factors and its classes).
AIDR: Australian Institute for Disaster Resilience (2017), Flood hazard, guideline 7-3, tables 1 and 2, after Smith,
Davey and Cox (2014), Flood hazard, WRL technical report 2014/07.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from anlan.science.compiled import Singles
from anlan.science.flood.kernels.outcomes import rate_aidr, rate_defra


class Rated(IntEnum):
    """By which rule the compiled sweep rates."""

    NOTHING = 0
    DEFRA = 1
    AIDR = 2


@dataclass(frozen=True)
class HazardRule:
    """A rule that rates depth and speed by a number, and sorts the number into classes.

    Attributes
    ----------
    rated : Rated
    classes : tuple of str
        Names from the lowest; the first is for what is dry or nearly so.
    bounds : tuple of float
        Of the rating: class k + 1 begins at bound k.
    source : str
    """

    rated: Rated
    classes: tuple[str, ...]
    bounds: tuple[float, ...]
    source: str

    def rating(self, depth_m: npt.ArrayLike, speed_m_s: npt.ArrayLike) -> Singles:
        """Return the number by which the rule rates depths and speeds, of their shape; 0 where it is dry."""
        depth, speed = np.broadcast_arrays(np.asarray(depth_m, np.float32), np.asarray(speed_m_s, np.float32))
        found = np.zeros(depth.size, dtype=np.float32)
        rate = rate_defra if self.rated is Rated.DEFRA else rate_aidr
        rate(np.ascontiguousarray(depth).ravel(), np.ascontiguousarray(speed).ravel(), found, depth.size)
        return found.reshape(depth.shape)

    def classify(self, rating: npt.ArrayLike) -> npt.NDArray[np.int8]:
        """Return the number of the class of ratings, 0 the lowest."""
        bounds = np.asarray(self.bounds, dtype=np.float32)
        return np.searchsorted(bounds, np.asarray(rating, np.float32), "right").astype(np.int8)


_WET = float(np.nextafter(np.float32(0), np.float32(1)))
_MORE_THAN_2 = float(np.nextafter(np.float32(2), np.float32(3)))

HAZARDS: Mapping[str, HazardRule] = {
    "defra_2006": HazardRule(
        Rated.DEFRA,
        ("dry", "low", "danger_for_some", "danger_for_most", "danger_for_all"),
        (_WET, 0.75, 1.25, _MORE_THAN_2),
        source="Defra and Environment Agency FD2321 (2006), supplementary note (2008)",
    ),
    "aidr_2017": HazardRule(
        Rated.AIDR,
        ("dry", "H1", "H2", "H3", "H4", "H5", "H6"),
        (1.0, 2.0, 3.0, 4.0, 5.0, 6.0),
        source="AIDR guideline 7-3 (2017); Smith, Davey and Cox (2014)",
    ),
}
"""Rules by name."""
