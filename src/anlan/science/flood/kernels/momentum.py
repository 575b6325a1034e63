"""The compiled sweep of `anlan.science.flood.momentum`: one file, so that what is kept on disk follows its changes.

All arrays of the grid have a ring of walls around them, (rows + 2, columns + 2); ``hu`` is positive to the right,
``hv`` downwards. Every flux follows from old depths and discharges of two cells only, so the result does not depend on
the order in which rows are swept, nor on which thread sweeps them. The formulas are those of the module's references.
"""

from typing import Any

import numpy as np
from numba import types
from numba.extending import overload

from anlan.science.compiled import bits, inlined, kernel, part, unbits, wait_for_all

_ZERO, _ONE, _HALF, _TWO, _FOUR = np.float32(0), np.float32(1), np.float32(0.5), np.float32(2), np.float32(4)
_THIRD, _FOUR_THIRDS = np.float32(1 / 3), np.float32(4 / 3)
_CUBE_ROOT_BITS = np.float32(0x54A21D2A)  # of a first guess of 1 / cbrt(x), which is off by 3 % at most
_TINY = np.float32(1e-12)
_TWO_THIRDS, _FIVE_THIRDS = np.float32(2 / 3), np.float32(5 / 3)
_NEWTON = 8  # rounds, from above: each leaves less than half of the error, near the root its square
_RUNS = np.float32(0.05)  # Froude number from which on water that comes down does so with the depth it has
_STILL = np.float32(1e-12)  # m²/s: less is nothing, for numbers whose square is denormal are a hundred times slower
_ALL = np.float32(0.999)  # of a cell's water its faces may take in a step: the rest is for rounding
WALL_M = np.float32(1e6)
"""Bed of what is not part of the grid: no water reaches it."""

_A, _B, _X, _P, _Q, _BELOW = 0, 5, 10, 14, 18, 22
SCRATCH_ROWS = 25
"""What a thread keeps for itself, in rows: 0, 5 the states of the row and of the next one, see `_states`; 10 the fluxes
in the row; 14, 18 those above it and below it; 22 h, hu, hv of row ``last`` before the step."""


def _higher(rise: Any, crest: Any, k: int, bed: Any) -> Any:
    """Return the height of a face above a bed, or that of the wall on it if that is higher."""


@overload(_higher, strict=False)
def _higher_code(rise: Any, crest: Any, k: int, bed: Any) -> Any:
    if isinstance(crest, types.NoneType):
        return lambda rise, crest, k, bed: rise
    return lambda rise, crest, k, bed: max(rise, crest[k] - bed)


def _row(values: Any, i: int, start: int) -> Any:
    """Return a row of a grid from a column on; nothing stays nothing."""


@overload(_row, strict=False)
def _row_code(values: Any, i: int, start: int) -> Any:
    if isinstance(values, types.NoneType):
        return lambda values, i, start: None
    return lambda values, i, start: values[i, start:]


@part
def _states(h, hu, hv, g, dt_dx, dt_dy, u, v, c, share, runs, count):
    """Work out velocities, speed of waves, a face's part of the water for its speed, 1 / speed of water that runs."""
    per_slow = _ONE / (_RUNS * g)
    for k in range(count):
        depth = h[k]
        per_depth = _ONE / max(depth, _TINY)
        speed = np.sqrt(g * depth)
        x, y = hu[k] * per_depth, hv[k] * per_depth
        u[k], v[k], c[k], runs[k] = x, y, speed, speed * per_depth * per_slow
        ways = (abs(x) + _TWO * speed) * dt_dx + (abs(y) + _TWO * speed) * dt_dy
        share[k] = _ALL * depth / max(ways, _TINY)


@part
def _faces(
    ha, hb, za, zb, crest, ua, ub, va, vb, ca, cb, share_a, share_b, runs_a, runs_b, g, mass, push_a, push_b, slip,
    count,
):  # fmt: skip
    """Work out what goes through the faces between the cells a and b: water, and momentum across and along.

    ``push_a`` and ``push_b`` are the momentum that a loses and b gains: both without the pressure of the water that
    stands at the face, which the other sides of a cell balance, and each with the weight on the step of the bed that
    is its own.
    """
    half_g = _HALF * g
    for k in range(count):
        h_a, h_b, z_a, z_b, u_a, u_b = ha[k], hb[k], za[k], zb[k], ua[k], ub[k]
        # Heights of the face above both beds; in terms of depths, so that a wall is closed to the last bit.
        up, down = max(z_b - z_a, _ZERO), max(z_a - z_b, _ZERO)
        down_a, down_b = min(max(u_a, _ZERO) * runs_a[k], _ONE), min(max(-u_b, _ZERO) * runs_b[k], _ONE)
        whole_a, whole_b = min(h_a, up), min(h_b, down)
        both = whole_a - down_b * (whole_a - min(max(h_a - h_b, _ZERO), up))
        both += whole_b - down_a * (whole_b - min(max(h_b - h_a, _ZERO), down))
        rise_a, rise_b = _higher(both - down, crest, k, z_a), _higher(both - up, crest, k, z_b)
        a, b = max(h_a - max(rise_a, _ZERO), _ZERO), max(h_b - max(rise_b, _ZERO), _ZERO)
        wave_a, wave_b = np.sqrt(g * a), np.sqrt(g * b)
        slow = min(u_a - wave_a, u_b - wave_b, _ZERO)
        fast = max(u_a + wave_a, u_b + wave_b, _ZERO)
        q_a, q_b = a * u_a, b * u_b
        per = _ONE / max(fast - slow, _TINY)
        from_a, from_b = slow * per, fast * per
        gap = q_a * u_a - q_b * u_b + half_g * (a - b) * (a + b)
        flow = q_a + from_a * (q_a - q_b + fast * (b - a))
        flow = min(flow, share_a[k] * (max(u_a, _ZERO) + ca[k]))
        flow = max(flow, -share_b[k] * (max(-u_b, _ZERO) + cb[k]))
        flow = flow if abs(flow) > _STILL else _ZERO
        mass[k] = flow
        push_a[k] = q_a * u_a + from_a * (gap + fast * (q_b - q_a)) + g * h_a * min(rise_a, _ZERO)
        push_b[k] = q_b * u_b + from_b * (gap + slow * (q_b - q_a)) + g * h_b * min(rise_b, _ZERO)
        slip[k] = flow * (va[k] if flow > _ZERO else vb[k])


@part
def _cells(
    h, rest, hu, hv, n, west, west_push, west_slip, east, east_push, east_slip, up, up_push, up_slip, down, down_push,
    down_slip, dt, dt_dx, dt_dy, g, film, count,
):  # fmt: skip
    """Bring the cells of a row up to date: fluxes, then friction (implicit), then what a film allows."""
    dt_g = dt * g
    film2 = film * film
    for k in range(count):
        more = rest[k] + ((west[k] - east[k]) * dt_dx + (up[k] - down[k]) * dt_dy)
        depth = h[k] + more
        rest[k] = more - (depth - h[k])  # what rounding left over: without it, deep water loses what trickles in
        x = hu[k] + (west_push[k] - east_push[k]) * dt_dx + (up_slip[k] - down_slip[k]) * dt_dy
        y = hv[k] + (west_slip[k] - east_slip[k]) * dt_dx + (up_push[k] - down_push[k]) * dt_dy
        wet = max(depth, film)
        # 1 / cbrt(depth): a guess from the bits of the number, and two steps of Newton's method, to 1e-5.
        root = unbits(np.int32(_CUBE_ROOT_BITS - np.float32(bits(wet)) * _THIRD))
        third = wet * _THIRD
        root = root * (_FOUR_THIRDS - third * root * root * root)
        root = root * (_FOUR_THIRDS - third * root * root * root)
        root2 = root * root
        drag = dt_g * n[k] * n[k] * (root2 * root2 * root2 * root) * np.sqrt(x * x + y * y)
        depth2 = depth * depth
        kept = _FOUR * depth2 / ((_ONE + np.sqrt(_ONE + _FOUR * drag)) * (depth2 + max(depth2, film2)))
        x, y = x * kept, y * kept
        h[k], hu[k], hv[k] = depth, x if abs(x) > _STILL else _ZERO, y if abs(y) > _STILL else _ZERO


@part
def _copy(source, target, count):
    for k in range(count):
        target[k] = source[k]


@part
def _prepare(h, hu, hv, scratch, to, start, g, dt_dx, dt_dy, count):
    """Work out the states of a row, from a column on, into five rows of the scratch."""
    _states(
        h, hu, hv, g, dt_dx, dt_dy, scratch[to, start:], scratch[to + 1, start:], scratch[to + 2, start:],
        scratch[to + 3, start:], scratch[to + 4, start:], count,
    )  # fmt: skip


@part
def _between(ha, hb, za, zb, crest, scratch, a, b, to, left, g, count):
    """Work out the fluxes between two rows, whose states stand in the scratch, into four rows of the scratch."""
    _faces(
        ha, hb, za, zb, crest, scratch[a + 1, left:], scratch[b + 1, left:], scratch[a, left:], scratch[b, left:],
        scratch[a + 2, left:], scratch[b + 2, left:], scratch[a + 3, left:], scratch[b + 3, left:],
        scratch[a + 4, left:], scratch[b + 4, left:], g,
        scratch[to, left:], scratch[to + 1, left:], scratch[to + 2, left:], scratch[to + 3, left:], count,
    )  # fmt: skip


@part
def _borders(h, hu, hv, z, crest_y, box, g, dt_dx, dt_dy, scratch):
    """Take up what the row below holds before the step, and what flows in from the row above."""
    first, last, left, right = box
    count, lead, i = right - left, left - 1, first - 1
    _copy(h[last], scratch[_BELOW], h.shape[1])
    _copy(hu[last], scratch[_BELOW + 1], h.shape[1])
    _copy(hv[last], scratch[_BELOW + 2], h.shape[1])
    # The same columns as in `_sweep`: compiled loops round their last few cells in another way than the others.
    _prepare(h[i, lead:], hu[i, lead:], hv[i, lead:], scratch, _A, lead, g, dt_dx, dt_dy, count + 2)
    _prepare(h[first, lead:], hu[first, lead:], hv[first, lead:], scratch, _B, lead, g, dt_dx, dt_dy, count + 2)
    _between(
        h[i, left:], h[first, left:], z[i, left:], z[first, left:], _row(crest_y, i, left), scratch, _A, _B, _P, left,
        g, count,
    )  # fmt: skip


@part
def _sweep(h, rest, hu, hv, z, n, crest_x, crest_y, box, g, film, dt, dt_dx, dt_dy, scratch):
    """Advance the cells of a box by one step: rows ``first`` to ``last``, columns ``left`` to ``right``."""
    first, last, left, right = box
    count, lead = right - left, left - 1
    here, there, up, down = _A, _B, _P, _Q
    _prepare(h[first, lead:], hu[first, lead:], hv[first, lead:], scratch, here, lead, g, dt_dx, dt_dy, count + 2)
    for i in range(first, last):
        h_i, hu_i, hv_i, z_i = h[i, lead:], hu[i, lead:], hv[i, lead:], z[i, lead:]
        end = i == last - 1
        h_b = scratch[_BELOW, lead:] if end else h[i + 1, lead:]
        hu_b = scratch[_BELOW + 1, lead:] if end else hu[i + 1, lead:]
        hv_b = scratch[_BELOW + 2, lead:] if end else hv[i + 1, lead:]
        _prepare(h_b, hu_b, hv_b, scratch, there, lead, g, dt_dx, dt_dy, count + 2)
        _faces(
            h_i, h_i[1:], z_i, z_i[1:], _row(crest_x, i, lead), scratch[here, lead:], scratch[here, left:],
            scratch[here + 1, lead:], scratch[here + 1, left:], scratch[here + 2, lead:], scratch[here + 2, left:],
            scratch[here + 3, lead:], scratch[here + 3, left:], scratch[here + 4, lead:], scratch[here + 4, left:], g,
            scratch[_X, lead:], scratch[_X + 1, lead:], scratch[_X + 2, lead:], scratch[_X + 3, lead:], count + 1,
        )  # fmt: skip
        _between(
            h_i[1:],
            h_b[1:],
            z_i[1:],
            z[i + 1, left:],
            _row(crest_y, i, left),
            scratch,
            here,
            there,
            down,
            left,
            g,
            count,
        )
        _cells(
            h_i[1:], rest[i, left:], hu_i[1:], hv_i[1:], n[i, left:],
            scratch[_X, lead:], scratch[_X + 2, lead:], scratch[_X + 3, lead:],
            scratch[_X, left:], scratch[_X + 1, left:], scratch[_X + 3, left:],
            scratch[up, left:], scratch[up + 2, left:], scratch[up + 3, left:],
            scratch[down, left:], scratch[down + 1, left:], scratch[down + 3, left:],
            dt, dt_dx, dt_dy, g, film, count,
        )  # fmt: skip
        here, there, up, down = there, here, down, up


@inlined
def _own(cells, box, width):
    """Return which of the sorted flat cells stand in the rows of this thread."""
    return np.searchsorted(cells, box[0] * width), np.searchsorted(cells, box[1] * width)


@part
def _follow(h, hu, hv, free, box):
    """Give the water of some cells the mean velocity of up to four others each (-1 for none)."""
    cells, others = free
    width, flat_h, flat_x, flat_y = h.shape[1], h.reshape(-1), hu.reshape(-1), hv.reshape(-1)
    begin, end = _own(cells, box, width)
    for k in range(begin, end):
        cell, count, u, v = cells[k], _ZERO, _ZERO, _ZERO
        for number in range(others.shape[1]):
            other = others[k, number]
            if other >= 0:
                per_depth = _ONE / max(flat_h[other], _TINY)
                count += _ONE
                u += flat_x[other] * per_depth
                v += flat_y[other] * per_depth
        per = flat_h[cell] / max(count, _ONE)
        flat_x[cell], flat_y[cell] = u * per, v * per


@part
def _points(h, rest, hu, hv, z, sparse, box, dt, g, done, sums):
    """Let water in and out at single cells; ``done`` is the part of the block that is past after this step.

    Water that is let in comes without momentum, water that leaves takes its own along. Over an edge it leaves in
    uniform flow, or at its own speed where that is more than its waves'. ``sums`` takes up, as depths, what the levels
    brought in, with what sinks could not take for want of water; and what left over the edges.
    """
    source, rate, level, eta_0, eta_1, outlet, pull, away = sparse
    width, flat_h, flat_x, flat_y = h.shape[1], h.reshape(-1), hu.reshape(-1), hv.reshape(-1)
    flat_z, flat_rest = z.reshape(-1), rest.reshape(-1)
    begin, end = _own(source, box, width)
    for k in range(begin, end):
        cell = source[k]
        before = flat_h[cell]
        wanted = flat_rest[cell] + rate[k] * dt
        more = max(wanted, -before)
        sums[0] += np.float64(more - wanted)
        depth = before + more
        stays = min(depth / max(before, _TINY), _ONE)
        flat_rest[cell] = more - (depth - before)
        flat_h[cell], flat_x[cell], flat_y[cell] = depth, flat_x[cell] * stays, flat_y[cell] * stays
    begin, end = _own(level, box, width)
    for k in range(begin, end):
        cell = level[k]
        wanted = max(eta_0[k] + (eta_1[k] - eta_0[k]) * done - flat_z[cell], _ZERO)
        sums[0] += np.float64(wanted) - np.float64(flat_h[cell])
        flat_h[cell] = wanted
    begin, end = _own(outlet, box, width)
    for k in range(begin, end):
        cell = outlet[k]
        depth = flat_h[cell]
        # Uniform flow (Manning) with the depth that is left after it: x + c x^(5/3) = depth, by Newton's method.
        lower, c = depth, pull[k] * dt
        for _ in range(_NEWTON):
            more = c * max(lower, _ZERO) ** _TWO_THIRDS
            lower = (depth + _TWO_THIRDS * more * lower) / (_ONE + _FIVE_THIRDS * more)
        out = flat_x[cell] * away[0][k] + flat_y[cell] * away[1][k]
        if out > depth * np.sqrt(g * depth) * max(abs(away[0][k]), abs(away[1][k])):
            lower = min(lower, depth - out * dt)
        lower = min(max(lower, _ZERO), depth)
        stays = lower / max(depth, _TINY)
        sums[1] += np.float64(depth) - np.float64(lower)
        flat_h[cell], flat_x[cell], flat_y[cell] = lower, flat_x[cell] * stays, flat_y[cell] * stays


@kernel
def pour(h, rest, z, amount, first, last):
    """Let rain fall on the ground of some rows; it has no momentum."""
    for i in range(first, last):
        for k in range(1, h.shape[1] - 1):
            more = (amount[i - 1, k - 1] if z[i, k] < WALL_M else _ZERO) + rest[i, k]
            depth = max(h[i, k] + more, _ZERO)
            rest[i, k] = more - (depth - h[i, k])
            h[i, k] = depth


@part
def _look_row(h, hu, hv, by_column, g, per_dx, per_dy, count):
    """Return the greatest depth of a row, and its greatest speed of waves in cells a second."""
    most, pace = _ZERO, _ZERO
    for k in range(count):
        depth = h[k]
        per_depth, wave = _ONE / max(depth, _TINY), np.sqrt(g * depth)
        most = max(most, depth)
        pace = max(pace, (abs(hu[k]) * per_depth + wave) * per_dx + (abs(hv[k]) * per_depth + wave) * per_dy)
        by_column[k] = max(by_column[k], depth)
    return most, pace


@kernel
def look(h, hu, hv, box, g, per_dx, per_dy, by_row, by_column):
    """Note the greatest depths by row and column; and by row the greatest speeds of waves, in cells a second."""
    first, last, left, right = box
    by_column[:] = _ZERO
    for i in range(first, last):
        by_row[0, i], by_row[1, i] = _look_row(
            h[i, left:], hu[i, left:], hv[i, left:], by_column[left:], g, per_dx, per_dy, right - left
        )


@kernel
def keep(h, peak, seen, first, last):
    """Keep the greatest depths so far, and the depths as they stand, of some rows."""
    for i in range(first, last):
        for k in range(h.shape[1]):
            depth = h[i, k]
            peak[i, k] = max(peak[i, k], depth)
            seen[i, k] = depth


@kernel
def settle(h, hu, hv, seen, first, last):
    """Let water that was taken out of cells of some rows since they were seen have taken its momentum along."""
    for i in range(first, last):
        for k in range(h.shape[1]):
            stays = h[i, k] / max(seen[i, k], _TINY) if h[i, k] < seen[i, k] else _ONE
            hu[i, k], hv[i, k] = hu[i, k] * stays, hv[i, k] * stays


@kernel
def advance(
    h, rest, hu, hv, z, n, crest_x, crest_y, box, team, steps, dt, metric, rules, sparse, free, past, scratch, sums
):  # fmt: skip
    """Advance one thread's rows by some steps of ``dt`` seconds, in step with the other members of its team.

    Parameters
    ----------
    rest
        What rounding left over of each depth (Kahan 1965, Communications of the ACM 8, 40).
    n, crest_x, crest_y
        Manning's n as a grid; heights of walls on the faces as grids, or None.
    box
        First row, last row, first column, last column, the last ones not included.
    team
        How many threads work together, and their counters.
    metric
        Width and height of a cell, m.
    rules
        Film (m), gravity (m/s²).
    sparse
        Cells with a source and its rate (m/s); cells whose level is prescribed, and the levels before and after the
        block; cells from which water leaves the grid, sqrt(slope) / (n * length) of each, and the parts of the outward
        directions to the right and downwards, over the length of the cell. Cells are flat numbers, sorted.
    free
        See `_follow`.
    past
        Parts of the block that are past before the first of these steps, and that go by in each.
    sums
        (2,) float64, see `_points`.
    """
    members, counters = team
    dx, dy = metric
    film, g = rules
    dt_dx, dt_dy = dt / dx, dt / dy
    before, each = past
    follows = len(free[0]) > 0
    for number in range(steps):
        if follows:
            _follow(h, hu, hv, free, box)
            wait_for_all(counters, members)
        _borders(h, hu, hv, z, crest_y, box, g, dt_dx, dt_dy, scratch)
        wait_for_all(counters, members)
        _sweep(h, rest, hu, hv, z, n, crest_x, crest_y, box, g, film, dt, dt_dx, dt_dy, scratch)
        _points(h, rest, hu, hv, z, sparse, box, dt, g, before + each * np.float32(number + 1), sums)
        wait_for_all(counters, members)
