"""Openings that change with time: gates that are worked by a schedule or a rule, and levees that break.

References
----------
F08: Froehlich (2008), Embankment dam breach parameters and their uncertainties, Journal of Hydraulic Engineering
134(12), 1708-1721.
F88: Fread (1988), BREACH: an erosion model for earthen dam failures, National Weather Service.
"""

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from anlan.science.arrays import Floats, floats
from anlan.science.compiled import Singles
from anlan.science.flood.inertial import GRAVITY_M_S2
from anlan.science.flood.links import Pool, Watched
from anlan.science.flood.openings import BROAD_CRESTED, Opening, Slot, Weir
from anlan.science.flood.points import Series


def watched_m(watched: Watched, time_s: float, depth_m: Singles) -> float:
    """Return the level of what a rule looks at."""
    if isinstance(watched, Pool):
        return watched.level_m(watched.volume_m3(depth_m))
    return watched.at(time_s)


def _bend(watched: Watched | None, time_s: float) -> float:
    return watched.next_bend(time_s) if isinstance(watched, Series) else np.inf


class Rule(Protocol):
    """What says how far a gate shall stand open, 0 to 1."""

    def wanted(self, now: float, time_s: float, depth_m: Singles) -> float:
        """Return what is wanted at a moment; ``now`` is what was wanted before."""

    def next_bend(self, time_s: float) -> float:
        """Return the next moment at which a block must end for it."""


@dataclass(frozen=True)
class Schedule:
    """Openness (0 to 1) against time."""

    openness: Series

    def __post_init__(self) -> None:
        if self.openness.value.min() < 0 or self.openness.value.max() > 1:
            raise ValueError("schedule: openness must be within 0 and 1")

    def wanted(self, now: float, time_s: float, depth_m: Singles) -> float:  # noqa: ARG002
        """Return the openness of the moment."""
        return self.openness.at(time_s)

    def next_bend(self, time_s: float) -> float:
        """Return the next moment of the schedule."""
        return self.openness.next_bend(time_s)


@dataclass(frozen=True, eq=False)
class LevelRule:
    """Close when a level rises above one mark, open when it falls below a lower one, and else leave it.

    With ``opens_high`` the other way round: open above the upper mark, close below the lower one.
    """

    watched: Watched
    upper_m: float
    lower_m: float
    opens_high: bool = False

    def __post_init__(self) -> None:
        if not self.lower_m < self.upper_m:
            raise ValueError("level rule: the lower mark must be below the upper one")

    def wanted(self, now: float, time_s: float, depth_m: Singles) -> float:
        """Return 0, 1, or what was wanted before."""
        level = watched_m(self.watched, time_s, depth_m)
        if level > self.upper_m:
            return float(self.opens_high)
        return float(not self.opens_high) if level < self.lower_m else now

    def next_bend(self, time_s: float) -> float:
        """Return the next moment at which a given level bends."""
        return _bend(self.watched, time_s)


@dataclass(eq=False)
class Gate:
    """A slot whose lintel (the gate's lower edge) is moved by a rule.

    Attributes
    ----------
    slot : Slot
        Wide open.
    rule : Schedule or LevelRule
    moving_s : float
        From closed to open; 0 moves at once.
    openness : float
        At the beginning.
    """

    slot: Slot
    rule: Rule
    moving_s: float = 0.0
    openness: float = 1.0
    _wanted: float = field(init=False)

    def __post_init__(self) -> None:
        if not (0 <= self.openness <= 1 and self.moving_s >= 0):
            raise ValueError("gate: openness must be within 0 and 1, the time of moving not negative")
        self._wanted = self.openness

    def opening_at(self, begin_s: float, end_s: float, depth_m: Singles) -> Slot:
        """Return the slot as it stands at the end of a block; it is moved by what the rule wants at its beginning."""
        self._wanted = self.rule.wanted(self._wanted, begin_s, depth_m)
        step = np.inf if self.moving_s == 0 else (end_s - begin_s) / self.moving_s
        self.openness += float(np.clip(self._wanted - self.openness, -step, step))
        full = self.slot
        return Slot(full.sill_m, full.height_m * self.openness, full.breadth_m, full.coefficient)

    def next_bend(self, time_s: float) -> float:
        """Return the next moment at which a block must end for it."""
        return self.rule.next_bend(time_s)

    def kept(self) -> Floats:
        """Return its state."""
        return floats([self.openness, self._wanted])

    def restore(self, kept: Floats) -> None:
        """Take up its state."""
        self.openness, self._wanted = float(kept[0]), float(kept[1])


@dataclass(frozen=True)
class BreachShape:
    """A trapezoid at the end of its growth, and the time that it takes to grow, s.

    ``slope`` is that of the sides, horizontal to vertical; ``breadth_m`` is at the bottom.
    """

    bottom_m: float
    breadth_m: float
    slope: float
    growing_s: float


def froehlich_2008(volume_m3: float, crest_m: float, bottom_m: float, *, overtopped: bool) -> BreachShape:
    """Return the breach that F08 expects in an embankment of earth.

    Mean breadth 0.27 k V^0.32 h^0.04 with k = 1.3 where it is overtopped, else 1; time 63.2 sqrt(V / (g h²)); sides
    1 : 1 where it is overtopped, else 0.7 : 1. From dams of 3 to 93 m with 0.014 to 660 million m³: a levee before a
    river has no volume of its own, and its breach may be far wider.

    Parameters
    ----------
    volume_m3
        Water above the bottom of the breach when it fails.

    Raises
    ------
    ValueError
        If the volume is not above 0 or the bottom not below the crest.
    """
    height = crest_m - bottom_m
    if not (volume_m3 > 0 and height > 0):
        raise ValueError("breach: the volume must be above 0 and the bottom below the crest")
    mean = 0.27 * (1.3 if overtopped else 1.0) * volume_m3**0.32 * height**0.04
    slope = 1.0 if overtopped else 0.7
    seconds = 63.2 * np.sqrt(volume_m3 / (GRAVITY_M_S2 * height**2))
    return BreachShape(bottom_m, max(0.0, mean - slope * height), slope, float(seconds))


@dataclass(eq=False)
class Breach:
    """A breach through a levee, a weir that grows: bottom and breadth change linearly from the crest to the last shape.

    Attributes
    ----------
    crest_m : float
        Of the levee; above it the grid's own wall lets water over.
    shape : BreachShape
        At the end.
    start_s : float
        Breaks at this moment.
    trigger : tuple of what is watched and a level, or None
        Breaks when this level is passed, if that is earlier.
    coefficient : float
        Of the weir; F88 has that of a broad crest, 1.7.
    """

    crest_m: float
    shape: BreachShape
    start_s: float = np.inf
    trigger: tuple[Watched, float] | None = None
    coefficient: float = BROAD_CRESTED
    broken_s: float = field(init=False, default=np.nan)

    def __post_init__(self) -> None:
        shape = self.shape
        if not (shape.bottom_m < self.crest_m and shape.breadth_m >= 0 and shape.growing_s >= 0):
            raise ValueError("breach: the bottom must be below the crest, breadth and time not negative")
        if np.isinf(self.start_s) and self.trigger is None:
            raise ValueError("breach: needs a moment or a level at which it starts")

    def part_at(self, time_s: float) -> float:
        """Return the grown part at a moment, 0 to 1."""
        if not self.broken_s <= time_s:
            return 0.0
        return 1.0 if self.shape.growing_s == 0 else min(1.0, (time_s - self.broken_s) / self.shape.growing_s)

    def opening_at(self, begin_s: float, end_s: float, depth_m: Singles) -> Opening:
        """Return the weir as it stands in the middle of a block."""
        if np.isnan(self.broken_s) and (begin_s >= self.start_s or self._triggered(begin_s, depth_m)):
            self.broken_s = begin_s
        part = self.part_at((begin_s + end_s) / 2)
        bottom = self.crest_m + part * (self.shape.bottom_m - self.crest_m)
        return Weir(bottom, part * self.shape.breadth_m, self.shape.slope, self.coefficient) if part else _SHUT

    def _triggered(self, time_s: float, depth_m: Singles) -> bool:
        return self.trigger is not None and watched_m(self.trigger[0], time_s, depth_m) > self.trigger[1]

    def next_bend(self, time_s: float) -> float:
        """Return when it starts or has grown, or a watched series bends."""
        bends = [self.start_s, self.broken_s + self.shape.growing_s]
        watched = _bend(self.trigger[0] if self.trigger else None, time_s)
        return min([watched, *(bend for bend in bends if bend > time_s)])

    def kept(self) -> Floats:
        """Return its state."""
        return floats([self.broken_s])

    def restore(self, kept: Floats) -> None:
        """Take up its state."""
        self.broken_s = float(kept[0])


_SHUT = Weir(0.0, 0.0)
