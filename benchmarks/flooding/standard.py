"""The standard case: rain on a flat synthetic city, closed all around, and how two maps of greatest depth compare.

100 mm fall in the first of three hours on dry ground, cells of 10 m, n = 0.03, a film of 5 mm stays where it is.
"""

from dataclasses import dataclass, replace

import numpy as np

from anlan.science.compiled import Singles
from anlan.science.flood.synthetic_city import synthetic_city

SEED = 4
SHALLOW_M = 0.15  # from here a cell counts as flooded


@dataclass(frozen=True, eq=False)
class Standard:
    """Ground and forcing."""

    bed_m: Singles
    until_s: float = 3 * 3600.0
    cell_m: float = 10.0
    manning: float = 0.03
    film_m: float = 0.005
    rain_m_s: float = 0.1 / 3600
    rain_until_s: float = 3600.0

    @property
    def cells(self) -> int:
        """How many cells there are."""
        return int(self.bed_m.size)

    def depth_m(self, begin_s: float, end_s: float) -> float | None:
        """Return the rain between two moments, as the solver asks for it."""
        seconds = min(end_s, self.rain_until_s) - begin_s
        return self.rain_m_s * seconds if seconds > 0 else None

    def next_bend(self, time_s: float) -> float:
        """Return when the rain stops."""
        return self.rain_until_s if time_s < self.rain_until_s else np.inf

    def until(self, until_s: float) -> "Standard":
        """Return the beginning of the case."""
        return replace(self, until_s=until_s)


def standard(side: int) -> Standard:
    """Return the standard case with ``side`` cells a side."""
    return Standard(synthetic_city(side, side, 10.0, SEED).bed_m)


@dataclass(frozen=True, eq=False)
class Done:
    """A run: greatest depths, wall and processor seconds of the computation, steps taken."""

    peak_m: Singles
    wall_s: float
    cpu_s: float
    steps: int

    def per_wall_s(self) -> float:
        """Return cell updates a second."""
        return self.peak_m.size * self.steps / self.wall_s

    def per_cpu_s(self) -> float:
        """Return cell updates a processor second."""
        return self.peak_m.size * self.steps / self.cpu_s


def difference(ours: Singles, theirs: Singles) -> dict[str, float]:
    """Return how two maps differ: root mean square (mm), and the critical success index of flooded cells."""
    wet, wet_there = ours >= SHALLOW_M, theirs >= SHALLOW_M
    either = int((wet | wet_there).sum())
    return {
        "rmse_mm": round(float(np.sqrt(np.mean((ours.astype(np.float64) - theirs) ** 2))) * 1000, 2),
        "csi": round(int((wet & wet_there).sum()) / either, 4) if either else 1.0,
        "bias_mm": round(float(np.mean(ours.astype(np.float64) - theirs)) * 1000, 2),
    }
