"""Members of an ensemble: what is uncertain, drawn evenly, and what the members say together.

Each member multiplies the rain expected, moves it, multiplies roughness and drain capacity, and lets some pumps fail.
Draws are a scrambled Sobol sequence, so few members cover the range evenly (Owen 1998), with a fixed seed: two
forecasts differ by their inputs and not by their draws. Member 0 is the control, with nothing changed.

References
----------
Owen (1998), Scrambling Sobol' and Niederreiter-Xing points, Journal of Complexity 14, 466-489.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from anlan.science.arrays import Bools, Floats, floats
from anlan.science.compiled import Singles

_TENTH = 1.2815515655446004
"""Standard normal quantile of 0.9."""

_AXES = 5
_T = TypeVar("_T")
_R = TypeVar("_R")


@dataclass(frozen=True)
class Uncertain:
    """How uncertain what drives a flood is.

    Attributes
    ----------
    rain : (2,) floats
        Tenth and ninetieth percentile of the factor on expected rain (log-normal between and beyond them).
    shift_m : float
        Standard deviation of the place of the rain, in each direction.
    roughness : (2,) floats
        Tenth and ninetieth percentile of the factor on Manning's n (log-normal).
    drains : (3,) floats
        Worst, control and best factor on drain capacity (triangular).
    pump_failure : float
        Chance that a pump fails for the whole forecast.
    """

    rain: tuple[float, float]
    shift_m: float
    roughness: tuple[float, float]
    drains: tuple[float, float, float]
    pump_failure: float

    def __post_init__(self) -> None:
        for name, (low, high) in (("rain", self.rain), ("roughness", self.roughness)):
            if not 0 < low <= high:
                raise ValueError(f"{name}: percentiles must be above 0 and in order, not {low} and {high}")
        worst, mode, best = self.drains
        if not 0 <= worst <= mode <= best:
            raise ValueError(f"drains: factors must not be negative and be in order, not {self.drains}")
        if not (self.shift_m >= 0 and 0 <= self.pump_failure <= 1):
            raise ValueError("shift_m must not be negative, pump_failure within 0 and 1")


@dataclass(frozen=True)
class Member:
    """What one member changes.

    ``pumps`` orders pumps by a number of their own (0 to 1): those whose number is below ``pump_failure`` fail.
    """

    number: int
    rain: float
    shift_m: tuple[float, float]
    roughness: float
    drains: float
    pump_failure: float
    seed: int

    def failed(self, pumps: int) -> Bools:
        """Return which of so many pumps fail in this member."""
        if self.number == 0:
            return np.zeros(pumps, dtype=np.bool_)
        return np.random.default_rng([self.seed, self.number]).random(pumps) < self.pump_failure


def members(count: int, uncertain: Uncertain, *, seed: int) -> tuple[Member, ...]:
    """Return ``count`` members, the control first.

    Raises
    ------
    ValueError
        If there is to be none.
    """
    if count < 1:
        raise ValueError(f"count: an ensemble has at least its control, not {count} members")
    control = Member(0, 1.0, (0.0, 0.0), 1.0, uncertain.drains[1], 0.0, seed)
    return (control, *(_drawn(n + 1, u, uncertain, seed) for n, u in enumerate(_even(count - 1, seed))))


def _even(count: int, seed: int) -> Floats:
    """Return (count, axes) draws between 0 and 1, spread evenly."""
    from scipy.stats import qmc  # noqa: PLC0415  # half a second, when the first forecast runs

    if count == 0:
        return np.zeros((0, _AXES))
    power = int(np.ceil(np.log2(count)))
    return floats(qmc.Sobol(_AXES, rng=np.random.default_rng(seed)).random_base2(power)[:count])


def _drawn(number: int, draws: Floats, uncertain: Uncertain, seed: int) -> Member:
    from scipy.special import ndtri  # noqa: PLC0415

    normal = ndtri(np.clip(draws, 1e-6, 1 - 1e-6))
    return Member(
        number,
        rain=_log_normal(uncertain.rain, normal[0]),
        shift_m=(float(normal[1] * uncertain.shift_m), float(normal[2] * uncertain.shift_m)),
        roughness=_log_normal(uncertain.roughness, normal[3]),
        drains=_triangular(uncertain.drains, draws[4]),
        pump_failure=uncertain.pump_failure,
        seed=seed,
    )


def _log_normal(tenths: tuple[float, float], normal: float) -> float:
    low, high = np.log(tenths)
    return float(np.exp((low + high) / 2 + normal * (high - low) / (2 * _TENTH)))


def _triangular(corners: tuple[float, float, float], part: float) -> float:
    low, mode, high = corners
    if high == low:
        return low
    turn = (mode - low) / (high - low)
    if part < turn:
        return float(low + np.sqrt(part * (high - low) * (mode - low)))
    return float(high - np.sqrt((1 - part) * (high - low) * (high - mode)))


@dataclass(frozen=True)
class Failure:
    """A member that gave no result, and why."""

    number: int
    error: str


Spread = Callable[[Callable[[_T], _R], Sequence[_T]], list[_R]]
"""How jobs are spread over threads, processes or machines: like ``list(map(function, jobs))``."""


def attempt(function: Callable[[_T], _R], job: _T, number: int) -> _R | Failure:
    """Do one job; what it raises becomes a `Failure`, for one member must not take the others with it."""
    try:
        return function(job)
    except Exception as fault:  # noqa: BLE001  # whatever it was is told
        return Failure(number, f"{type(fault).__name__}: {fault}")


def quantiles(values: Singles, parts: Sequence[float]) -> Floats:
    """Return quantiles over the first axis, (parts, ...), straight between the members in order (Hyndman 7)."""
    return floats(np.quantile(values, parts, axis=0))


def exceedance(values: Singles, thresholds: Sequence[float]) -> npt.NDArray[np.float32]:
    """Return the share of members, the first axis, that reach each threshold: (thresholds, ...)."""
    return np.stack([np.mean(values >= np.float32(t), axis=0, dtype=np.float32) for t in thresholds])
