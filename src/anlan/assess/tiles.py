"""A forecast's footprint as tiles of a web map: 256 pixels square, web Mercator, counted from the north-west.

What a tile costs is kept apart by what it depends on: which cells its pixels look at depends on the tile alone, and
serves all layers and moments; which class each wet cell is in depends on the layer alone, and serves all tiles.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from anlan.assess.footprint import Footprint
from anlan.assess.picture import Bounds, Palette, indexed_png, latitude
from anlan.city.terrain import Terrain
from anlan.science.arrays import Floats, floats

Cells = npt.NDArray[np.int32]
Classes = npt.NDArray[np.uint8]

SIDE = 256
NEAREST, FARTHEST = 14, 5
"""Levels between which tiles are made; a map may stretch those of the nearest, whose pixels are a tenth of a cell."""

_STRIDE = 8
"""Pixels between points that are projected exactly. The others are interpolated: the grid's metres bend so little over
8 pixels that this moves none by a hundredth of a pixel."""

_BULGE = 4
"""Cells left around what is wet: an edge of 130 km that is straight in metres bulges by 200 m in degrees, where it
crosses its system's central meridian."""

_CLEAR = (0, 0, 0, 0)
PALETTES: Mapping[str, Palette] = {
    "depth": (
        _CLEAR,
        (198, 219, 239, 160),
        (158, 202, 225, 205),
        (107, 174, 214, 235),
        (66, 146, 198, 240),
        (33, 113, 181, 245),
        (8, 69, 148, 250),
    ),
    "chance": (
        _CLEAR,
        (254, 235, 226, 170),
        (251, 180, 185, 230),
        (247, 104, 161, 235),
        (197, 27, 138, 240),
        (122, 1, 119, 245),
    ),
    "arrival": (
        _CLEAR,
        (153, 52, 4, 240),
        (217, 95, 14, 235),
        (254, 153, 41, 230),
        (254, 217, 142, 225),
        (255, 255, 212, 225),
    ),
}
"""Dry ground and each class, by what a layer shows: ColorBrewer's Blues and RdPu, and YlOrBr, the soonest darkest."""


@dataclass(frozen=True, eq=False)
class Sheet:
    """A footprint laid on the city's grid.

    Attributes
    ----------
    place : (cells + 1,) array
        Which of the footprint's wet cells each cell of the grid is; their number where it is dry, and at the end, which
        stands for all that is off the grid.
    box
        What the wet cells lie within, degrees; None where all is dry.
    """

    footprint: Footprint
    terrain: Terrain
    place: Cells
    box: Bounds | None
    _classes: dict[tuple[object, ...], Classes] = field(default_factory=dict)

    def classes(self, layer: str, bounds: tuple[float, ...], frame: int = 0) -> Classes:
        """Return the class of each wet cell, and at the end 0 for dry ground; ``frame`` counts only in that layer."""
        key = (layer, bounds, frame if layer == "frame" else 0)
        if key not in self._classes:
            found = np.searchsorted(bounds, self.values(layer, frame), side="right")
            self._classes[key] = np.append(found, 0).astype(np.uint8)
        return self._classes[key]

    def values(self, layer: str, frame: int = 0) -> Floats:
        """Return what a layer shows of each wet cell: depth in m, chance in per cent, arrival in minutes or -1."""
        own = self.footprint
        depths = {"depth_low": 0, "depth": 1, "depth_high": 2}
        if layer in depths:
            return floats(own.depth_m[depths[layer]])
        if layer == "frame":
            return floats(own.frames_m[frame])
        if layer == "arrival":
            return floats(own.arrival_min)
        return floats(own.chance[int(layer.removeprefix("chance_"))])


def layers(footprint: Footprint) -> dict[str, str]:
    """Return a footprint's layers, and what each shows: ``depth``, ``chance`` or ``arrival``."""
    found = dict.fromkeys(("depth", "depth_low", "depth_high"), "depth")
    if len(footprint.frames_s):
        found["frame"] = "depth"
    found |= {f"chance_{number}": "chance" for number in range(len(footprint.thresholds_m))}
    return found | {"arrival": "arrival"}


def sheet(terrain: Terrain, footprint: Footprint) -> Sheet:
    """Lay a footprint on the city's grid."""
    count = len(footprint.cell)
    place = np.full(terrain.elevation_m.size + 1, count, dtype=np.int32)
    place[footprint.cell] = np.arange(count, dtype=np.int32)
    return Sheet(footprint, terrain, place, _box(terrain, footprint) if count else None)


def _box(terrain: Terrain, footprint: Footprint) -> Bounds:
    rows, columns = np.divmod(footprint.cell, terrain.shape[1])
    up, left = rows.min() - _BULGE, columns.min() - _BULGE
    down, right = rows.max() + _BULGE, columns.max() + _BULGE
    lon, lat = terrain.centres(np.array([up, up, down, down]), np.array([left, right, left, right]))
    return float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())


def tile_bounds(z: int, x: int, y: int) -> Bounds:
    """Return west, south, east and north of a tile."""
    side = 360.0 / 2**z
    north, south = latitude(np.pi * (1 - 2 * floats([y, y + 1]) / 2**z))
    return -180 + x * side, float(south), -180 + (x + 1) * side, float(north)


def exists(z: int, x: int, y: int) -> bool:
    """Tell whether tiles of this level are made, and the level has this column and row."""
    return FARTHEST <= z <= NEAREST and 0 <= x < 2**z and 0 <= y < 2**z


def tile(own: Sheet, shown: str, classes: Classes, z: int, x: int, y: int) -> bytes:
    """Return a tile as PNG, each pixel in the class of the cell under its middle; ``shown`` names the palette."""
    if own.box is None or _apart(own.box, tile_bounds(z, x, y)):
        return EMPTY
    image = classes[own.place[cells_under(own.terrain, z, x, y)]]
    return indexed_png(image, PALETTES[shown]) if image.any() else EMPTY


def _apart(one: Bounds, two: Bounds) -> bool:
    return one[2] < two[0] or two[2] < one[0] or one[3] < two[1] or two[3] < one[1]


@lru_cache(maxsize=192)
def cells_under(terrain: Terrain, z: int, x: int, y: int) -> Cells:
    """Return the cell under the middle of each pixel of a tile, counted row by row; the number of cells for none."""
    knots = np.arange(SIDE // _STRIDE + 1) * _STRIDE
    side = SIDE * 2.0**z
    lon = (x * SIDE + knots) / side * 360 - 180
    lat = latitude(np.pi * (1 - 2 * (y * SIDE + knots) / side))
    easting, northing = (_between(axis) for axis in terrain.projection.metres(*np.meshgrid(lon, lat)))
    column = np.floor((easting - terrain.west) / terrain.cell_m).astype(np.int32)
    row = np.floor((terrain.north - northing) / terrain.cell_m).astype(np.int32)
    rows, columns = terrain.shape
    inside = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
    return np.where(inside, row * columns + column, rows * columns).astype(np.int32)


def _between(knots: Floats) -> Floats:
    """Return values at the pixels' middles, bilinear between knots."""
    at = (np.arange(SIDE) + 0.5) / _STRIDE
    first = at.astype(np.int64)
    share = at - first
    wide = knots[:, first] * (1 - share) + knots[:, first + 1] * share
    return floats(wide[first] * (1 - share[:, None]) + wide[first + 1] * share[:, None])


EMPTY = indexed_png(np.zeros((SIDE, SIDE), dtype=np.uint8), (_CLEAR,))
"""The tile where all is dry."""
