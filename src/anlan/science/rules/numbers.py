"""The numbers that conditions compare, made of a sensor's samples one by one, in compiled code.

NaN means that there is no number yet. Each function keeps its memory in the words from ``m`` on and returns, beside the
number, how full that memory is (``n``, kept in the slot's head word; 0 is empty).
"""

import math

import numpy as np

from anlan.science.arrays import Floats, Ints
from anlan.science.rules.jit import inlined, part
from anlan.science.rules.layout import ANCHORS, LONG_WINDOWS, WARM_WINDOWS

_CLIP = 2.0
_RHO = 2.52
"""Where Huber's psi and the bounded rho bend, and the factor by which the mean of rho is 1 for a standard Gaussian
(Gelper, Fried and Croux 2010, doi:10.1002/for.1125)."""


@inlined
def change(words: Ints, floats: Floats, m: int, n: int, t: int, v: float, window: int, step: int) -> tuple[float, int]:
    """Return the change over the window: against the newest anchor at least a window old, scaled to the window."""
    while n >= 2 and words[m + 2] <= t - window:
        for q in range(m, m + 2 * (n - 1)):
            words[q] = words[q + 2]
        n -= 1
    number = np.nan
    if n >= 1 and words[m] <= t - window:
        number = (v - floats[m + 1]) * (window / (t - words[m]))
    last = m + 2 * (n - 1)
    if n == 0 or (t - words[last] >= step and n <= ANCHORS):
        words[last + 2] = t
        floats[last + 3] = v
        n += 1
    return number, n


@inlined
def still(words: Ints, floats: Floats, m: int, n: int, t: int, v: float, tolerance: float) -> tuple[float, int]:
    """Return the seconds since the value last moved by more than the tolerance."""
    if n == 0 or abs(v - floats[m + 1]) > tolerance:
        words[m] = t
        floats[m + 1] = v
    return (t - words[m]) / 1e6, 1


@part
def scale(variance: float, residual: float, gain: float) -> float:
    """Return the variance after one more residual: the scale's recursion of Gelper, Fried and Croux (2010)."""
    if variance == 0.0:
        return residual * residual
    x = residual * residual / (_CLIP * _CLIP * variance)
    rho = _RHO * (1.0 - (1.0 - x) * (1.0 - x) * (1.0 - x)) if x < 1.0 else _RHO
    return gain * rho * variance + (1.0 - gain) * variance


@part
def clipped(residual: float, sigma: float) -> float:
    """Return Huber's psi of a residual."""
    return min(max(residual, -_CLIP * sigma), _CLIP * sigma)


@part
def in_scales(residual: float, variance: float, tolerance: float) -> float:
    """Return a residual in scales, the scale being at least the tolerance; without any scale, 0."""
    sigma = max(math.sqrt(variance), tolerance)
    return residual / sigma if sigma > 0.0 else 0.0


@part
def strange(floats: Floats, b: int, v: float, warm: int, memory: float, tolerance: float) -> float:
    """Return how many scales a value lies from its bin's baseline (mean, variance, count at ``b``); then learn it."""
    count = floats[b + 2]
    if count == 0.0:
        floats[b] = v
        floats[b + 2] = 1.0
        return np.nan
    residual = v - floats[b]
    number = in_scales(residual, floats[b + 1], tolerance) if count >= warm else np.nan
    gain = max(2.0 / (count + 2.0), 1.0 / memory)
    floats[b + 1] = scale(floats[b + 1], residual, gain)
    floats[b] += gain * clipped(residual, math.sqrt(floats[b + 1]))
    floats[b + 2] = min(count + 1.0, 2.0 * max(memory, float(warm)))
    return number


@part
def drift(
    words: Ints, floats: Floats, m: int, n: int, t: int, v: float, before: int, window: int, tolerance: float
) -> tuple[float, int]:
    """Return by how many scales a quick and a slow robust mean lie apart; memory: first time, both means, variance."""
    if n == 0:
        words[m] = t
        floats[m + 1] = v
        floats[m + 2] = v
        floats[m + 3] = 0.0
        return np.nan, 1
    passed = float(t - before)
    span = float(t - words[m])
    quick = passed / min(window + passed, span)
    slow = passed / min(LONG_WINDOWS * window + passed, span)
    residual = v - floats[m + 1]
    floats[m + 3] = scale(floats[m + 3], residual, slow)
    sigma = math.sqrt(floats[m + 3])
    floats[m + 1] += quick * clipped(residual, sigma)
    floats[m + 2] += slow * clipped(v - floats[m + 2], sigma)
    if span < WARM_WINDOWS * window:
        return np.nan, 1
    return abs(in_scales(floats[m + 1] - floats[m + 2], floats[m + 3], tolerance)), 1
