"""Water that the ground and the air take: Green and Ampt's infiltration, the curve number, evaporation.

All are exchanges of `anlan.science.flood.simulation`. Green and Ampt's soil drinks what stands on it, wherever the
water came from; it is a law of physics with parameters of the soil. The curve number is a rule of thumb for the runoff
of a whole storm: the soil keeps a part of the rain that falls on it, and of nothing else. A cell has one of the two.

Rain falls at the beginning of a block, after the exchanges: what it leaves to the soil is taken at the next one.
Depths are single precision: what a cell loses in one turn is rounded to the seventh digit of its depth, so that under
metres of water a slow soil takes a few per cent too much or too little. The books hold what was really taken.

References
----------
C88: Chow, Maidment and Mays (1988), Applied Hydrology, McGraw-Hill, sections 4.3, 4.4 and 5.5.
Green and Ampt (1911), Studies on soil physics, J. Agricultural Science 4, 1-24.
Li, Stevens and Simons (1976), Solutions to Green-Ampt infiltration equation, J. Irrigation and Drainage Div. ASCE 102,
239-248 (the first guess of the solution).
NEH: USDA Natural Resources Conservation Service (2004), National Engineering Handbook, part 630, chapter 10.
R83: Rawls, Brakensiek and Miller (1983), Green-Ampt infiltration parameters from soils data, J. Hydraulic Engineering
109, 62-70.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from anlan.science.arrays import Floats, floats
from anlan.science.compiled import Singles
from anlan.science.flood.grid import Grid
from anlan.science.flood.kernels.losses import STRIP, abstract, dry, soak
from anlan.science.flood.points import Series
from anlan.science.flood.rainfall import MM_H
from anlan.science.flood.simulation import Exchanged, Kept
from anlan.science.flood.team import Team

_TURN = 0.3  # K dt / S of one turn at most: then x of the solution stays below 1, where its series is exact to 1e-6
_THIN_M = 1e-3  # suctions below this do not count for the number of turns: the error is a part of them


@dataclass(frozen=True)
class Soil:
    """Green and Ampt's parameters of a soil: effective porosity, suction at the wetting front, conductivity."""

    porosity: float
    suction_mm: float
    conductivity_mm_h: float

    def deficit(self, saturation: float) -> float:
        """Return how much water a soil takes up that is saturated to a part at the beginning, C88 eq. 4.3.10."""
        if not 0 <= saturation <= 1:
            raise ValueError(f"saturation: must be within 0 and 1, not {saturation}")
        return (1 - saturation) * self.porosity


SOILS: Mapping[str, Soil] = MappingProxyType(
    {
        "sand": Soil(0.417, 49.5, 117.8),
        "loamy_sand": Soil(0.401, 61.3, 29.9),
        "sandy_loam": Soil(0.412, 110.1, 10.9),
        "loam": Soil(0.434, 88.9, 3.4),
        "silt_loam": Soil(0.486, 166.8, 6.5),
        "sandy_clay_loam": Soil(0.330, 218.5, 1.5),
        "clay_loam": Soil(0.309, 208.8, 1.0),
        "silty_clay_loam": Soil(0.432, 273.0, 1.0),
        "sandy_clay": Soil(0.321, 239.0, 0.6),
        "silty_clay": Soil(0.423, 292.2, 0.5),
        "clay": Soil(0.385, 316.3, 0.3),
    }
)
"""Mean values by texture of R83, as printed in C88 table 4.3.1."""


def retention_mm(curve_number: npt.ArrayLike) -> Floats:
    """Return the potential maximum retention S of a curve number, NEH eq. 10-13.

    Raises
    ------
    ValueError
        If a curve number is not above 0 and at most 100.
    """
    number = floats(curve_number)
    if not np.all((number > 0) & (number <= 100)):
        raise ValueError(f"curve_number: must be above 0 and at most 100, not {number[()]}")
    return floats(25.4 * (1000 / number - 10))


def dry_curve_number(curve_number: npt.ArrayLike) -> Floats:
    """Return the curve number of dry ground before the rain (AMC I) for that of average ground, C88 section 5.5."""
    number = floats(curve_number)
    return floats(4.2 * number / (10 - 0.058 * number))


def wet_curve_number(curve_number: npt.ArrayLike) -> Floats:
    """Return the curve number of wet ground before the rain (AMC III) for that of average ground, C88 section 5.5."""
    number = floats(curve_number)
    return floats(23 * number / (10 + 0.13 * number))


def runoff_mm(rain_mm: npt.ArrayLike, curve_number: npt.ArrayLike, initial: float = 0.2) -> Floats:
    """Return what runs off of a storm, NEH eq. 10-9; ``initial`` is the part of S that is lost before any runs off."""
    s = retention_mm(curve_number)
    beyond = np.maximum(floats(rain_mm) - initial * s, 0)
    return floats(beyond**2 / np.where(beyond + s > 0, beyond + s, 1))


class _Loss:
    """What the losses have in common: strips of rows that threads share, and a turn every so many seconds."""

    def __init__(self, grid: Grid, name: str, every_s: float, team: Team | None) -> None:
        if not every_s >= 0:
            raise ValueError(f"{name}: every_s must not be negative, not {every_s}")
        self.name, self.shape, self.cell_m2 = name, grid.shape, grid.cell_m2
        self.every_s, self.team, self._since_s = every_s, team or Team(1), np.nan
        self._strips = -(-grid.shape[0] // STRIP)

    def next_bend(self, time_s: float) -> float:  # noqa: ARG002
        """Return infinity: any block will do."""
        return np.inf

    def _due(self, begin_s: float, end_s: float) -> float:
        """Return the seconds that a turn must make up for up to the end of a block; 0 if it is not yet time."""
        since = begin_s if np.isnan(self._since_s) else self._since_s
        due = end_s - since >= self.every_s * (1 - 1e-9)
        self._since_s = end_s if due else since
        return end_s - since if due else 0.0

    def _do(self, job: Callable[[tuple[int, int], Floats], object]) -> float:
        """Let each member of the team do its strips; return the volume taken, m³."""
        taken = np.zeros((self._strips, self.shape[1]))
        members = min(self.team.members, self._strips)
        cuts = [self._strips * member // members for member in range(members + 1)]
        self.team.do([partial(job, share, taken) for share in pairwise(cuts)])
        return float(taken.sum()) * self.cell_m2

    def _clock(self) -> npt.NDArray[Any]:
        return np.array([self._since_s])


class GreenAmpt(_Loss):
    """Infiltration into soil under water, C88 eq. 4.3.8, with the depth of the water added to the suction.

    Where less stands than the soil would drink, it takes what is there (C88 section 4.4: rain below the rate is taken
    whole, and ponding begins by itself).
    """

    def __init__(
        self,
        grid: Grid,
        conductivity_mm_h: npt.ArrayLike,
        suction_mm: npt.ArrayLike,
        deficit: npt.ArrayLike,
        *,
        pervious: npt.ArrayLike = 1.0,
        head: bool = True,
        every_s: float = 30.0,
        team: Team | None = None,
        name: str = "infiltration",
    ) -> None:
        """Begin with soil that has taken up nothing.

        Parameters
        ----------
        conductivity_mm_h, suction_mm, deficit
            One number or (rows, columns): hydraulic conductivity, suction at the wetting front, and the part of the
            soil's volume that takes up water. See `SOILS`.
        pervious
            Part of each cell that is not sealed: one number or (rows, columns).
        head
            Whether the depth of the water adds to the suction.
        every_s
            The soil drinks at the first block that ends this long after the last turn. Choose it so short that less
            than the solver's film falls in it, or rain runs away that would have soaked in.

        Raises
        ------
        ValueError
            If a parameter is negative, not finite, of another shape, or a part above 1.
        """
        super().__init__(grid, name, every_s, team)
        self._conductivity = _grid_of(grid, f"{name}: conductivity_mm_h", conductivity_mm_h, MM_H)
        self._suction = _grid_of(grid, f"{name}: suction_mm", suction_mm, 1e-3)
        self._deficit = _grid_of(grid, f"{name}: deficit", deficit, 1.0, most=1.0)
        self._pervious = _grid_of(grid, f"{name}: pervious", pervious, 1.0, most=1.0)
        self._head = np.float32(head)
        self._total = np.zeros(grid.shape, dtype=np.float32)
        pull = np.maximum(self._suction * self._deficit, _THIN_M)
        self._steepest_s = float(np.max(self._conductivity / pull))

    @property
    def infiltrated_m(self) -> Singles:
        """What each cell has taken up, as a depth over the whole cell."""
        return np.asarray(self._total * self._pervious, dtype=np.float32)

    def apply(self, begin_s: float, end_s: float, depth_m: Singles, rain_m: float | Singles | None) -> Exchanged:  # noqa: ARG002
        """Let the soil drink, if it is time."""
        seconds = self._due(begin_s, end_s)
        if seconds <= 0:
            return Exchanged(0.0)
        turns = max(1, int(np.ceil(self._steepest_s * seconds / _TURN)))
        soil = self._conductivity, self._suction, self._deficit, self._pervious
        return Exchanged(self._do(partial(soak, depth_m, self._total, *soil, self._head, np.float32(seconds), turns)))

    def kept(self) -> Kept:
        """Return what a checkpoint keeps."""
        return {"total": self._total.copy(), "clock": self._clock()}

    def restore(self, kept: Kept) -> None:
        """Take up what was kept."""
        self._total[:], self._since_s = kept["total"], float(kept["clock"][0])


class CurveNumber(_Loss):
    """Loss of rain by the curve number, NEH eq. 10-9 applied to the rain so far (C88 section 5.5).

    The soil is owed its part of the rain; it takes it where and when water stands on the cell.
    """

    def __init__(
        self,
        grid: Grid,
        curve_number: npt.ArrayLike,
        *,
        initial: float = 0.2,
        team: Team | None = None,
        name: str = "infiltration",
    ) -> None:
        """Begin before the storm.

        Parameters
        ----------
        curve_number
            One number or (rows, columns).
        initial
            Initial abstraction as a part of S: 0.2 of NEH; Hawkins et al. (2009, ASCE) find 0.05, with other curve
            numbers.

        Raises
        ------
        ValueError
            If a curve number is not above 0 and at most 100, or of another shape, or the part is negative.
        """
        super().__init__(grid, name, 0.0, team)
        if not initial >= 0:
            raise ValueError(f"{name}: initial must not be negative, not {initial}")
        self._retention = _grid_of(grid, f"{name}: curve_number", retention_mm(curve_number), 1e-3)
        self._initial = np.asarray(self._retention * np.float32(initial), dtype=np.float32)[()]
        self._fallen, self._owed = (np.zeros(grid.shape, dtype=np.float32) for _ in range(2))

    @property
    def owed_m(self) -> Singles:
        """What the soil will still take where water stands."""
        return self._owed

    def apply(self, begin_s: float, end_s: float, depth_m: Singles, rain_m: float | Singles | None) -> Exchanged:  # noqa: ARG002
        """Take what is owed, and note what the soil is owed of the rain of this block."""
        rain = np.float32(0 if rain_m is None else rain_m) if not isinstance(rain_m, np.ndarray) else rain_m
        soil = self._fallen, self._owed, self._retention, self._initial
        return Exchanged(self._do(partial(abstract, depth_m, *soil, rain)))

    def kept(self) -> Kept:
        """Return what a checkpoint keeps."""
        return {"fallen": self._fallen.copy(), "owed": self._owed.copy()}

    def restore(self, kept: Kept) -> None:
        """Take up what was kept."""
        self._fallen[:], self._owed[:] = kept["fallen"], kept["owed"]


class Evaporation(_Loss):
    """Open water's evaporation, the same everywhere: of weight where water stands for days."""

    def __init__(
        self,
        grid: Grid,
        rate_mm_day: Series | float,
        *,
        every_s: float = 600.0,
        team: Team | None = None,
        name: str = "evaporation",
    ) -> None:
        """Take a rate, constant or in time.

        Raises
        ------
        ValueError
            If a rate is negative.
        """
        super().__init__(grid, name, every_s, team)
        self._rate = rate_mm_day if isinstance(rate_mm_day, Series) else Series.steady(rate_mm_day)
        if np.any(self._rate.value < 0):
            raise ValueError(f"{name}: rate_mm_day must not be negative, not {self._rate.value.min()}")

    def apply(self, begin_s: float, end_s: float, depth_m: Singles, rain_m: float | Singles | None) -> Exchanged:  # noqa: ARG002
        """Let the air take its part, if it is time."""
        seconds = self._due(begin_s, end_s)
        if seconds <= 0:
            return Exchanged(0.0)
        most = np.float32(self._rate.mean(end_s - seconds, end_s) * 1e-3 / 86400 * seconds)
        return Exchanged(self._do(partial(dry, depth_m, most)))

    def kept(self) -> Kept:
        """Return what a checkpoint keeps."""
        return {"clock": self._clock()}

    def restore(self, kept: Kept) -> None:
        """Take up what was kept."""
        self._since_s = float(kept["clock"][0])


def _grid_of(grid: Grid, name: str, values: npt.ArrayLike, unit: float, most: float = np.inf) -> np.float32 | Singles:
    """Return a parameter as one float32 or a grid of them, 0 where there is no ground."""
    given = floats(values)
    if given.ndim and given.shape != grid.shape:
        raise ValueError(f"{name}: must be one number or have the shape {grid.shape}, not {given.shape}")
    held = np.where(grid.ground, given, 0.0) if given.ndim else given
    wrong = ~(np.isfinite(held) & (held >= 0) & (held <= most))
    if wrong.any():
        raise ValueError(f"{name}: must not be negative, nor above {most:g}, not {float(held[wrong][0])}")
    return np.float32(held * unit) if not given.ndim else (held * unit).astype(np.float32)
