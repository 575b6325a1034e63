"""The parts of a signal as arrays: one row for each sensor, one column for each step.

References
----------
Gillespie (1996), Exact numerical simulation of the Ornstein-Uhlenbeck process and its integral, Phys. Rev. E 54, 2084.
Campbell (1909), The study of discontinuous phenomena, Proc. Camb. Phil. Soc. 15, 117-136 (shot noise).
Rodriguez-Iturbe, Cox and Isham (1987), Some models for rainfall based on stochastic point processes, Proc. R. Soc.
Lond. A 410, 269-288 (rectangular pulses).
Nash (1957), The form of the instantaneous unit hydrograph, IASH Publ. 45, 114-121 (linear reservoir).
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from anlan.science.arrays import Floats, floats
from anlan.science.simulate.profile import Cycle, Decline, Fill, Level, Part, Pulses, Rain, Switch, Wander

_DAY_S = 86400.0
_HOUR_S = 3600.0


def signal(part: Part, time_s: Floats, step_s: float, rng: np.random.Generator) -> Floats:
    """Return one part of a signal.

    Parameters
    ----------
    part : Part
    time_s : (n, m) array
        When each value is taken, s since a local midnight; the rows are out of step, their steps equal.
    step_s : float
        Between two columns.
    rng : numpy.random.Generator

    Returns
    -------
    (n, m) array
    """
    return _SIGNALS[type(part)](part, time_s, step_s, rng)


def _level(part: Level, time_s: Floats, _: float, rng: np.random.Generator) -> Floats:
    own = part.mean + part.spread * rng.standard_normal(len(time_s))
    return np.broadcast_to(own[:, None], time_s.shape).copy()


def _cycle(part: Cycle, time_s: Floats, _: float, rng: np.random.Generator) -> Floats:
    own = part.amplitude * (1.0 + part.spread * rng.standard_normal(len(time_s)))
    return np.asarray(own[:, None] * np.cos(2 * np.pi * (time_s - part.peak_s) / part.period_s))


def _wander(part: Wander, time_s: Floats, step_s: float, rng: np.random.Generator) -> Floats:
    """Gillespie (1996), eq. 3.1: x(t + dt) = x(t) mu + sigma_x n, mu = exp(-dt / tau)."""
    mu = np.exp(-step_s / part.time_s)
    drive = part.sd * np.sqrt(1.0 - mu * mu) * rng.standard_normal(time_s.shape)
    drive[:, :1] = part.sd * rng.standard_normal((len(time_s), 1))  # it has been going on for ever
    return _carried(drive, mu)


def _pulses(part: Pulses, time_s: Floats, step_s: float, rng: np.random.Generator) -> Floats:
    """Arrivals of each step at moments of their own inside it, decaying until its end and on."""
    share = part.quiet + (1.0 - part.quiet) * 0.5 * (1.0 + np.cos(2 * np.pi * (time_s - part.peak_s) / _DAY_S))
    count = rng.poisson(part.per_h * share * step_s / _HOUR_S)
    at = np.repeat(np.arange(count.size), count.ravel())
    age_s = step_s * rng.random(len(at))
    height = rng.exponential(part.height, len(at)) if part.height > 0 else -rng.exponential(-part.height, len(at))
    drive = np.bincount(at, height * np.exp(-age_s / part.length_s), count.size).reshape(count.shape)
    return _carried(floats(drive), np.exp(-step_s / part.length_s))


def _rain(part: Rain, time_s: Floats, step_s: float, rng: np.random.Generator) -> Floats:
    """Depth of each step by exact overlap with the storms, then summed up or run off."""
    if not time_s.size:
        return np.zeros(time_s.shape)
    end_s = time_s[0]
    before_s = max(part.sum_s or 0.0, 10.0 * part.storm_s)
    span_s = end_s[-1] - end_s[0] + step_s + before_s
    storms = rng.poisson(part.per_day * span_s / _DAY_S)
    begin_s = end_s[0] - step_s - before_s + span_s * rng.random(storms)
    length_s = rng.exponential(part.storm_s, storms)
    intensity = rng.exponential(part.intensity_mm_h, storms)
    warm = int(np.ceil(before_s / step_s))
    steps = np.concatenate([end_s[0] - step_s * np.arange(warm, 0, -1), end_s])
    overlap = np.minimum(begin_s + length_s, steps[:, None]) - np.maximum(begin_s, steps[:, None] - step_s)
    rate = np.maximum(overlap, 0.0) @ intensity / step_s if storms else np.zeros(len(steps))
    return np.broadcast_to(part.gain * _answer(part, rate, step_s)[warm:], time_s.shape).copy()


def _answer(part: Rain, rate_mm_h: Floats, step_s: float) -> Floats:
    """Return what rain of these intensities makes, step by step."""
    if part.sum_s is not None:
        steps = max(1, round(part.sum_s / step_s))
        total = np.concatenate([np.zeros(steps), np.cumsum(rate_mm_h * step_s / _HOUR_S)])
        return np.asarray(total[steps:] - total[:-steps])
    if part.lag_s == 0:
        return rate_mm_h
    keep = np.exp(-step_s / part.lag_s)
    return floats(_carried((1.0 - keep) * rate_mm_h[None, :], keep)[0])


def _fill(part: Fill, time_s: Floats, _: float, rng: np.random.Generator) -> Floats:
    period = part.fill_s + part.draw_s
    phase = (time_s + period * rng.random((len(time_s), 1))) % period
    rising = phase / part.fill_s
    falling = 1.0 - (phase - part.fill_s) / part.draw_s
    return np.asarray(part.low + (part.high - part.low) * np.where(phase < part.fill_s, rising, falling))


def _switch(part: Switch, time_s: Floats, step_s: float, rng: np.random.Generator) -> Floats:
    """Two states in continuous time, seen at each step: the exact chances of a chain that forgets at both rates."""
    n, m = time_s.shape
    duty = part.on_s / (part.on_s + part.off_s)
    kept = np.exp(-step_s * (1.0 / part.on_s + 1.0 / part.off_s))
    on = rng.random(n) < duty
    out = np.empty((n, m))
    for column in range(m):
        out[:, column] = on
        on = rng.random(n) < duty + (on - duty) * kept
    return part.value * out


def _decline(part: Decline, time_s: Floats, _: float, rng: np.random.Generator) -> Floats:
    own = part.per_day * np.maximum(0.0, 1.0 + part.spread * rng.standard_normal((len(time_s), 1)))
    return np.asarray(-own * (time_s - time_s.min(initial=np.inf)) / _DAY_S)


def _carried(drive: Floats, keep: float) -> Floats:
    """Return x with x[:, j] = keep x[:, j-1] + drive[:, j]."""
    out = drive.copy()
    for column in range(1, drive.shape[1]):
        out[:, column] += keep * out[:, column - 1]
    return out


_SIGNALS: dict[type, Callable[[Any, Floats, float, np.random.Generator], Floats]] = {
    Level: _level,
    Cycle: _cycle,
    Wander: _wander,
    Pulses: _pulses,
    Rain: _rain,
    Fill: _fill,
    Switch: _switch,
    Decline: _decline,
}
