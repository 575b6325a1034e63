"""A synthetic ground of the right order: no survey of Shanghai's ground is open, so this one is made from a seed.

A smooth base through hand-placed heights (general knowledge, G: the plain lies 2.2 to 4.5 m above Wusong datum, lowest
in the west around the lakes of Qingpu and Songjiang, highest along the old ridges and the eastern coast), noise at
three scales, waterways cut in, streets a hand's breadth lower, low spots as pits of one cell.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyproj
import shapely
from scipy import ndimage
from scipy.interpolate import RBFInterpolator

from anlan.science.bluespots import Bluespots
from anlan.science.depressions import analyse
from shanghai.areas import Row
from shanghai.assets import Asset, rng_of
from shanghai.waters import WATERS

CRS = "EPSG:32651"
CELL_M = 100.0
NODATA_CM = -32768
OUTSIDE = -1
STREET_M = 0.10
LEAST_DEPTH_M = 0.05  # hollows shallower than the finest noise count as full
CHANNEL_CUT_M = 1.8
CHANNEL_FLOOR_M = 0.8
NOISE = ((25.0, 0.20), (6.0, 0.12), (1.5, 0.05))  # scale in cells, standard deviation in metres

# lon, lat, metres above Wusong datum (G)
HEIGHTS = (
    (120.95, 31.02, 2.4), (121.05, 31.10, 2.6), (121.05, 30.95, 2.3), (121.15, 31.15, 2.9), (121.15, 30.90, 2.5),
    (121.22, 31.03, 2.9), (121.20, 30.80, 2.9), (121.35, 31.00, 3.4), (121.35, 30.73, 3.9), (121.50, 30.90, 4.0),
    (121.62, 30.85, 4.3), (121.40, 31.10, 3.7), (121.47, 31.23, 3.3), (121.42, 31.20, 3.5), (121.53, 31.28, 3.4),
    (121.45, 31.40, 4.0), (121.25, 31.38, 3.8), (121.20, 31.28, 3.4), (121.36, 31.47, 4.1), (121.60, 31.20, 3.9),
    (121.75, 31.10, 4.3), (121.80, 31.20, 4.2), (121.85, 30.95, 4.2), (121.93, 30.88, 3.9), (121.20, 31.80, 3.5),
    (121.40, 31.68, 3.6), (121.80, 31.53, 3.5), (121.70, 31.38, 3.2), (121.87, 31.33, 3.1),
)  # fmt: skip

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Grid:
    """A north-up grid: ``west`` and ``north`` are the outer edges of its first cell."""

    west: float
    north: float
    rows: int
    cols: int
    cell: float = CELL_M

    def cells(self, x: npt.ArrayLike, y: npt.ArrayLike) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return row and column of each point."""
        rows = np.floor((self.north - np.asarray(y)) / self.cell).astype(np.int64)
        return rows, np.floor((np.asarray(x) - self.west) / self.cell).astype(np.int64)

    def centres(self) -> tuple[Floats, Floats]:
        """Return x of the columns and y of the rows."""
        cols, rows = np.arange(self.cols, dtype=np.float64), np.arange(self.rows, dtype=np.float64)
        return self.west + (cols + 0.5) * self.cell, self.north - (rows + 0.5) * self.cell


def project(shape: Any) -> Any:
    """Return a geometry in the metric system."""
    to_metres = pyproj.Transformer.from_crs("EPSG:4326", CRS, always_xy=True)
    return shapely.transform(shape, lambda xy: np.column_stack(to_metres.transform(xy[:, 0], xy[:, 1])))


def grid_over(shapes: npt.NDArray[np.object_], cell: float = CELL_M) -> Grid:
    """Return the grid that covers all shapes (metric), with one cell to spare on every side."""
    west, south, east, north = shapely.total_bounds(shapes)
    west, south = np.floor(west / cell - 1) * cell, np.floor(south / cell - 1) * cell
    cols, rows = int(np.ceil((east - west) / cell)) + 1, int(np.ceil((north - south) / cell)) + 1
    return Grid(float(west), float(south + rows * cell), rows, cols, cell)


def town_index(grid: Grid, shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.int16]:
    """Return for each cell the index of the town that holds its centre, ``OUTSIDE`` where there is none."""
    index = np.full((grid.rows, grid.cols), OUTSIDE, dtype=np.int16)
    xs, ys = grid.centres()
    for number, shape in enumerate(shapes):
        west, south, east, north = shape.bounds
        (top, bottom), (left, right) = grid.cells([west, east], [north, south])
        x, y = np.meshgrid(xs[left : right + 1], ys[top : bottom + 1])
        shapely.prepare(shape)
        window = index[top : bottom + 1, left : right + 1]
        window[shapely.contains_xy(shape, x, y) & (window == OUTSIDE)] = number
    return index


def base(grid: Grid) -> Floats:
    """Return the smooth base in metres: a thin-plate spline through ``HEIGHTS``, smoothed, every 20th cell."""
    known = np.array(HEIGHTS)
    places = shapely.get_coordinates(project(shapely.points(known[:, :2]))) / 1e4
    surface = RBFInterpolator(places, known[:, 2], kernel="thin_plate_spline", smoothing=0.05, degree=1)
    step = 20
    xs = grid.west + np.arange(0, grid.cols + step, step) * grid.cell
    ys = grid.north - np.arange(0, grid.rows + step, step) * grid.cell
    x, y = np.meshgrid(xs, ys)
    coarse = surface(np.column_stack([x.ravel(), y.ravel()]) / 1e4).reshape(x.shape)
    rows, cols = np.meshgrid(np.arange(grid.rows) / step, np.arange(grid.cols) / step, indexing="ij")
    fine: Floats = ndimage.map_coordinates(coarse, [rows, cols], order=1, mode="nearest")
    return np.clip(fine, 2.0, 4.8)


def noise(grid: Grid, seed: int) -> Floats:
    """Return noise in metres, the sum of the scales in ``NOISE``."""
    total = np.zeros((grid.rows, grid.cols))
    for scale, deviation in NOISE:
        field = ndimage.gaussian_filter(rng_of(seed, f"noise{scale}").standard_normal(total.shape), scale)
        total += field / field.std() * deviation
    return total


def burn(grid: Grid, lines: list[Any], width_m: float) -> npt.NDArray[np.bool_]:
    """Return the cells on metric lines, at least one cell wide."""
    mask = np.zeros((grid.rows, grid.cols), dtype=bool)
    for line in lines:
        dense = shapely.get_coordinates(shapely.segmentize(line, grid.cell / 4))
        rows, cols = grid.cells(dense[:, 0], dense[:, 1])
        inside = (rows >= 0) & (rows < grid.rows) & (cols >= 0) & (cols < grid.cols)
        mask[rows[inside], cols[inside]] = True
    cells = round((width_m / grid.cell - 1) / 2)
    return ndimage.binary_dilation(mask, iterations=cells) if cells > 0 else mask


@dataclass(frozen=True)
class Ground:
    """The finished grids."""

    grid: Grid
    elevation_cm: npt.NDArray[np.int16]
    town: npt.NDArray[np.int16]
    water: npt.NDArray[np.bool_]


def build(towns: list[Row], streets: list[Any], lows: list[Asset], seed: int, cell: float = CELL_M) -> Ground:
    """Make the ground; ``streets`` are lines in WGS 84."""
    shapes = np.asarray([project(town.geometry) for town in towns], dtype=object)
    grid = grid_over(shapes, cell)
    town = town_index(grid, shapes)
    height = base(grid) + noise(grid, seed)
    height[burn(grid, [project(line) for line in streets], 0.0)] -= STREET_M
    water = np.zeros_like(town, dtype=bool)
    for course in WATERS:
        water |= burn(grid, [project(course.geometry)], course.width_m)
    water &= town != OUTSIDE
    height[water] = np.maximum(CHANNEL_FLOOR_M, height[water] - CHANNEL_CUT_M)
    _dig(grid, height, lows, water, seed)
    centimetres = np.where(town == OUTSIDE, NODATA_CM, np.round(height * 100)).astype(np.int16)
    return Ground(grid, centimetres, town, water)


def _dig(grid: Grid, height: Floats, lows: list[Asset], water: npt.NDArray[np.bool_], seed: int) -> None:
    """Lower the cells of low spots by 0.25 to 0.9 m: an underpass's volume spread over its whole cell."""
    depths = rng_of(seed, "pits").uniform(0.25, 0.9, len(lows))
    rows, cols = _cells_of(grid, lows)
    for row, col, depth in zip(rows, cols, depths, strict=True):
        if not water[row, col]:
            height[row, col] -= depth


def _cells_of(grid: Grid, lows: list[Asset]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    places = np.array([(low.lon, low.lat) for low in lows], dtype=np.float64).reshape(-1, 2)
    metric = shapely.get_coordinates(project(shapely.points(places)))
    return grid.cells(metric[:, 0], metric[:, 1])


def low_points(ground: Ground, lows: list[Asset]) -> None:
    """Tell each low spot the height of its lowest point: its cell's ground less its own drop."""
    rows, cols = _cells_of(ground.grid, lows)
    for low, height in zip(lows, ground.elevation_cm[rows, cols], strict=True):
        low.attributes["low_point_m"] = round(float(height) / 100 - low.attributes["drop_m"], 2)


def bluespots(ground: Ground) -> Bluespots:
    """Return the static flood analysis of the ground as it is stored, in whole centimetres."""
    height = ground.elevation_cm.astype(np.float32) / np.float32(100)
    outside = ground.water | (ground.town == OUTSIDE)
    return analyse(height.astype(np.float64), ground.grid.cell, outside, least_depth_m=LEAST_DEPTH_M)


def arrays(ground: Ground) -> dict[str, npt.NDArray[Any]]:
    """Return the grids as they are stored: water as one bit to a cell."""
    return {
        "elevation_cm": ground.elevation_cm,
        "town": ground.town,
        "water": np.packbits(ground.water, axis=1),
    }


DRAIN_1_YEAR_MM_H = 36.0  # Shanghai's old standard, a storm of one year
DRAIN_5_YEAR_MM_H = 58.0  # Shanghai's present standard, a storm of five years


def hydrology(towns: list[Row], ground: Ground, seed: int) -> pa.Table:
    """Return for each town what drains, what is stored, and how much is built over; all synthetic.

    Density stands for how much is built over: 90 % at 20 000 people per km2, 15 % in open country. Drains lie between
    the two standards by a random share of renewed pipes; surface storage falls from 25 mm (open) to 6 mm (built over).
    """
    rng = rng_of(seed, "hydrology")
    people = np.array([town.population or 0 for town in towns], dtype=float)
    density = people / np.array([town.area_km2 or 1 for town in towns])
    built = np.clip(0.15 + 0.75 * np.sqrt(density / 20000), 0.15, 0.9)
    renewed = rng.beta(2, 3, len(towns))
    drain = DRAIN_1_YEAR_MM_H + renewed * (DRAIN_5_YEAR_MM_H - DRAIN_1_YEAR_MM_H)
    land = np.bincount(ground.town[(ground.town != OUTSIDE) & ~ground.water], minlength=len(towns))
    return pa.table(
        {
            "code": [town.code for town in towns],
            "drain_mm_h": np.round(drain, 1),
            "storage_mm": np.round(25 - 19 * (built - 0.15) / 0.75, 1),
            "built_share": np.round(built, 3),
            "basements": np.round(people / 1500 * built).astype(np.int64),
            "land_cells": land.astype(np.int64),
        }
    )
