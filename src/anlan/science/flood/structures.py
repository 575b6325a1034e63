"""Lines and areas of a map laid onto the grid: walls and levees on faces, buildings on cells.

A face is crossed where a line passes between the centres of its two cells. Whoever walks from centre to centre then
cannot pass a line without passing a crossed face: walls laid so have no gaps, whatever their angle. Points are first
moved to the nearest of a fine lattice (2^-15 of a cell on grids up to 8 192 cells, coarser beyond), and all that
follows is in whole numbers, so that no rounding opens a gap. A line through a centre counts as passing it on the side
of the lower column.

Buildings are cells without ground (`without`) or cells raised by a height (`raised`). Porous cells, of which only a
part is open, are for the solver with sub-grid tables: it reads them from fine terrain.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from anlan.science.arrays import Bools, Floats, Ints, floats
from anlan.science.compiled import Singles
from anlan.science.flood.grid import Grid

_MOST_BITS = 30  # products of two differences then stay within 64 bits


@dataclass(frozen=True)
class Corner:
    """Where the grid lies: the outer corner of the cell in the north-west, in the map's metres."""

    west_m: float = 0.0
    north_m: float = 0.0


@dataclass(frozen=True, eq=False)
class Polyline:
    """A line of straight pieces with a height that is straight between its points: (n,) arrays, n at least 2.

    Raises
    ------
    ValueError
        If it has one point only, or a value is not finite.
    """

    x_m: Floats
    y_m: Floats
    crest_m: Floats

    def __post_init__(self) -> None:
        if not (len(self.x_m) == len(self.y_m) == len(self.crest_m) >= 2):
            raise ValueError("polyline: needs as many x, y and crests, and at least two points")
        if not np.isfinite([self.x_m, self.y_m, self.crest_m]).all():
            raise ValueError("polyline: x, y and crests must be finite")

    @classmethod
    def of(cls, points: npt.ArrayLike) -> "Polyline":
        """Return the line of an (n, 3) array of x, y and crest."""
        table = floats(points)
        if table.ndim != 2 or table.shape[1] != 3:
            raise ValueError(f"polyline: must have three columns, not shape {table.shape}")
        return cls(table[:, 0], table[:, 1], table[:, 2])


@dataclass(frozen=True, eq=False)
class Crossings:
    """Faces that a line crosses, in no order; a face that it crosses twice stands here twice.

    Attributes
    ----------
    left, right : (n,) int arrays
        The cells on both sides of the face, counted row by row: left and right of one who walks along the line.
    crest_m : (n,) array
        Height of the line there.
    upright : (n,) bool array
        Whether the face is upright: between a cell and its right-hand neighbour.
    """

    left: Ints
    right: Ints
    crest_m: Floats
    upright: Bools


def crossings(grid: Grid, lines: Sequence[Polyline], corner: Corner | None = None) -> Crossings:
    """Return the faces within the grid that lines cross."""
    rows, columns = grid.shape
    pieces = _pieces(grid, [np.column_stack([line.x_m, line.y_m]) for line in lines], corner)
    crest = np.concatenate([np.zeros((0, 2)), *(np.column_stack([c[:-1], c[1:]]) for c in (o.crest_m for o in lines))])
    parts = []
    for upright in (True, False):
        met = _crossed(pieces, grid.shape, upright=upright)
        inside = (met.gap >= 0) & (met.gap < (columns if upright else rows) - 1)
        row, column = (met.line, met.gap) if upright else (met.gap, met.line)
        low = (row * columns + column)[inside]
        high = low + (1 if upright else columns)
        begin, end = crest[met.piece[inside]].T
        left = np.where(met.low_is_left[inside], low, high)
        parts.append((left, low + high - left, begin + met.part[inside] * (end - begin), np.full(len(low), upright)))
    left, right, heights, kinds = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Crossings(left, right, heights, kinds)


def with_walls(grid: Grid, lines: Sequence[Polyline], corner: Corner | None = None) -> Grid:
    """Return a grid with lines laid onto its faces as walls; where walls meet on a face the highest counts."""
    rows, columns = grid.shape
    found = crossings(grid, lines, corner)
    low, crest = np.minimum(found.left, found.right), found.crest_m.astype(np.float32)
    wall_x, wall_y = _walls(grid.wall_x_m, (rows, columns - 1)), _walls(grid.wall_y_m, (rows - 1, columns))
    for wall, kind in ((wall_x, found.upright), (wall_y, ~found.upright)):
        np.fmax.at(wall, np.divmod(low[kind], columns), crest[kind])
    return replace(grid, wall_x_m=wall_x, wall_y_m=wall_y)


def within(grid: Grid, rings: Sequence[npt.ArrayLike], corner: Corner | None = None) -> Bools:
    """Return the cells whose centres lie within an area, (rows, columns).

    Parameters
    ----------
    rings
        (n, 2) arrays of x and y; closed by themselves. A point is within where it lies within an odd number of rings,
        so the holes of an area, and several areas that do not overlap, can stand together.

    Raises
    ------
    ValueError
        If a ring has fewer than three points or is not finite.
    """
    rows, columns = grid.shape
    points = [floats(ring) for ring in rings]
    for ring in points:
        if ring.ndim != 2 or ring.shape[0] < 3 or ring.shape[1] != 2 or not np.isfinite(ring).all():
            raise ValueError("ring: needs at least three points with finite x and y")
    met = _crossed(_pieces(grid, [np.vstack([ring, ring[:1]]) for ring in points], corner), grid.shape, upright=True)
    turns = np.zeros((rows, columns + 1), dtype=np.int64)
    np.add.at(turns, (met.line, np.clip(met.gap + 1, 0, columns)), 1)
    return np.asarray(np.cumsum(turns, axis=1)[:, :-1] % 2 == 1)


def without(grid: Grid, cells: Bools) -> Grid:
    """Return a grid where cells have no ground: water flows around them and no rain falls on them."""
    return replace(grid, bed_m=np.where(cells, np.nan, grid.bed_m))


def raised(grid: Grid, cells: Bools, by_m: float) -> Grid:
    """Return a grid where cells stand higher: rain falls on them and runs off, and deep water goes over them."""
    return replace(grid, bed_m=np.where(cells, grid.bed_m + by_m, grid.bed_m))


def cells_at(grid: Grid, x_m: npt.ArrayLike, y_m: npt.ArrayLike, corner: Corner | None = None) -> Ints:
    """Return the cells that points stand in, counted row by row.

    Raises
    ------
    ValueError
        If a point is outside the grid.
    """
    place = corner or Corner()
    column = np.floor((np.atleast_1d(floats(x_m)) - place.west_m) / grid.dx_m)
    row = np.floor((place.north_m - np.atleast_1d(floats(y_m))) / grid.dy_m)
    if not ((row >= 0) & (row < grid.shape[0]) & (column >= 0) & (column < grid.shape[1])).all():
        raise ValueError("points: at least one is outside the grid")
    return (row * grid.shape[1] + column).astype(np.int64)


def _walls(wall: Singles | None, shape: tuple[int, int]) -> Singles:
    return np.full(shape, np.nan, dtype=np.float32) if wall is None else wall.astype(np.float32)


@dataclass(frozen=True, eq=False)
class _Pieces:
    """Straight pieces on the lattice: (pieces, 2) arrays of x (right) and y (down) from the first centre, in units."""

    begin: Ints
    end: Ints
    unit: int


@dataclass(frozen=True, eq=False)
class _Met:
    """Where pieces cross lines through centres: rows for upright faces, columns for level ones."""

    piece: Ints
    line: Ints
    gap: Ints
    part: Floats
    low_is_left: Bools


def _pieces(grid: Grid, lines: Sequence[Floats], corner: Corner | None) -> _Pieces:
    """Return the pieces of (n, 2) arrays of x and y."""
    place = corner or Corner()
    begin = np.concatenate([np.zeros((0, 2)), *(line[:-1] for line in lines)])
    end = np.concatenate([np.zeros((0, 2)), *(line[1:] for line in lines)])
    sides, shift = np.array([grid.dx_m, -grid.dy_m]), np.array([place.west_m, place.north_m])
    places = (np.stack([begin, end]) - shift) / sides - 0.5
    reach = max(*grid.shape, float(np.abs(places).max(initial=0.0))) + 1
    bits = min(16, _MOST_BITS - 1 - int(np.ceil(np.log2(reach))))
    if bits < 1:
        raise ValueError("line: reaches too far from the grid")
    begin, end = np.rint(places * 2**bits).astype(np.int64)
    return _Pieces(begin, end, 2**bits)


def _crossed(pieces: _Pieces, shape: tuple[int, int], *, upright: bool) -> _Met:
    """Return where pieces cross the lines through centres.

    The centres are thought of as moved by a hair down and, by a much larger hair, to the right: no piece meets one.
    """
    unit, (across, along) = pieces.unit, (1, 0) if upright else (0, 1)
    turned = pieces.begin[:, across] > pieces.end[:, across]
    low = np.where(turned[:, None], pieces.end, pieces.begin)
    high = np.where(turned[:, None], pieces.begin, pieces.end)
    first = np.maximum(-(-low[:, across] // unit), 0)
    last = np.minimum(-(-high[:, across] // unit), shape[0 if upright else 1])
    count = np.maximum(last - first, 0)
    piece = np.repeat(np.arange(len(count)), count)
    line = first[piece] + np.arange(len(piece)) - (np.cumsum(count) - count)[piece]
    a, p = low[piece, across], low[piece, along]
    rise, run = high[piece, across] - a, high[piece, along] - p
    # The place is p + (line * unit - a) * run / rise, in units, and the gap that in cells: one division, exact.
    top, scale = p * rise + (line * unit - a) * run, rise * unit
    gap = top // scale
    # On a row the centre moves right of the crossing. On a column the hair down is the smaller one: the slope tells.
    gap = np.where((top % scale == 0) & (upright | (run <= 0)), gap - 1, gap)
    part = (line * unit - a) / rise
    return _Met(piece, line, gap, np.where(turned[piece], 1 - part, part), turned[piece] == upright)
