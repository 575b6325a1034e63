"""The compiled sweep of `anlan.science.flood.inertial`: one file, so that what is kept on disk follows its changes.

All arrays of the grid have a ring of walls around them, (rows + 2, columns + 2). ``qx[i, j]`` is the discharge through
the face between the cells (i, j) and (i, j + 1), ``qy[i, j]`` through that between (i, j) and (i + 1, j), m²/s, to the
right and down positive. Every new discharge follows from old depths and old discharges only, so the result does not
depend on the order in which rows are swept, nor on which thread sweeps them.
"""

from typing import Any

import numpy as np
from numba import types
from numba.extending import overload

from anlan.science.compiled import bits, inlined, kernel, part, unbits, wait_for_all

_ZERO, _ONE, _HALF, _QUARTER = np.float32(0), np.float32(1), np.float32(0.5), np.float32(0.25)
_THIRD, _FOUR_THIRDS = np.float32(1 / 3), np.float32(4 / 3)
_CUBE_ROOT_BITS = np.float32(0x54A21D2A)  # of a first guess of 1 / cbrt(x), which is off by 3 % at most
WALL_M = np.float32(1e6)
"""Bed of what is not part of the grid: no water reaches it."""

SCRATCH_ROWS = 7
_TWO_THIRDS, _FIVE_THIRDS = np.float32(2 / 3), np.float32(5 / 3)
_NEWTON = 8  # rounds, from above: each leaves less than half of the error, near the root its square


def _at(values: Any, k: int) -> Any:
    """Return ``values[k]`` of a row, or the number that holds for all of it, or nothing."""


@overload(_at, strict=False)
def _at_code(values: Any, k: int) -> Any:
    if isinstance(values, types.Array):
        return lambda values, k: values[k]
    return lambda values, k: values


def _row(values: Any, i: int, start: int) -> Any:
    """Return a row of a grid from a column on; a number for all, or nothing, stays what it is."""


@overload(_row, strict=False)
def _row_code(values: Any, i: int, start: int) -> Any:
    if isinstance(values, types.Array):
        return lambda values, i, start: values[i, start:]
    return lambda values, i, start: values


def _higher(bed: Any, crest: Any) -> Any:
    """Return the bed of a face, or the crest of the wall on it where there are walls."""


@overload(_higher, strict=False)
def _higher_code(bed: Any, crest: Any) -> Any:
    if isinstance(crest, types.NoneType):
        return lambda bed, crest: bed
    return lambda bed, crest: max(bed, crest)


@inlined
def _discharge(ha, hb, za, zb, crest, before, here, after, cross, n, step):
    """Return the new discharge of one face between the cells a and b.

    ``before`` and ``after`` are the discharges of the next faces in the direction of flow, ``cross`` that across it.
    """
    dt_g, dt_g_d, theta, film, cap, froude2_g = step
    eta_a, eta_b = ha + za, hb + zb
    flow = max(eta_a, eta_b) - _higher(max(za, zb), crest)
    depth = max(flow, film)
    # 1 / cbrt(depth): a guess from the bits of the number, and two steps of Newton's method, to 1e-5.
    y = unbits(np.int32(_CUBE_ROOT_BITS - np.float32(bits(depth)) * _THIRD))
    third = depth * _THIRD
    y = y * (_FOUR_THIRDS - third * y * y * y)
    y = y * (_FOUR_THIRDS - third * y * y * y)
    y2 = y * y
    friction = dt_g * n * n * np.sqrt(here * here + cross * cross) * (y2 * y2 * y2 * y)
    # Beside a wall, an edge, or dry ground a mean would brake what flows by, as if it stood still there.
    around = before + after if before != _ZERO and after != _ZERO else here + here
    push = theta * here + (_ONE - theta) * _HALF * around - dt_g_d * depth * (eta_b - eta_a)
    q = push / (_ONE + friction)
    most = np.sqrt(froude2_g * depth) * depth
    q = min(max(q, -most), most)
    q = min(max(q, -cap * hb), cap * ha)
    return q if flow > film else _ZERO


@part
def _faces(ha, hb, za, zb, crest, before, here, after, c1, c2, c3, c4, na, nb, step, out, count):
    for k in range(count):
        cross = (c1[k] + c2[k] + c3[k] + c4[k]) * _QUARTER
        n = (_at(na, k) + _at(nb, k)) * _HALF
        out[k] = _discharge(ha[k], hb[k], za[k], zb[k], _at(crest, k), before[k], here[k], after[k], cross, n, step)


@part
def _depths(h, rest, left, right, up, down, per_dx, per_dy, count):
    # What is less than the last digit of a depth is kept for the next step (Kahan 1965), else it can be lost each time.
    for k in range(count):
        more = (left[k] - right[k]) * per_dx + (up[k] - down[k]) * per_dy + rest[k]
        after = max(h[k] + more, _ZERO)
        rest[k] = more - (after - h[k])
        h[k] = after


@part
def _copy(source, target, count):
    for k in range(count):
        target[k] = source[k]


@part
def _sweep(h, rest, z, qx, qy, n, crest_x, crest_y, box, step_x, step_y, per_dx, per_dy, scratch):
    """Advance the cells of a box by one step: rows ``first`` to ``last``, columns ``left`` to ``right``, not included.

    ``scratch`` holds, in its rows: 0 the old qy above; 1, 2 the new qx and qy of the row; and what stood in rows of
    other threads before the step: 3 h, 4 qx, 5 qy of row ``last``; 6 the new qy of row ``first - 1``.
    """
    first, last, left, right = box
    count, lead = right - left, left - 1
    above, new_x, new_y = scratch[0, lead:], scratch[1, lead:], scratch[2, lead:]
    new_x[0] = new_x[count] = _ZERO
    for i in range(first, last):
        end = i == last - 1
        h_below = scratch[3, lead:] if end else h[i + 1, lead:]
        qx_below = scratch[4, lead:] if end else qx[i + 1, lead:]
        qy_below = scratch[5, lead:] if end else qy[i + 1, lead:]
        qy_above = scratch[6, lead:] if i == first else qy[i - 1, lead:]
        h_i, z_i, qx_i, qy_i, z_below = h[i, lead:], z[i, lead:], qx[i, lead:], qy[i, lead:], z[i + 1, lead:]
        n_i, n_below = _row(n, i, left), _row(n, i + 1, left)
        _faces(
            h_i[1:], h_i[2:], z_i[1:], z_i[2:], _row(crest_x, i, left), qx_i, qx_i[1:], qx_i[2:],
            above[1:], above[2:], qy_i[1:], qy_i[2:], n_i, _row(n, i, left + 1), step_x, new_x[1:], count - 1,
        )  # fmt: skip
        _faces(
            h_i[1:], h_below[1:], z_i[1:], z_below[1:], _row(crest_y, i, left), above[1:], qy_i[1:], qy_below[1:],
            qx_i, qx_i[1:], qx_below, qx_below[1:], n_i, n_below, step_y, new_y[1:], count,
        )  # fmt: skip
        _depths(h_i[1:], rest[i, left:], new_x, new_x[1:], qy_above[1:], new_y[1:], per_dx, per_dy, count)
        _copy(qy_i, above, count + 2)
        _copy(new_x[1:], qx_i[1:], count - 1)
        _copy(new_y[1:], qy_i[1:], count)


@part
def _borders(h, z, qx, qy, n, crest_y, box, step_y, scratch):
    """Take up what the rows of other threads hold before the step, and what flows in from the row above."""
    first, last, left, right = box
    width, lead, i = h.shape[1], left - 1, first - 1
    _copy(qy[i], scratch[0], width)
    _copy(h[last], scratch[3], width)
    _copy(qx[last], scratch[4], width)
    _copy(qy[last], scratch[5], width)
    if i == 0:
        scratch[6] = _ZERO
        return
    _faces(
        h[i, left:], h[first, left:], z[i, left:], z[first, left:], _row(crest_y, i, left),
        qy[i - 1, left:], qy[i, left:], qy[first, left:],
        qx[i, lead:], qx[i, left:], qx[first, lead:], qx[first, left:], _row(n, i, left), _row(n, first, left), step_y,
        scratch[6, left:], right - left,
    )  # fmt: skip


@inlined
def _own(cells, box, width):
    """Return which of the sorted flat cells stand in the rows of this thread."""
    return np.searchsorted(cells, box[0] * width), np.searchsorted(cells, box[1] * width)


@part
def _points(h, z, sparse, box, dt, done, sums):
    """Let water in and out at single cells; ``done`` is the part of the block that is past after this step.

    ``sums`` takes up, as depths, what the levels brought in, with what sinks could not take for want of water, and what
    left over the edges.
    """
    source, rate, level, eta_0, eta_1, outlet, pull = sparse
    width, flat_h, flat_z = h.shape[1], h.reshape(-1), z.reshape(-1)
    begin, end = _own(source, box, width)
    for k in range(begin, end):
        after = flat_h[source[k]] + rate[k] * dt
        sums[0] += np.float64(max(-after, _ZERO))
        flat_h[source[k]] = max(after, _ZERO)
    begin, end = _own(level, box, width)
    for k in range(begin, end):
        cell = level[k]
        wanted = max(eta_0[k] + (eta_1[k] - eta_0[k]) * done - flat_z[cell], _ZERO)
        sums[0] += np.float64(wanted - flat_h[cell])
        flat_h[cell] = wanted
    begin, end = _own(outlet, box, width)
    for k in range(begin, end):
        cell = outlet[k]
        depth = flat_h[cell]
        # Uniform flow (Manning) through the outer face with the depth that is left after it: x + c x^(5/3) = depth.
        after, c = depth, pull[k] * dt
        for _ in range(_NEWTON):
            more = c * max(after, _ZERO) ** _TWO_THIRDS
            after = (depth + _TWO_THIRDS * more * after) / (_ONE + _FIVE_THIRDS * more)
        after = min(max(after, _ZERO), depth)
        sums[1] += np.float64(depth - after)
        flat_h[cell] = after


@part
def _rain(h, rest, z, amount, count):
    for k in range(count):
        more = (_at(amount, k) if z[k] < WALL_M else _ZERO) + rest[k]
        after = max(h[k] + more, _ZERO)
        rest[k] = more - (after - h[k])
        h[k] = after


@part
def _look(h, peak, by_column, count):
    """Return the greatest depth of a row, keep the greatest ever and the greatest of each column."""
    most = _ZERO
    for k in range(count):
        depth = h[k]
        most = max(most, depth)
        by_column[k] = max(by_column[k], depth)
        peak[k] = max(peak[k], depth)
    return most


@kernel
def advance(
    h, rest, z, qx, qy, n, crest_x, crest_y, peak, rain, box, team, steps, dt, metric, rules, sparse, scratch, seen
):
    """Advance one thread's rows by some steps of ``dt`` seconds, in step with the other members of its team.

    Parameters
    ----------
    rest
        What the depths lack, less than their last digits.
    n, crest_x, crest_y
        Manning's n as a grid or one number; heights of walls on the faces as grids, or None.
    peak
        Greatest depth so far, brought up to date at the end.
    rain
        Depth that falls in these steps, a grid or one number, or None: it falls at the beginning.
    box
        First row, last row, first column, last column, the last ones not included.
    team
        How many threads work together, and their counters.
    metric
        Width and height of a cell, m.
    rules
        theta, film (m), share of a cell's water that one face may take in a step, Froude number that no face exceeds,
        gravity (m/s²).
    sparse
        Cells with a source and its rate (m/s); cells whose level is prescribed, and the levels before and after the
        steps; cells from which water leaves the grid, and sqrt(slope) / (n * length) of each. Cells are flat numbers,
        sorted.
    seen
        (2,) float64 sums, see `_points`; (rows + 2,) and (columns + 2,) greatest depths by row and column.
    """
    members, counters = team
    dx, dy = metric
    theta, film, share, froude, g = rules
    sums, by_row, by_column = seen
    first, last, left, right = box
    count = right - left
    dt_g, froude2_g = dt * g, froude * froude * g
    step_x = (dt_g, dt_g / dx, theta, film, share * dx / dt, froude2_g)
    step_y = (dt_g, dt_g / dy, theta, film, share * dy / dt, froude2_g)
    if rain is not None:
        for i in range(first, last):
            _rain(h[i, left:], rest[i, left:], z[i, left:], _row(rain, i, left), count)
        wait_for_all(counters, members)
    for number in range(steps):
        _borders(h, z, qx, qy, n, crest_y, box, step_y, scratch)
        wait_for_all(counters, members)
        _sweep(h, rest, z, qx, qy, n, crest_x, crest_y, box, step_x, step_y, dt / dx, dt / dy, scratch)
        _points(h, z, sparse, box, dt, np.float32(number + 1) / np.float32(steps), sums)
        wait_for_all(counters, members)
    by_column[:] = _ZERO
    for i in range(first, last):
        by_row[i] = _look(h[i, left:], peak[i, left:], by_column[left:], count)
