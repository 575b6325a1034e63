"""What events do to the truth, and faults to what is told of it.

References
----------
Carslaw and Jaeger (1959), Conduction of heat in solids, section 10.4: a point source that begins and goes on, seen at a
distance r, grows as erfc(r / sqrt(4 D t)).
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from anlan.science.arrays import Bools, Floats, Ints
from anlan.science.simulate.profile import Event, Fault, FaultKind

_HALF = 0.4769362762044699  # erfc of it is 1/2
_NEVER_0 = 1e-9  # s; a time that is divided by
MISSING = 2
"""The quality of a sample without a value, as in the stream of observations."""


def course(event: Event, since_s: Floats) -> Floats:
    """Return how much of an event is there, 0 to 1, at times since it began, (m,) s.

    Examples
    --------
    >>> course(Event("gas", 30, rise_s=600, hold_s=0, fall_s=600, shape="diffusion"), np.array([0.0, 600.0]))
    array([0. , 0.5])
    """
    begun = since_s > 0
    if event.shape == "ramp":
        left = event.rise_s + event.hold_s + event.fall_s - since_s
        up = np.where(since_s < event.rise_s, since_s / max(event.rise_s, _NEVER_0), 1.0)
        down = np.where(left < event.fall_s, left / max(event.fall_s, _NEVER_0), 1.0)
        return np.asarray(np.clip(np.minimum(up, down), 0.0, 1.0) * begun)
    flowing = max(event.rise_s + event.hold_s, _NEVER_0)
    t = np.clip(since_s, _NEVER_0, flowing)
    reached = np.array([math.erfc(_HALF * math.sqrt(max(event.rise_s, _NEVER_0) / one)) for one in t])
    aired = np.exp(-np.maximum(since_s - flowing, 0.0) / max(event.fall_s, _NEVER_0))
    return np.asarray(reached * aired * begun * (since_s <= event.length_s))


@dataclass
class Told:
    """What is told, one entry for each sensor and step, before it is put in the order of arrival.

    It belongs to one run, which lets things befall it.
    """

    value: Floats
    time_us: Ints
    arrival_us: Ints
    quality: npt.NDArray[np.uint8]
    sent: Bools
    twice: Bools
    high: float

    def befall(self, fault: Fault, sensor: int, share: Floats, rng: np.random.Generator) -> None:
        """Let a fault befall one sensor.

        Parameters
        ----------
        share : (m,) array
            How much of the fault's time has passed at each step: it is there from 0 to before 1.
        """
        during = np.flatnonzero((share >= 0) & (share < 1))
        if len(during):
            _EFFECTS[fault.kind](_Hit(self, sensor, during, fault.size, share[during]), rng)


class _Hit(NamedTuple):
    """Whom a fault hits and when."""

    told: Told
    sensor: int
    at: Ints
    size: float
    share: Floats


def _unsent(hit: _Hit, _: np.random.Generator) -> None:
    hit.told.sent[hit.sensor, hit.at] = False


def _stuck(hit: _Hit, _: np.random.Generator) -> None:
    hit.told.value[hit.sensor, hit.at] = hit.told.value[hit.sensor, hit.at[0]]


def _drift(hit: _Hit, _: np.random.Generator) -> None:
    hit.told.value[hit.sensor, hit.at] += hit.size * hit.share


def _spike(hit: _Hit, rng: np.random.Generator) -> None:
    hit.told.value[hit.sensor, hit.at[0]] += hit.size * rng.choice((-1.0, 1.0))


def _noise(hit: _Hit, rng: np.random.Generator) -> None:
    hit.told.value[hit.sensor, hit.at] += hit.size * rng.standard_normal(len(hit.at))


def _clock(hit: _Hit, _: np.random.Generator) -> None:
    hit.told.time_us[hit.sensor, hit.at] += round(hit.size * 1e6)


def _missing(hit: _Hit, _: np.random.Generator) -> None:
    hit.told.value[hit.sensor, hit.at] = np.nan
    hit.told.quality[hit.sensor, hit.at] = MISSING


def _range(hit: _Hit, _: np.random.Generator) -> None:
    hit.told.value[hit.sensor, hit.at] = hit.told.high + hit.size


def _late(hit: _Hit, _: np.random.Generator) -> None:
    hit.told.arrival_us[hit.sensor, hit.at] += round(hit.size * 1e6)


def _again(hit: _Hit, _: np.random.Generator) -> None:
    hit.told.twice[hit.sensor, hit.at] = True


_EFFECTS: Mapping[FaultKind, Callable[[_Hit, np.random.Generator], None]] = MappingProxyType(
    {
        "dropout": _unsent,
        "silence": _unsent,
        "stuck": _stuck,
        "drift": _drift,
        "spike": _spike,
        "noise": _noise,
        "clock": _clock,
        "missing": _missing,
        "range": _range,
        "late": _late,
        "again": _again,
    }
)
