"""The compiled sweep of `anlan.science.flood.subgrid`: one file, so that what is kept on disk follows its changes.

Arrays of the state have a ring of walls around them, (rows + 2, columns + 2), as in `kernels.inertial`; tables have
none, so that the table of the cell (i, j) stands at (i - 1, j - 1). A table is straight between its levels: each cell
and face keeps the straight piece that it is on, and looks its table up only when it has left it. What a piece gives
does not depend on when it was looked up, so results do not depend on the order of rows nor on the number of threads.
"""

import numpy as np

from anlan.science.compiled import bits, inlined, kernel, part, unbits, wait_for_all

_ZERO, _ONE, _HALF, _QUARTER = np.float32(0), np.float32(1), np.float32(0.5), np.float32(0.25)
_THIRD, _FOUR_THIRDS = np.float32(1 / 3), np.float32(4 / 3)
_CUBE_ROOT_BITS = np.float32(0x54A21D2A)  # of a first guess of 1 / cbrt(x), which is off by 3 % at most
_LEAST_M = np.float32(1e-9)  # keeps the cube root of a closed face finite
FAR_M = np.float32(1e6)
_TWO_THIRDS, _FIVE_THIRDS = np.float32(2 / 3), np.float32(5 / 3)
_NEWTON = 8  # rounds, from above: each leaves less than half of the error, near the root its square
_WORD = 8  # marks of one byte that are looked at together

CELL = 4
"""Numbers of a cell's piece: level and depth at its beginning, cell over wet area, depth at its end."""
FACE = 6
"""Numbers of a face's piece: level at its beginning and end, wet part, level at which it would be dry, n², n² per m."""
SCRATCH_ROWS = 5
OLD_ROWS = 5


@inlined
def _cell_row(piece, i, start):
    """Return the numbers of a row of cells, each in a row of its own that the compiler knows to be without gaps."""
    return piece[i, 0, start:], piece[i, 1, start:], piece[i, 2, start:], piece[i, 3, start:]


@inlined
def _face_row(piece, i, start):
    """Return the numbers of a row of faces, as `_cell_row`."""
    return (
        piece[i, 0, start:], piece[i, 1, start:], piece[i, 2, start:],
        piece[i, 3, start:], piece[i, 4, start:], piece[i, 5, start:],
    )  # fmt: skip


@part
def _look_up_depth(table, level):
    """Return the mean depth of a cell whose water stands at a level."""
    levels, wet = table[0], table[1]
    depth = _ZERO
    for k in range(levels.size):
        if level <= levels[k]:
            break
        upper = min(level, levels[k + 1]) if k + 1 < levels.size else level
        depth += wet[k] * (upper - levels[k])
    return depth


@part
def _look_up_cell(table, depth, piece, k):
    """Write the piece of a cell's table that a mean depth is on into place ``k`` of ``piece``."""
    level_of, begin_of, per_wet_of, end_of = piece
    levels, wet = table[0], table[1]
    begin, end, at = _ZERO, FAR_M, 0
    while at + 1 < levels.size and levels[at + 1] < FAR_M:
        end = begin + wet[at] * (levels[at + 1] - levels[at])
        if depth < end:
            break
        begin, end, at = end, FAR_M, at + 1
    level_of[k], begin_of[k], per_wet_of[k], end_of[k] = levels[at], begin, _ONE / wet[at], end


@part
def _look_up_face(table, level, piece, k):
    """Write the piece of a face's table that a level is on into place ``k`` of ``piece``."""
    begin_of, end_of, dry_of, wet_of, n2_of, slope_of = piece
    levels, wet, rough = table[0], table[1], table[2]
    if level < levels[0]:
        begin_of[k], end_of[k], dry_of[k], wet_of[k] = -FAR_M, levels[0], levels[0], _ZERO
        n2_of[k], slope_of[k] = rough[0], _ZERO
        return
    area, at = _ZERO, 0
    while at + 1 < levels.size and level >= levels[at + 1]:
        area += wet[at] * (levels[at + 1] - levels[at])
        at += 1
    end = levels[at + 1] if at + 1 < levels.size else FAR_M
    slope = (rough[at + 1] - rough[at]) / (end - levels[at]) if end < FAR_M else _ZERO
    begin_of[k], end_of[k], dry_of[k], wet_of[k] = levels[at], end, levels[at] - area / wet[at], wet[at]
    n2_of[k], slope_of[k] = rough[at], slope


@part
def _mark(values, begin, end, marks, count):
    """Mark the values that are not on their pieces."""
    for k in range(count):
        marks[k] = np.uint8((values[k] < begin[k]) | (values[k] >= end[k]))


@part
def _levels(h, eta, piece, tables, marks, count):
    """Bring the levels of a row up to date with its mean depths; ``tables`` begins at the first of these cells."""
    z, begin, per_wet, end = piece
    _mark(h, begin, end, marks, count)
    words = marks.view(np.int64)
    for word in range((count + _WORD - 1) // _WORD):
        if words[word] != 0:
            for k in range(word * _WORD, min((word + 1) * _WORD, count)):
                if marks[k] != 0:
                    _look_up_cell(tables[k], h[k], piece, k)
    for k in range(count):
        eta[k] = z[k] + (h[k] - begin[k]) * per_wet[k]


@part
def _higher(a, b, higher, count):
    for k in range(count):
        higher[k] = max(a[k], b[k])


@part
def _pieces(level, piece, tables, marks, count):
    """Bring the pieces of a row of faces up to date."""
    _mark(level, piece[0], piece[1], marks, count)
    words = marks.view(np.int64)
    for word in range((count + _WORD - 1) // _WORD):
        if words[word] != 0:
            for k in range(word * _WORD, min((word + 1) * _WORD, count)):
                if marks[k] != 0:
                    _look_up_face(tables[k], level[k], piece, k)


@inlined
def _discharge(level, drop, ha, hb, per_wet, dry, wet, n2, before, here, after, cross, step):
    """Return the new discharge per breadth of one face between the cells a and b.

    ``level`` is the higher of the two, ``drop`` the level of b less that of a, ``per_wet`` the greater of the two
    ratios of cell to wet area, ``dry`` and ``wet`` give the flow area per breadth as wet * (level - dry).
    """
    dt_g, dt_g_d, theta, film, cap, froude2_g, fastest = step
    deep = level - dry
    area = wet * deep
    flow = max(area, _LEAST_M)
    # Waves that would pass a cell in less than a step are slowed: inertia grows, friction and slope balance as before.
    eased = fastest / max(fastest, flow * per_wet)
    y = unbits(np.int32(_CUBE_ROOT_BITS - np.float32(bits(flow)) * _THIRD))
    third = flow * _THIRD
    y = y * (_FOUR_THIRDS - third * y * y * y)
    y = y * (_FOUR_THIRDS - third * y * y * y)
    y2 = y * y
    friction = dt_g * eased * n2 * np.sqrt(here * here + cross * cross) * (y2 * y2 * y2 * y)
    # Beside what is closed or dry a mean would brake what flows by, and a canal that winds from face to face.
    around = before + after if before != _ZERO and after != _ZERO else here + here
    push = theta * here + (_ONE - theta) * _HALF * around - dt_g_d * eased * flow * drop
    q = push / (_ONE + friction)
    most = np.sqrt(froude2_g * max(deep, _ZERO)) * flow
    q = min(max(q, -most), most)
    q = min(max(q, -cap * hb), cap * ha)
    return q if area > film * wet else _ZERO


@part
def _faces(higher, ea, eb, ha, hb, pa, pb, piece, before, here, after, c1, c2, c3, c4, step, out, count):
    begin, _end, dry, wet, n2, n2_slope = piece
    for k in range(count):
        cross = (c1[k] + c2[k] + c3[k] + c4[k]) * _QUARTER
        level = higher[k]
        rough = n2[k] + n2_slope[k] * (level - begin[k])
        out[k] = _discharge(
            level, eb[k] - ea[k], ha[k], hb[k], max(pa[k], pb[k]), dry[k], wet[k], rough,
            before[k], here[k], after[k], cross, step,
        )  # fmt: skip


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
def _sweep(state, cell, face_x, face_y, tables, box, step_x, step_y, per_dx, per_dy, scratch, old, marks):
    """Advance the cells of a box by one step; rows and columns as in `kernels.inertial`.

    ``scratch`` holds, in its rows: 0 the old qy above; 1, 2 the new qx and qy of the row; 3 the higher levels of the
    faces; 4 the new qy of row ``first - 1``. ``old`` holds what stood in row ``last`` before the step: h, level, qx,
    qy, cell over wet area.
    """
    h, rest, eta, qx, qy = state
    cells_of, x_of, y_of = tables
    first, last, left, right = box
    count, lead = right - left, left - 1
    above, new_x, new_y, higher = scratch[0, lead:], scratch[1, lead:], scratch[2, lead:], scratch[3, lead:]
    new_x[0] = new_x[count] = _ZERO
    for i in range(first, last):
        end = i == last - 1
        h_below = old[0, lead:] if end else h[i + 1, lead:]
        eta_below = old[1, lead:] if end else eta[i + 1, lead:]
        qx_below = old[2, lead:] if end else qx[i + 1, lead:]
        qy_below = old[3, lead:] if end else qy[i + 1, lead:]
        per_below = old[4, lead:] if end else cell[i + 1, 2, lead:]
        qy_above = scratch[4, lead:] if i == first else qy[i - 1, lead:]
        h_i, eta_i, qx_i, qy_i, per_i = h[i, lead:], eta[i, lead:], qx[i, lead:], qy[i, lead:], cell[i, 2, lead:]
        piece = _face_row(face_x, i, left)
        _higher(eta_i[1:], eta_i[2:], higher, count - 1)
        _pieces(higher, piece, x_of[i - 1, lead:], marks, count - 1)
        _faces(
            higher, eta_i[1:], eta_i[2:], h_i[1:], h_i[2:], per_i[1:], per_i[2:], piece, qx_i, qx_i[1:], qx_i[2:],
            above[1:], above[2:], qy_i[1:], qy_i[2:], step_x, new_x[1:], count - 1,
        )  # fmt: skip
        piece = _face_row(face_y, i, left)
        _higher(eta_i[1:], eta_below[1:], higher, count)
        _pieces(higher, piece, y_of[i - 1, lead:], marks, count)
        _faces(
            higher, eta_i[1:], eta_below[1:], h_i[1:], h_below[1:], per_i[1:], per_below[1:], piece,
            above[1:], qy_i[1:], qy_below[1:], qx_i, qx_i[1:], qx_below, qx_below[1:], step_y, new_y[1:], count,
        )  # fmt: skip
        _depths(h_i[1:], rest[i, left:], new_x, new_x[1:], qy_above[1:], new_y[1:], per_dx, per_dy, count)
        _levels(h_i[1:], eta_i[1:], _cell_row(cell, i, left), cells_of[i - 1, lead:], marks, count)
        _copy(qy_i, above, count + 2)
        _copy(new_x[1:], qx_i[1:], count - 1)
        _copy(new_y[1:], qy_i[1:], count)


@part
def _borders(state, cell, y_of, box, step_y, scratch, old, piece_above, marks):
    """Take up what the rows of other threads hold before the step, and what flows in from the row above."""
    h, _rest, eta, qx, qy = state
    first, last, left, right = box
    width, lead, i, count = h.shape[1], left - 1, first - 1, right - left
    _copy(qy[i], scratch[0], width)
    _copy(h[last], old[0], width)
    _copy(eta[last], old[1], width)
    _copy(qx[last], old[2], width)
    _copy(qy[last], old[3], width)
    _copy(cell[last, 2], old[4], width)
    if i == 0:
        scratch[4] = _ZERO
        return
    higher, piece = scratch[3, left:], _face_row(piece_above, 0, left)
    _higher(eta[i, left:], eta[first, left:], higher, count)
    _pieces(higher, piece, y_of[i - 1, lead:], marks, count)
    _faces(
        higher, eta[i, left:], eta[first, left:], h[i, left:], h[first, left:],
        cell[i, 2, left:], cell[first, 2, left:], piece, qy[i - 1, left:], qy[i, left:], qy[first, left:],
        qx[i, lead:], qx[i, left:], qx[first, lead:], qx[first, left:], step_y, scratch[4, left:], count,
    )  # fmt: skip


@inlined
def _own(cells, box, width):
    """Return which of the sorted flat cells stand in the rows of this thread."""
    return np.searchsorted(cells, box[0] * width), np.searchsorted(cells, box[1] * width)


@part
def _level_of(cell, h, eta, piece, cells_of, width):
    """Bring the level of one cell up to date."""
    i, j = cell // width, cell % width
    z, begin, per_wet, end = _cell_row(piece, i, j)
    if h[i, j] < begin[0] or h[i, j] >= end[0]:
        _look_up_cell(cells_of[i - 1, j - 1], h[i, j], (z, begin, per_wet, end), 0)
    eta[i, j] = z[0] + (h[i, j] - begin[0]) * per_wet[0]


@part
def _points(state, piece, cells_of, sparse, box, dt, done, sums):
    """Let water in and out at single cells; see `kernels.inertial`."""
    h, _rest, eta, _qx, _qy = state
    source, rate, level, eta_0, eta_1, outlet, pull = sparse
    width, flat_h = h.shape[1], h.reshape(-1)
    begin, end = _own(source, box, width)
    for k in range(begin, end):
        after = flat_h[source[k]] + rate[k] * dt
        sums[0] += np.float64(max(-after, _ZERO))
        flat_h[source[k]] = max(after, _ZERO)
        _level_of(source[k], h, eta, piece, cells_of, width)
    begin, end = _own(level, box, width)
    for k in range(begin, end):
        cell = level[k]
        stands = eta_0[k] + (eta_1[k] - eta_0[k]) * done
        wanted = _look_up_depth(cells_of[cell // width - 1, cell % width - 1], stands)
        sums[0] += np.float64(wanted - flat_h[cell])
        flat_h[cell] = wanted
        _level_of(cell, h, eta, piece, cells_of, width)
    begin, end = _own(outlet, box, width)
    for k in range(begin, end):
        cell = outlet[k]
        depth = flat_h[cell]
        # As in `kernels.inertial`, over the wet part of the cell, as deep as it is on the mean.
        per_wet = piece[cell // width, 2, cell % width]
        after, c = depth, pull[k] * dt * per_wet**_TWO_THIRDS
        for _ in range(_NEWTON):
            more = c * max(after, _ZERO) ** _TWO_THIRDS
            after = (depth + _TWO_THIRDS * more * after) / (_ONE + _FIVE_THIRDS * more)
        after = min(max(after, _ZERO), depth)
        sums[1] += np.float64(depth - after)
        flat_h[cell] = after
        _level_of(cell, h, eta, piece, cells_of, width)


@part
def _rain(h, rest, per_wet, amount, count):
    for k in range(count):
        more = (amount[k] if per_wet[k] > _ZERO else _ZERO) + rest[k]
        after = max(h[k] + more, _ZERO)
        rest[k] = more - (after - h[k])
        h[k] = after


@part
def _look(h, per_wet, by_column, count):
    """Return the greatest depth over the wet part in a row; keep that of each column."""
    most = _ZERO
    for k in range(count):
        depth = h[k] * per_wet[k]
        most = max(most, depth)
        by_column[k] = max(by_column[k], depth)
    return most


@part
def _peaks(h, peak, count):
    for k in range(count):
        peak[k] = max(peak[k], h[k])


@kernel
def settle(h, eta, piece, cells_of, first, last, seen):
    """Bring levels of some rows up to date after depths were written from outside."""
    by_row, by_column = seen
    count = h.shape[1] - 2
    marks = np.zeros((count // _WORD + 1) * _WORD, np.uint8)
    by_column[:] = _ZERO
    for i in range(first, last):
        _levels(h[i, 1:], eta[i, 1:], _cell_row(piece, i, 1), cells_of[i - 1], marks, count)
        by_row[i] = _look(h[i, 1:], piece[i, 2, 1:], by_column[1:], count)


@kernel
def advance(
    state, cell, face_x, face_y, tables, peak, rain, box, team, steps, dt, metric, rules, sparse, scratch, seen
):
    """Advance one thread's rows by some steps of ``dt`` seconds, in step with the other members of its team.

    Parameters
    ----------
    state
        h, what h lacks less than its last digits, level, qx, qy; h is water over the area of the whole cell, q is per
        breadth of the whole face.
    cell, face_x, face_y
        (rows + 2, `CELL` or `FACE`, columns + 2) pieces of the tables.
    tables
        Of the cells, of the faces to their right, of those below them.
    rain
        (rows + 2, columns + 2) grid of what falls at the beginning, or None.
    rules
        theta, film (m), share, Froude number, gravity (m/s²), square of the Courant number that waves are held to.
    scratch
        (`SCRATCH_ROWS`, ...), (`OLD_ROWS`, ...) and (1, `FACE`, ...) rows of the thread's own.
    others
        As in `kernels.inertial.advance`.
    """
    members, counters = team
    dx, dy = metric
    theta, film, share, froude, g, fastest = rules
    sums, by_row, by_column = seen
    own, old, piece_above = scratch
    first, last, left, right = box
    h, rest, eta, _qx, _qy = state
    count = right - left
    marks = np.zeros((count // _WORD + 1) * _WORD, np.uint8)
    dt_g, froude2_g = dt * g, froude * froude * g
    step_x = (dt_g, dt_g / dx, theta, film, share * dx / dt, froude2_g, fastest * dx * dx / (dt * dt_g))
    step_y = (dt_g, dt_g / dy, theta, film, share * dy / dt, froude2_g, fastest * dy * dy / (dt * dt_g))
    for k in range(FACE):
        _copy(face_y[first - 1, k], piece_above[0, k], h.shape[1])
    if rain is not None:
        for i in range(first, last):
            _rain(h[i, left:], rest[i, left:], cell[i, 2, left:], rain[i, left:], count)
            _levels(h[i, left:], eta[i, left:], _cell_row(cell, i, left), tables[0][i - 1, left - 1 :], marks, count)
    wait_for_all(counters, members)
    for number in range(steps):
        _borders(state, cell, tables[2], box, step_y, own, old, piece_above, marks)
        wait_for_all(counters, members)
        _sweep(state, cell, face_x, face_y, tables, box, step_x, step_y, dt / dx, dt / dy, own, old, marks)
        _points(state, cell, tables[0], sparse, box, dt, np.float32(number + 1) / np.float32(steps), sums)
        wait_for_all(counters, members)
    by_column[:] = _ZERO
    for i in range(first, last):
        by_row[i] = _look(h[i, left:], cell[i, 2, left:], by_column[left:], count)
        _peaks(h[i, left:], peak[i, left:], count)
