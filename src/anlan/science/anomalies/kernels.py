"""The inner loops of the detectors, compiled: one sample after another, in the order in which they came.

All of them stand in this file because Numba keeps what it compiled by the file in which it stands. Each changes the
arrays of the state that it is given, and nothing else.
"""

import math
from collections.abc import Callable
from typing import TypeVar, cast

import numpy as np
from numba import njit

from anlan.science.arrays import Floats, Ints

_F = TypeVar("_F", bound=Callable[..., object])
_LEAST = 1e-300  # the smallest probability whose logarithm is still told apart


def _compiled(function: _F) -> _F:
    """Compile at the first call, and keep the result on disk where that can be written."""
    try:
        return cast("_F", njit(nogil=True, cache=True)(function))
    except RuntimeError:  # no place for the cache
        return cast("_F", njit(nogil=True)(function))


@_compiled
def beyond(excess: float, excesses: Floats, count: int) -> float:
    """Return the share of excesses that are greater still, by a generalised Pareto tail fitted to the last ones.

    Fitted by moments (Hosking and Wallis 1987, p. 341, with shape xi = -k). A tail that the fit would end at a finite
    point is taken as exponential: what was never seen is not impossible.
    """
    mean = 0.0
    for n in range(count):
        mean += excesses[n]
    mean /= max(count, 1)
    if mean <= 0.0:
        return 0.0
    variance = 0.0
    for n in range(count):
        variance += (excesses[n] - mean) ** 2
    variance /= count
    ratio = mean * mean / variance if variance > 0.0 else math.inf
    shape = 0.5 * (1.0 - ratio)
    if shape <= 1e-6:
        return math.exp(-excess / mean)
    scale = 0.5 * mean * (1.0 + ratio)
    return float((1.0 + shape * excess / scale) ** (-1.0 / shape))


@_compiled
def surprise(
    size: float,
    slot: int,
    seen: Ints,
    level: Floats,
    held: Ints,
    values: Floats,
    rate: float,
    step: float,
    kept: int,
    doubt: float,
) -> float:
    """Return how rare a deviation of this size is, as -log10 of its tail probability, and learn it.

    Peaks over threshold on a stream (Siffer et al. 2017): the first ``values.shape[1]`` sizes are only collected; then
    a level stands that a share ``rate`` of them exceeds, and the tail above it follows the last ``kept`` excesses. The
    level follows the stream by Robbins and Monro's (1951) rule for a quantile, in steps of its own size. What is as
    surprising as ``doubt`` is not learned from.
    """
    warm = values.shape[1]
    own = values[slot]
    if seen[slot] < warm:
        own[seen[slot]] = size
        seen[slot] += 1
        if seen[slot] == warm:
            ordered = np.sort(own)
            level[slot] = ordered[int((1.0 - rate) * warm)]
            held[slot] = 0
            for value in ordered:
                if value > level[slot]:
                    own[held[slot] % kept] = value - level[slot]
                    held[slot] += 1
        return 0.0
    count = min(held[slot], kept)
    if size > level[slot]:
        probability = rate * beyond(size - level[slot], own, count)
    elif level[slot] > 0.0:
        probability = max(rate, 1.0 - (1.0 - rate) * size / level[slot])
    else:
        probability = 1.0
    orders = -math.log10(max(probability, _LEAST))
    if orders >= doubt:
        return orders
    move = step * level[slot]
    if size > level[slot]:
        level[slot] += move * (1.0 - rate) if move > 0.0 else step * size
        if size > level[slot]:
            own[held[slot] % kept] = size - level[slot]
            held[slot] += 1
    else:
        level[slot] -= move * rate
    return orders


@_compiled
def changed(value: float, slot: int, previous: Floats) -> float:
    """Return how far a value lies from the one before, and remember it; NaN for the first."""
    size: float = abs(value - previous[slot])
    previous[slot] = value
    return size


@_compiled
def out_of_season(value: float, time_us: int, slot: int, levels: Floats, period_us: int, learning: float) -> float:
    """Return how far a value lies from what is usual in its part of the season, and learn it; NaN for the first."""
    bins = levels.shape[1]
    place = int((time_us % period_us) * bins // period_us)
    usual = levels[slot, place]
    if math.isnan(usual):
        levels[slot, place] = value
        return math.nan
    levels[slot, place] = usual + learning * (value - usual)
    size: float = abs(value - usual)
    return size


@_compiled
def unlike(value: float, slot: int, ring: Floats, place: Ints, width: int, best: Floats) -> float:
    """Return how far the last ``width`` values lie from the most similar stretches before, and remember the value.

    The mean Euclidean distance to the ``len(best)`` nearest of all windows in memory that do not overlap with the
    newest, as in the matrix profile (Yeh et al. 2016) without normalisation; NaN while there are too few. A window with
    a NaN in it, which marks a gap, is like nothing.

    Parameters
    ----------
    ring : (n, 2 c) array
        The last ``c`` values of each slot, written twice so that each stretch of them stands in one piece.
    best : (k,) array
        Room to work in.
    """
    size = ring.shape[1] // 2
    at = place[slot] % size
    ring[slot, at] = value
    ring[slot, at + size] = value
    place[slot] += 1
    have = min(place[slot], size)
    newest = at + size + 1 - width if place[slot] >= size else at + 1 - width
    if have < 2 * width:
        return math.nan
    own = ring[slot]
    best[:] = math.inf
    last = len(best) - 1
    first = newest + width - have
    for start in range(first, newest - width + 1):
        distance = 0.0
        for n in range(width):
            distance += (own[newest + n] - own[start + n]) ** 2
            if distance >= best[last]:
                break
        if distance < best[last]:
            rank = last
            while rank > 0 and best[rank - 1] > distance:
                best[rank] = best[rank - 1]
                rank -= 1
            best[rank] = distance
    if best[last] == math.inf:
        return math.nan
    total = 0.0
    for distance in best:
        total += math.sqrt(distance)
    return total / len(best)


@_compiled
def onset(found: float, slot: int, peak: Floats, age: Ints, rest: int) -> float:
    """Return a surprise in full where it exceeds those shortly before it, else half of it.

    What lasts is told once, when it begins or grows, and not at each of its samples.
    """
    if found > peak[slot]:
        peak[slot], age[slot] = found, 0
        return found
    age[slot] += 1
    if age[slot] >= rest:
        peak[slot] = 0.0
    return 0.5 * found


Samples = tuple[Ints, Ints, Floats]
Memory = tuple[Ints, Floats, Floats, Floats, Ints, Floats, Ints]
Tails = tuple[Ints, Floats, Ints, Floats]


@_compiled
def advance_rows(
    samples: Samples,
    views: Ints,
    parameters: tuple[Ints, Floats],
    memory: Memory,
    tails: Tails,
    out: tuple[Floats, Floats],
) -> None:
    """Take samples in order; write score and undamped score of each, NaN where a sample does not count.

    Parameters
    ----------
    samples
        Slot, time (us) and value.
    views
        0 for change, 1 for season, 2 for shape.
    parameters
        Period and greatest gap (us), kept, width, neighbours, rest; rate, step, learning, orders.
    memory, tails
        Of :class:`anlan.science.anomalies.bank.State`; the tails of the views stand along the first axis.
    """
    slot, time_us, value = samples
    last_us, previous, levels, ring, place, peak, age = memory
    seen, level, held, values = tails
    period_us, max_gap_us, kept, width, neighbours, rest = parameters[0]
    rate, step, learning, orders = parameters[1]
    score, raw = out
    best = np.empty(neighbours, np.float64)
    for row in range(len(slot)):
        own = slot[row]
        if math.isnan(value[row]) or time_us[row] <= last_us[own]:
            score[row] = raw[row] = math.nan
            continue
        gap = time_us[row] - last_us[own] > max_gap_us
        last_us[own] = time_us[row]
        total = 0.0
        for n in range(len(views)):
            if views[n] == 0:
                size = changed(value[row], own, previous)
            elif views[n] == 1:
                size = out_of_season(value[row], time_us[row], own, levels, period_us, learning)
            else:
                if gap and place[own] > 0:
                    unlike(math.nan, own, ring, place, width, best)
                size = unlike(value[row], own, ring, place, width, best)
            if not math.isnan(size):
                total += surprise(size, own, seen[n], level[n], held[n], values[n], rate, step, kept, math.inf)
        found = min(total / len(views) / orders, 1.0)
        raw[row] = found
        score[row] = onset(found, own, peak, age, rest)
