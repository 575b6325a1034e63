"""The compiled sweep of `anlan.science.flood.outcomes`: greatest values, first moments and durations, cell by cell."""

from typing import Any

import numpy as np

from anlan.science.compiled import inlined, kernel, part

_ZERO, _ONE, _HALF = np.float32(0), np.float32(1), np.float32(0.5)
_TWO, _FOUR = np.float32(2), np.float32(4)
_CHUNK = 64
_SHALLOW = np.float32(0.25)


@inlined
def _defra(depth, speed):
    """Return d (v + 0.5) + DF, DF 0.5 up to 0.25 m of depth and 1 above."""
    debris = _HALF if depth <= _SHALLOW else _ONE
    return depth * (speed + _HALF) + debris if depth > _ZERO else _ZERO


@inlined
def _aidr(depth, speed):
    """Return 1 to 6 for H1 to H6: a class holds while depth, speed and their product are within its limits."""
    product = depth * speed
    slow, fast = speed <= _TWO, speed <= _FOUR
    found = np.float32(6)  # `&` instead of `and`: a row is then worked through without branches
    found = np.float32(5) if (product <= _FOUR) & (depth <= _FOUR) & fast else found
    found = np.float32(4) if (product <= _ONE) & (depth <= _TWO) & slow else found
    found = np.float32(3) if (product <= np.float32(0.6)) & (depth <= np.float32(1.2)) & slow else found
    found = np.float32(2) if (product <= np.float32(0.6)) & (depth <= _HALF) & slow else found
    found = _ONE if (product <= np.float32(0.3)) & (depth <= np.float32(0.3)) & slow else found
    return found if depth > _ZERO else _ZERO


@kernel
def rate_defra(depth: Any, speed: Any, out: Any, count: Any) -> None:
    for k in range(count):
        out[k] = _defra(depth[k], speed[k])


@kernel
def rate_aidr(depth: Any, speed: Any, out: Any, count: Any) -> None:
    for k in range(count):
        out[k] = _aidr(depth[k], speed[k])


@part
def _deepest(depth, count):
    most = _ZERO
    for k in range(count):
        most = max(most, depth[k])
    return most


@part
def _moments(depth, arrival, duration, threshold, time, since, count):
    for k in range(count):
        over = depth[k] >= threshold
        arrival[k] = time if over & (arrival[k] < _ZERO) else arrival[k]
        duration[k] = duration[k] + (since if over else _ZERO)


@part
def _motion(depth, east, north, least, speed, product, most, count):
    for k in range(count):
        v = np.sqrt(east[k] * east[k] + north[k] * north[k])
        v = v if depth[k] >= least else _ZERO
        speed[k] = v
        most[k] = max(most[k], v)
        product[k] = max(product[k], depth[k] * v)


@part
def _rate(depth, speed, rule, rating, least, count):
    if rule == 1:
        for k in range(count):
            rating[k] = max(rating[k], _defra(depth[k], speed[k]) if depth[k] >= least else _ZERO)
    elif rule == 2:
        for k in range(count):
            rating[k] = max(rating[k], _aidr(depth[k], speed[k]) if depth[k] >= least else _ZERO)


@kernel
def look_at_depth(depth: Any, arrival: Any, duration: Any, thresholds: Any, time: Any, since: Any) -> None:
    """Bring first moments and durations of depths at or above thresholds up to date.

    Parameters
    ----------
    depth
        (rows, columns).
    arrival, duration
        (thresholds, rows, columns), s: the first negative where it has not come, the second grows by ``since``.
    """
    for i in range(depth.shape[0]):
        for first in range(0, depth.shape[1], _CHUNK):
            count = min(_CHUNK, depth.shape[1] - first)
            deepest = _deepest(depth[i, first:], count)
            for t in range(len(thresholds)):
                if deepest >= thresholds[t]:
                    row = depth[i, first:], arrival[t, i, first:], duration[t, i, first:]
                    _moments(row[0], row[1], row[2], thresholds[t], time, since, count)


@kernel
def look_at_motion(
    depth: Any, east: Any, north: Any, least: Any, speed: Any, product: Any, rule: Any, rating: Any, scratch: Any
) -> None:
    """Bring greatest speed, depth times speed and hazard rating up to date where water is at least ``least`` deep."""
    count = depth.shape[1]
    for i in range(depth.shape[0]):
        _motion(depth[i], east[i], north[i], least, scratch, product[i], speed[i], count)
        if rule != 0:
            _rate(depth[i], scratch, rule, rating[i], least, count)
