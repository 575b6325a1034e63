"""Pumps: they run by the level at their intake, fail at given times, and lift water to other cells or out of the grid.

A pump never takes more than stands above the level at which it stops. What it lifts arrives during the same block.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from anlan.science.arrays import Floats, Ints, floats
from anlan.science.compiled import Singles
from anlan.science.flood.links import Pool, Watched
from anlan.science.flood.points import Series
from anlan.science.flood.simulation import Exchanged, Kept


@dataclass(frozen=True)
class Curve:
    """What a pump lifts against the height that it lifts it by: straight between points, steady below the first.

    Raises
    ------
    ValueError
        If heights do not rise, or a discharge is negative or rises with the height.
    """

    head_m: Floats
    discharge_m3_s: Floats

    def __post_init__(self) -> None:
        if len(self.head_m) == 0 or len(self.head_m) != len(self.discharge_m3_s) or np.any(np.diff(self.head_m) <= 0):
            raise ValueError("pump curve: needs as many discharges as heads, and heads that rise")
        if self.discharge_m3_s.min() < 0 or np.any(np.diff(self.discharge_m3_s) > 0):
            raise ValueError("pump curve: discharges must not be negative, nor rise with the head")

    @classmethod
    def steady(cls, discharge_m3_s: float) -> "Curve":
        """Return the curve of a pump that lifts the same against any head."""
        return cls(floats([0.0]), floats([discharge_m3_s]))

    def at(self, head_m: float) -> float:
        """Return the discharge against a head; beyond the last head that of the last."""
        return float(np.interp(head_m, self.head_m, self.discharge_m3_s))


@dataclass(frozen=True, eq=False)
class Pump:
    """A pump, or a station of them with one rule.

    Attributes
    ----------
    name : str
    intake : Pool
    outlet : Pool, Series or None
        Other cells, a level against time outside the grid, or out of the grid whatever stands there.
    curve : Curve
    start_m, stop_m : float
        Levels at the intake at which it starts and stops.
    failures : sequence of (begin, end)
        When it stands still, s.

    Raises
    ------
    ValueError
        If it stops above where it starts, or a failure ends before it begins.
    """

    name: str
    intake: Pool
    outlet: Watched | None
    curve: Curve
    start_m: float
    stop_m: float
    failures: Sequence[tuple[float, float]] = ()

    def __post_init__(self) -> None:
        if not self.stop_m <= self.start_m:
            raise ValueError(f"{self.name}: must stop at or below the level at which it starts")
        if any(not begin < end for begin, end in self.failures):
            raise ValueError(f"{self.name}: a failure must end after it begins")

    def fails(self, time_s: float) -> bool:
        """Return whether it stands still at a moment."""
        return any(begin <= time_s < end for begin, end in self.failures)

    def head_m(self, level_m: float, time_s: float, depth_m: Singles) -> float:
        """Return the height between the intake's level and the outlet's; 0 where the outlet has none."""
        if self.outlet is None:
            return 0.0
        if isinstance(self.outlet, Series):
            return self.outlet.at(time_s) - level_m
        return self.outlet.level_m(self.outlet.volume_m3(depth_m)) - level_m


class Pumps:
    """All pumps of a case: an `Exchange`.

    Raises
    ------
    ValueError
        If two pumps have one name.
    """

    def __init__(self, pumps: Sequence[Pump], *, name: str = "pumps") -> None:
        """Take the pumps, all standing still."""
        if len({pump.name for pump in pumps}) != len(pumps):
            raise ValueError(f"{name}: two pumps have one name")
        self.name, self.pumps = name, tuple(pumps)
        self.running = np.zeros(len(pumps), dtype=np.bool_)
        self.lifted_m3 = np.zeros(len(pumps))
        self.ran_s = np.zeros(len(pumps))

    def apply(self, begin_s: float, end_s: float, depth_m: Singles, rain_m: float | Singles | None) -> Exchanged:  # noqa: ARG002
        """Let every pump lift what it lifts in the block."""
        left, cells, rates = 0.0, [np.zeros(0, dtype=np.int64)], [np.zeros(0)]
        for number, pump in enumerate(self.pumps):
            volume = self._lift(number, pump, begin_s, end_s, depth_m)
            if isinstance(pump.outlet, Pool) and volume > 0:
                where, rate = self._arrive(pump.outlet, volume, end_s - begin_s, depth_m)
                cells.append(where)
                rates.append(rate)
            else:
                left += volume
        return Exchanged(left, np.concatenate(cells), np.concatenate(rates))

    def _lift(self, number: int, pump: Pump, begin_s: float, end_s: float, depth_m: Singles) -> float:
        there = pump.intake.volume_m3(depth_m)
        level = pump.intake.level_m(there)
        on = self.running[number]
        on = (level > pump.stop_m if on else level > pump.start_m) and not pump.fails(begin_s)
        self.running[number] = on
        if not on:
            return 0.0
        seconds = end_s - begin_s
        flow = pump.curve.at(pump.head_m(level, begin_s, depth_m))
        volume = pump.intake.take(depth_m, min(flow * seconds, there - pump.intake.below_m3(pump.stop_m)))
        self.lifted_m3[number] += volume
        self.ran_s[number] += seconds
        return volume

    @staticmethod
    def _arrive(outlet: Pool, volume_m3: float, seconds: float, depth_m: Singles) -> tuple[Ints, Floats]:
        return outlet.rates(volume_m3, outlet.level_m(outlet.volume_m3(depth_m)), seconds)

    def next_bend(self, time_s: float) -> float:
        """Return when the next failure begins or ends, or an outer level bends."""
        moments = [moment for pump in self.pumps for pair in pump.failures for moment in pair]
        bends = [pump.outlet.next_bend(time_s) for pump in self.pumps if isinstance(pump.outlet, Series)]
        return min([*bends, *(moment for moment in moments if moment > time_s)], default=np.inf)

    def kept(self) -> Kept:
        """Return what a checkpoint keeps."""
        return {"running": self.running.copy(), "lifted_m3": self.lifted_m3.copy(), "ran_s": self.ran_s.copy()}

    def restore(self, kept: Kept) -> None:
        """Take up what was kept."""
        self.running[:] = kept["running"]
        self.lifted_m3[:] = kept["lifted_m3"]
        self.ran_s[:] = kept["ran_s"]
