"""A footprint as a picture for a map: depth classes as colours on a transparent ground.

The grid of the city stands in metres; a web map wants an image whose rows are even in the Mercator projection between
two latitudes and whose columns are even in longitude. So each pixel looks up the cell that its centre lies in.
"""

import struct
import zlib
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from anlan.assess.footprint import unpack
from anlan.city.terrain import Terrain
from anlan.science.arrays import Floats

Bounds = tuple[float, float, float, float]
"""West, south, east, north in degrees."""

Palette = tuple[tuple[int, int, int, int], ...]
"""Red, green, blue, opacity of each number that an image holds."""

WATER: Palette = ((0, 0, 0, 0), (158, 202, 225, 150), (107, 174, 214, 185), (49, 130, 189, 210), (8, 48, 107, 230))
"""Dry ground, and each depth class, shallow to deep: ColorBrewer's Blues."""

_DEGREE_M = 111_195.0  # mean radius of the Earth (GRS 80) times pi/180
_LARGEST = 2048


def picture(terrain: Terrain, packed: bytes, bounds: Bounds, classes_m: tuple[float, ...]) -> bytes:
    """Return a footprint as PNG, its corners those of the bounds.

    Parameters
    ----------
    packed
        As stored.
    classes_m
        Lower bounds of the depth classes, shallow to deep; one colour of the palette for each.
    """
    footprint = unpack(packed)
    cell, depth = footprint.cell, footprint.depth_m[1]
    grid = np.zeros(terrain.elevation_m.size + 1, dtype=np.uint8)  # the last one stands for all that is off the grid
    grid[cell] = np.searchsorted(classes_m, depth, side="right")
    return indexed_png(grid[_cells(terrain, bounds)], WATER)


@lru_cache(maxsize=8)
def _cells(terrain: Terrain, bounds: Bounds) -> npt.NDArray[np.int32]:
    """Return the cell under the centre of each pixel, counted row by row; the number of cells where there is none."""
    west, south, east, north = bounds
    across = (east - west) * _DEGREE_M * np.cos(np.radians((south + north) / 2)) / terrain.cell_m
    up = (north - south) * _DEGREE_M / terrain.cell_m
    columns, rows = (int(np.clip(np.ceil(n), 1, _LARGEST)) for n in (across, up))
    lon = west + (np.arange(columns) + 0.5) / columns * (east - west)
    low, high = mercator(np.array([south, north]))
    lat = latitude(high - (np.arange(rows) + 0.5) / rows * (high - low))
    grid_lon, grid_lat = np.meshgrid(lon, lat)
    row, column = terrain.cells(grid_lon, grid_lat)
    return np.where(row < 0, terrain.elevation_m.size, row * terrain.shape[1] + column).astype(np.int32)


def mercator(lat: Floats) -> Floats:
    """Return the Mercator ordinates, in radians at the equator, of latitudes in degrees (Snyder 1987, eq. 7-2)."""
    return np.log(np.tan(np.pi / 4 + np.radians(lat) / 2))


def latitude(y: Floats) -> Floats:
    """Return the latitudes, in degrees, of Mercator ordinates (Snyder 1987, eq. 7-4)."""
    return np.degrees(2 * np.arctan(np.exp(y)) - np.pi / 2)


def indexed_png(image: npt.NDArray[np.uint8], palette: Palette) -> bytes:
    """Write an image of palette numbers as PNG (ISO/IEC 15948:2004, colour type 3, no filter)."""
    rows, columns = image.shape
    colours = np.array(palette, dtype=np.uint8)
    lines = np.hstack([np.zeros((rows, 1), dtype=np.uint8), image])  # each line begins with its filter, none
    parts = {
        b"IHDR": struct.pack(">IIBBBBB", columns, rows, 8, 3, 0, 0, 0),
        b"PLTE": colours[:, :3].tobytes(),
        b"tRNS": colours[:, 3].tobytes(),
        b"IDAT": zlib.compress(lines.tobytes(), 6),
        b"IEND": b"",
    }
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in parts.items())


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
