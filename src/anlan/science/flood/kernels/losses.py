"""Compiled losses of `anlan.science.flood.infiltration` and drains of `anlan.science.flood.drains`.

Every kernel takes water from depths and adds up what it took as the difference of the depths before and after, in
double precision, so that the books hold to rounding. ``taken`` has one row for each strip of `STRIP` rows: the sums do
not depend on how many threads share the strips.
"""

from typing import Any

import numpy as np
from numba import types
from numba.extending import overload

from anlan.science.compiled import kernel, part

_ZERO, _ONE, _TWO, _FOUR, _EIGHT = (np.float32(n) for n in (0, 1, 2, 4, 8))
_LEAST, _LEAST_PULL = np.float32(1e-30), np.float32(1e-6)
_SERIES = tuple(np.float32(2 / n) for n in (3, 5, 7, 9, 11))
STRIP = 32


def _at(values: Any, k: int) -> Any:
    """Return ``values[k]`` of a row, or the number that holds for all of it."""


@overload(_at, strict=False)
def _at_code(values: Any, k: int) -> Any:
    if isinstance(values, types.Array):
        return lambda values, k: values[k]
    return lambda values, k: values


def _row(values: Any, i: int) -> Any:
    """Return a row of a grid; a number for all stays what it is."""


@overload(_row, strict=False)
def _row_code(values: Any, i: int) -> Any:
    if isinstance(values, types.Array):
        return lambda values, i: values[i]
    return lambda values, i: values


@part
def _copy(source, target, count):
    for k in range(count):
        target[k] = source[k]


@part
def _beyond(x):
    """Return x - ln(1 + x), by the series of the area tangent: to 1e-6 of it for x up to 1."""
    c3, c5, c7, c9, c11 = _SERIES
    z = x / (_TWO + x)
    z2 = z * z
    return _TWO * z2 / (_ONE - z) - z2 * z * (c3 + z2 * (c5 + z2 * (c7 + z2 * (c9 + z2 * c11))))


@part
def _miss(x, before, suction, most):
    """Return a step of Newton's method towards the x that `_soaked` seeks."""
    slope = max(before + suction * x / (_ONE + x), _LEAST)
    return (before * x + suction * _beyond(x) - most) / slope


@part
def _soaked(before, suction, most):
    """Return how much ponded soil takes up, (Green and Ampt): F' - F - S ln((F' + S) / (F + S)) = K dt.

    ``before`` is F, ``suction`` S = (psi + head) times the deficit, ``most`` K dt. With x = (F' - F) / (F + S) the
    equation is F x + S (x - ln(1 + x)) = K dt. The first guess puts 2x / (2 + x) for the logarithm; two steps of
    Newton's method follow.
    """
    whole, lean = before + suction, _TWO * before - most
    sum_of_both = np.sqrt(lean * lean + _EIGHT * most * whole) + abs(lean)
    over = sum_of_both if lean < _ZERO else _FOUR * most
    under = _TWO * whole if lean < _ZERO else max(sum_of_both, _LEAST)
    x = over / under
    x = x - _miss(x, before, suction, most)
    x = x - _miss(x, before, suction, most)
    return whole * x


@part
def _soak_row(h, total, conductivity, suction, deficit, pervious, deep, part_s, sums, count):
    for k in range(count):
        old, open_part = h[k], _at(pervious, k)
        pull = (_at(suction, k) + deep * old) * _at(deficit, k)
        wanted = _soaked(total[k], max(pull, _LEAST_PULL), _at(conductivity, k) * part_s)
        new = max(old - wanted * open_part, _ZERO)
        total[k] += (old - new) / max(open_part, _LEAST_PULL)
        sums[k] += np.float64(old) - np.float64(new)
        h[k] = new


@kernel
def soak(h, total, conductivity, suction, deficit, pervious, deep, seconds, turns, strips, taken) -> None:
    """Let ponded water into the soil in ``turns`` equal parts of a time.

    Parameters
    ----------
    h, total
        Depth on the ground, and what the pervious part of each cell has taken up so far, m: both are changed.
    conductivity, suction, deficit, pervious
        m/s, m, 1, and the part of a cell that is pervious: grids or one number.
    deep
        1 if the depth of the water adds to the suction, else 0.
    strips
        First and last strip of this thread, the last not included.
    """
    rows, columns = h.shape
    part_s = seconds / np.float32(turns)
    water = np.empty(columns, dtype=np.float32)  # beside each other in memory, which rows of a view are not for sure
    for strip in range(strips[0], strips[1]):
        sums = taken[strip]
        for i in range(strip * STRIP, min(rows, (strip + 1) * STRIP)):
            _copy(h[i], water, columns)
            for _ in range(turns):
                _soak_row(
                    water, total[i], _row(conductivity, i), _row(suction, i), _row(deficit, i), _row(pervious, i), deep,
                    part_s, sums, columns,
                )  # fmt: skip
            _copy(water, h[i], columns)


@kernel
def dry(h, most, strips, taken) -> None:
    """Take up to ``most`` (m) from every cell: evaporation."""
    rows, columns = h.shape
    for strip in range(strips[0], strips[1]):
        sums = taken[strip]
        for i in range(strip * STRIP, min(rows, (strip + 1) * STRIP)):
            for k in range(columns):
                old = h[i, k]
                new = max(old - most, _ZERO)
                sums[k] += np.float64(old) - np.float64(new)
                h[i, k] = new


@part
def _abstract_row(h, fallen, owed, retention, initial, rain, sums, count):
    for k in range(count):
        old, debt = h[k], owed[k]
        new = max(old - debt, _ZERO)
        sums[k] += np.float64(old) - np.float64(new)
        h[k] = new
        s, ia, before, falls = _at(retention, k), _at(initial, k), fallen[k], _at(rain, k)
        after = before + falls
        pe0, pe1 = max(before - ia, _ZERO), max(after - ia, _ZERO)
        beyond = min(pe1 - pe0, falls)
        kept = falls - beyond + s * s * beyond / max((pe0 + s) * (pe1 + s), _LEAST)
        owed[k] = max(debt - (old - new), _ZERO) + kept
        fallen[k] = after


@kernel
def abstract(h, fallen, owed, retention, initial, rain, strips, taken) -> None:
    """Take what is owed to the soil, then note what the soil will keep of the rain that comes (curve number).

    With Pe = P - Ia the soil keeps F = S Pe / (Pe + S) of the rain beyond the initial abstraction Ia, so that between
    two moments it keeps S^2 (Pe' - Pe) / ((Pe' + S) (Pe + S)), and all that falls below Ia.

    Parameters
    ----------
    fallen, owed
        Rain so far and what the soil is owed of it, m: both are changed.
    retention, initial
        S and Ia, m: grids or one number.
    rain
        What falls next, m: a grid or one number.
    """
    rows, columns = h.shape
    water = np.empty(columns, dtype=np.float32)
    for strip in range(strips[0], strips[1]):
        sums = taken[strip]
        for i in range(strip * STRIP, min(rows, (strip + 1) * STRIP)):
            _copy(h[i], water, columns)
            _abstract_row(water, fallen[i], owed[i], _row(retention, i), _row(initial, i), _row(rain, i), sums, columns)
            _copy(water, h[i], columns)


@kernel
def ask(h, rows, columns, first, most, wanted) -> None:
    """Return by sub-catchment the depths that its inlets would let in, summed over its cells.

    Parameters
    ----------
    rows, columns, first
        Cells with inlets, those of one sub-catchment beside each other, and where each begins; one longer.
    most
        By sub-catchment: what one cell lets in at most, m.
    """
    for c in range(len(most)):
        total = 0.0
        for k in range(first[c], first[c + 1]):
            total += np.float64(min(h[rows[k], columns[k]], most[c]))
        wanted[c] = total


@kernel
def take(h, rows, columns, first, most, part_of, taken) -> None:
    """Let in a part of what the inlets would let in; ``taken`` is what really left the depths, summed."""
    for c in range(len(most)):
        total, share = 0.0, part_of[c]
        for k in range(first[c], first[c + 1]):
            old = h[rows[k], columns[k]]
            new = max(old - min(old, most[c]) * share, _ZERO)
            total += np.float64(old) - np.float64(new)
            h[rows[k], columns[k]] = new
        taken[c] = total


@kernel
def give(h, bed, rows, columns, first, level, most, given) -> None:
    """Let water up at inlets that lie below a level: by the root of the head, and not above the level.

    Parameters
    ----------
    bed
        Heights of the same cells as ``rows`` and ``columns``, beside each other.
    level, most
        By sub-catchment: the level, and what comes up in a cell under a head of 1 m, m.
    given
        What really came to the depths, summed.
    """
    for c in range(len(most)):
        total = 0.0
        if most[c] > _ZERO:
            for k in range(first[c], first[c + 1]):
                old = h[rows[k], columns[k]]
                head = max(level[c] - bed[k] - old, _ZERO)
                new = old + min(most[c] * np.sqrt(head), head)
                total += np.float64(new) - np.float64(old)
                h[rows[k], columns[k]] = new
        given[c] = total
