"""Where water goes on a grid: the filled surface, and the cell that each cell drains to.

The filled surface is the lowest one above the ground from which every cell can drain to the outside. Its level at a
cell is the lowest sill on the way out: the least, over all paths to the outside, of the highest ground on the path.
Barnes et al. (2014) find it by flooding inwards from the edge with a priority queue; here the same surface comes
from the minimum spanning tree of the cells, whose paths are bottleneck shortest paths (Hu 1961), because SciPy has
that tree in compiled code. The tree also says which way a flat drains.

Water leaves the grid over its edge and into masked or NaN cells (the sea, a river).

References
----------
Barnes, Lehman and Mulla (2014), Priority-flood: an optimal depression-filling and watershed-labeling algorithm for
digital elevation models, Computers & Geosciences 62, 117-127.
Hu (1961), The maximum capacity route problem, Operations Research 9(6), 898-900.
O'Callaghan and Mark (1984), The extraction of drainage networks from digital elevation data, Computer Vision,
Graphics, and Image Processing 28(3), 323-344 (steepest of eight neighbours).
"""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, minimum_spanning_tree

from anlan.science.arrays import Bools, Floats, Ints

_HALF = ((0, 1), (1, -1), (1, 0), (1, 1))  # four of the eight neighbours; the others are their opposites
_EIGHT = (*_HALF, *((-dy, -dx) for dy, dx in _HALF))


@dataclass(frozen=True)
class Surface:
    """The filled surface of a grid of ``n`` cells, cells numbered row by row.

    Attributes
    ----------
    filled_m : (n,) array
        Level of the filled surface; NaN outside.
    way_out : (n,) array of int
        The next cell on the way out over the lowest sill, or ``n`` where that is the outside. A cell that
        touches the outside always drains to it.
    rank : (n + 1,) array of int
        Falls along every way out; 0 for the outside.
    """

    filled_m: Floats
    way_out: Ints
    rank: Ints


def fill_surface(dem_m: Floats, inside: Bools) -> Surface:
    """Fill a grid of shape (rows, columns) to its sills."""
    n = dem_m.size
    heights, height_rank = np.unique(np.where(inside, dem_m, -np.inf), return_inverse=True)
    height_rank = np.append(height_rank.ravel(), 0)  # the outside is lowest
    touches = _touches_outside(inside)
    order, parent = _tree(height_rank, inside, touches)
    parent = np.where(np.append((touches | ~inside).ravel(), True), n, parent)
    rank = np.zeros(n + 1, np.int64)
    rank[order] = np.arange(len(order))
    level = _highest_on_the_way(height_rank, parent)
    filled = np.where(inside.ravel(), heights[level[:n]], np.nan)
    return Surface(filled, parent[:n], rank)


def receivers(surface: Surface, shape: tuple[int, int]) -> Ints:
    """Return for each cell the cell that it drains to on the filled surface, or ``n`` for the outside.

    That is the steepest of the eight neighbours (O'Callaghan and Mark 1984) where one is lower, and the next
    cell on the way out where none is: so every chain of receivers ends outside.
    """
    filled = surface.filled_m.reshape(shape)
    best, receiver = np.zeros(shape), surface.way_out.reshape(shape).copy()
    cells = np.arange(filled.size).reshape(shape)
    leaves = receiver == filled.size
    for dy, dx in _EIGHT:
        here, there = _shifted(shape, dy, dx)
        slope = (filled[here] - filled[there]) / np.hypot(dy, dx)
        steeper = (slope > best[here]) & ~leaves[here]
        best[here] = np.where(steeper, slope, best[here])
        receiver[here] = np.where(steeper, cells[there], receiver[here])
    return np.asarray(receiver.ravel(), dtype=np.int64)


def follow(receiver: Ints, stops: Bools) -> Ints:
    """Return for each cell the first stop on its chain of receivers, itself included, or ``n`` for the outside."""
    n = len(receiver)
    ends = np.append(np.where(stops, np.arange(n), receiver), n)
    while True:
        further = np.take(ends, ends)
        if np.array_equal(further, ends):
            return further[:n]
        ends = further


def _tree(height_rank: Ints, inside: Bools, touches: Bools) -> tuple[Ints, Ints]:
    """Return cells in order of their steps to the outside, and each cell's next one on the way."""
    n = inside.size
    one, other = _edges(inside, touches)
    weight = 1.0 + np.maximum(height_rank[one], height_rank[other])  # a sparse graph has no edges of weight zero
    graph = csr_array((weight, (one, other)), shape=(n + 1, n + 1))
    order, parent = breadth_first_order(minimum_spanning_tree(graph), n, directed=False)
    return order.astype(np.int64), parent.astype(np.int64)


def _touches_outside(inside: Bools) -> Bools:
    """Mark the cells inside that have a neighbour, or the edge of the grid, outside."""
    padded = np.pad(inside, 1, constant_values=False)
    return inside & ~ndimage.binary_erosion(padded, np.ones((3, 3), bool))[1:-1, 1:-1]


def _edges(inside: Bools, touches: Bools) -> tuple[Ints, Ints]:
    """Return the pairs of cells inside that touch each other, and those of a cell and the outside."""
    n = inside.size
    cells = np.arange(n).reshape(inside.shape)
    opens = cells[touches]
    ones, others = [opens], [np.full(len(opens), n)]
    for dy, dx in _HALF:
        here, there = _shifted(inside.shape, dy, dx)
        both = inside[here] & inside[there]
        ones.append(cells[here][both])
        others.append(cells[there][both])
    return np.concatenate(ones), np.concatenate(others)


def _shifted(shape: tuple[int, ...], dy: int, dx: int) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
    """Return the slices of the cells that have a neighbour at (dy, dx), and of those neighbours."""
    rows, columns = shape
    here = slice(max(0, -dy), rows - max(0, dy)), slice(max(0, -dx), columns - max(0, dx))
    there = slice(max(0, dy), rows - max(0, -dy)), slice(max(0, dx), columns - max(0, -dx))
    return here, there


def _highest_on_the_way(height: Ints, parent: Ints) -> Ints:
    """Return the highest ground from each cell to the outside, by doubling the steps looked ahead."""
    n = len(height) - 1
    ahead = parent.copy()
    ahead[n] = n
    highest = height
    while np.any(ahead != n):
        highest = np.maximum(highest, highest[ahead])
        ahead = ahead[ahead]
    return highest
