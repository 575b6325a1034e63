"""Compiled making of the tables of `anlan.science.flood.subgrid_tables`: one file, so that what is kept follows it.

A table stands for heights (of the pixels of a cell, or of the pixel pairs on a face) by a few groups of like heights.
"""

import numpy as np

from anlan.science.compiled import inlined, kernel, part

FAR_M = np.float32(1e6)
"""Height of what is not ground, and level of the entries that a table does not use."""

_FILL_M = 6.0  # how far above its highest pixel pair a face's roughness is tabulated; constant beyond
_LIKE_M2 = 1e-8  # groups that differ by less than a tenth of a millimetre are one
_LINEAR = 0.01  # relative error of the roughness at which a straight piece needs no further point
_GAPS = (301, 132, 57, 23, 10, 4, 1)  # of Shell's sort: Ciura (2001), FCT 2001, LNCS 2138, 106-117
_FIVE_THIRDS, _TEN_THIRDS = 5 / 3, 10 / 3


@part
def _sort(z, w, c, count):
    """Sort heights, and their weights with them."""
    for gap in _GAPS:
        for i in range(gap, count):
            zi, wi, ci = z[i], w[i], c[i]
            j = i
            while j >= gap and z[j - gap] > zi:
                z[j], w[j], c[j] = z[j - gap], w[j - gap], c[j - gap]
                j -= gap
            z[j], w[j], c[j] = zi, wi, ci


@part
def _best_cut(z, w, begin, end, gain, cut, group):
    """Find where a run of sorted heights is best cut in two: the greatest variance between the parts (Otsu 1979)."""
    gain[group], cut[group] = 0.0, end
    if z[end - 1] - z[begin] < 1e-6:
        return
    weight, moment = 0.0, 0.0
    for p in range(begin, end):
        weight += w[p]
        moment += w[p] * (z[p] - z[begin])
    low_weight, low_moment = 0.0, 0.0
    for p in range(begin, end - 1):
        low_weight += w[p]
        low_moment += w[p] * (z[p] - z[begin])
        if z[p + 1] == z[p]:
            continue
        apart = low_moment / low_weight - (moment - low_moment) / (weight - low_weight)
        found = low_weight * (weight - low_weight) / weight * apart * apart
        if found > gain[group]:
            gain[group], cut[group] = found, p + 1


@part
def _groups(z, w, c, count, most, starts, gain, cut):
    """Put sorted heights into at most ``most`` groups of like heights, in place; return their number.

    The group whose halves differ most is cut until there are enough. Each takes its mean height, so that all groups
    together hold the volume of all pixels exactly.
    """
    groups = 1
    starts[0], starts[1] = 0, count
    _best_cut(z, w, 0, count, gain, cut, 0)
    while groups < most:
        widest = 0
        for g in range(1, groups):
            if gain[g] > gain[widest]:
                widest = g
        if gain[widest] <= _LIKE_M2:
            break
        middle = cut[widest]
        for g in range(groups, widest, -1):
            starts[g + 1] = starts[g]
            if g < most:
                gain[g], cut[g] = gain[g - 1], cut[g - 1]
        groups += 1
        starts[widest + 1] = middle
        _best_cut(z, w, starts[widest], middle, gain, cut, widest)
        _best_cut(z, w, middle, starts[widest + 2], gain, cut, widest + 1)
    for g in range(groups):
        weight, above, carried = 0.0, 0.0, 0.0
        low = z[starts[g]]
        for p in range(starts[g], starts[g + 1]):
            weight += w[p]
            above += w[p] * (z[p] - low)
            carried += c[p]
        z[g], w[g], c[g] = low + above / weight, weight, carried
    return groups


@part
def _roughness(level, z, w, c, groups):
    """Return n² of the plain channel of the same flow area that carries as much: A^(10/3) / K², A and K per breadth."""
    area, carried = 0.0, 0.0
    for g in range(groups):
        depth = level - z[g]
        if depth > 0:
            area += w[g] * depth
            carried += c[g] * depth**_FIVE_THIRDS
    if carried <= 0.0:
        return w[0] ** _TEN_THIRDS / (c[0] * c[0])
    return area**_TEN_THIRDS / (carried * carried)


@part
def _misses(z, w, c, groups, first, last, level, rough, miss):
    """Note how far n² in the middle of some pieces is from straight."""
    for k in range(first, last):
        middle = _roughness(0.5 * (level[k] + level[k + 1]), z, w, c, groups)
        miss[k] = abs(0.5 * (rough[k] + rough[k + 1]) / middle - 1.0)


@part
def _refine(z, w, c, groups, nodes, most, level, rough, miss):
    """Halve the pieces on which n² bends most until there are enough, or all are straight; return their number."""
    while nodes < most:
        worst = 0
        for k in range(1, nodes - 1):
            if miss[k] > miss[worst]:
                worst = k
        if miss[worst] < _LINEAR:
            break
        for k in range(nodes, worst + 1, -1):
            level[k], rough[k], miss[k - 1] = level[k - 1], rough[k - 1], miss[k - 2]
        nodes += 1
        level[worst + 1] = 0.5 * (level[worst] + level[worst + 2])
        rough[worst + 1] = _roughness(level[worst + 1], z, w, c, groups)
        _misses(z, w, c, groups, worst, worst + 2, level, rough, miss)
    return nodes


@part
def _face(z, w, c, groups, most, table, level, rough, miss):
    """Write levels, wet part of the breadth and n² of a face, with more levels where n² bends most."""
    for k in range(groups):
        level[k] = z[k]
    level[groups] = z[groups - 1] + _FILL_M
    for k in range(groups + 1):
        rough[k] = _roughness(level[k], z, w, c, groups)
    _misses(z, w, c, groups, 0, groups, level, rough, miss)
    wet, group = 0.0, 0
    for k in range(_refine(z, w, c, groups, groups + 1, most, level, rough, miss)):
        while group < groups and z[group] <= level[k]:
            wet += w[group]
            group += 1
        table[0, k], table[1, k], table[2, k] = level[k], wet, rough[k]


@inlined
def _part_of(share, i, j):
    return 1.0 if share is None else np.float64(share[i, j])


@inlined
def _n_of(n, i, j):
    return np.float64(n[i, j]) if n.ndim == 2 else np.float64(n[0])


@inlined
def _highest(bed, i, j, down, along, reach):
    """Return the highest of some pixels from one on, in a direction."""
    high = bed[i, j]
    for k in range(1, reach):
        high = max(high, bed[i + k * down, j + k * along])
    return high


@kernel
def cells(bed, share, factor, most, first, last, table):
    """Fill the tables of the cells in some rows: levels, and the wet part of the cell from each level on.

    Parameters
    ----------
    bed : (rows * factor[0], columns * factor[1]) float32; `FAR_M` where there is no ground.
    share : the same shape, the part of each pixel that water can fill; or None for all.
    table : (rows, columns, 2, most) float32, filled with `FAR_M` before; left so where there is no ground.
    """
    fy, fx = factor
    size = fy * fx
    z, w, c = np.empty(size), np.empty(size), np.zeros(size)
    starts, gain, cut = np.empty(most + 2, np.int64), np.empty(most + 1), np.empty(most + 1, np.int64)
    for i in range(first, last):
        for j in range(table.shape[1]):
            count = 0
            for a in range(i * fy, (i + 1) * fy):
                for b in range(j * fx, (j + 1) * fx):
                    weight = _part_of(share, a, b) / size
                    if bed[a, b] < FAR_M and weight > 0.0:
                        z[count], w[count] = bed[a, b], weight
                        count += 1
            if count == 0:
                continue
            _sort(z, w, c, count)
            wet = 0.0
            for g in range(_groups(z, w, c, count, most, starts, gain, cut)):
                wet += w[g]
                table[i, j, 0, g], table[i, j, 1, g] = z[g], wet


@kernel
def faces(bed, share, n, crest, factor, reach, down, most, first, last, table):
    """Fill the tables of the faces to the right of the cells of some rows, or below them.

    The bed of a pixel pair is the highest pixel within ``reach`` on both sides, or the crest of a wall between them.

    Parameters
    ----------
    n : (1,) or the shape of the bed, Manning's n.
    crest : (rows, columns, pixels of a face), heights of walls, -`FAR_M` for none; or None.
    factor : pixels along a cell's height and width.
    down : whether the faces are those below the cells.
    table : (rows, columns, 3, most) float32: levels, wet part of the breadth from each level on, n² at the level.
    """
    fy, fx = factor
    rows, columns = table.shape[0], table.shape[1]
    size = fx if down else fy
    fewer = min(size, most // 2)
    z, w, c = np.empty(size), np.empty(size), np.empty(size)
    starts, gain, cut = np.empty(fewer + 2, np.int64), np.empty(fewer + 1), np.empty(fewer + 1, np.int64)
    level, rough, miss = np.empty(most + 1), np.empty(most + 1), np.empty(most + 1)
    for i in range(first, min(last, rows - 1) if down else last):
        for j in range(columns if down else columns - 1):
            count = 0
            for p in range(size):
                a = (i + 1) * fy - 1 if down else i * fy + p
                b = j * fx + p if down else (j + 1) * fx - 1
                a2, b2 = (a + 1, b) if down else (a, b + 1)
                high = max(_highest(bed, a, b, a - a2, b - b2, reach), _highest(bed, a2, b2, a2 - a, b2 - b, reach))
                weight = min(_part_of(share, a, b), _part_of(share, a2, b2)) / size
                if high >= FAR_M or weight <= 0.0:
                    continue
                z[count] = high
                if crest is not None:
                    z[count] = max(high, crest[i, j, p])
                w[count] = weight
                c[count] = weight / (0.5 * (_n_of(n, a, b) + _n_of(n, a2, b2)))
                count += 1
            if count > 0:
                _sort(z, w, c, count)
                groups = _groups(z, w, c, count, fewer, starts, gain, cut)
                _face(z, w, c, groups, most, table[i, j], level, rough, miss)


@kernel
def levels_of(h, tables, found):
    """Write the levels at mean depths; `FAR_M` where there is no ground."""
    for i in range(h.shape[0]):
        for j in range(h.shape[1]):
            level, wet = tables[i, j, 0], tables[i, j, 1]
            begin, at = np.float32(0), 0
            while at + 1 < level.size and level[at + 1] < FAR_M:
                end = begin + wet[at] * (level[at + 1] - level[at])
                if h[i, j] < end:
                    break
                begin, at = end, at + 1
            found[i, j] = level[at] + (h[i, j] - begin) / wet[at] if level[0] < FAR_M else FAR_M


@kernel
def depths_of(levels, tables, found):
    """Write the mean depths of cells whose water stands at levels; 0 where there is no ground."""
    for i in range(levels.shape[0]):
        for j in range(levels.shape[1]):
            level, wet = tables[i, j, 0], tables[i, j, 1]
            found[i, j] = np.float32(0)
            for k in range(level.size):
                if levels[i, j] <= level[k]:
                    break
                upper = min(levels[i, j], level[k + 1]) if k + 1 < level.size else levels[i, j]
                found[i, j] += wet[k] * (upper - level[k])
