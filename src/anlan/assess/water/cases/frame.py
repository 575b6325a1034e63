"""The raster of a case: where its cells lie on the map."""

from dataclasses import dataclass

import numpy as np
from pyproj import CRS
from rasterio.transform import Affine

from anlan.science.arrays import Bools, Floats, Ints, floats

SIDES = ("west", "east", "south", "north")


@dataclass(frozen=True)
class Frame:
    """Cells of a north-up raster in a metric CRS, row 0 in the north.

    Attributes
    ----------
    west_m, north_m : float
        Outer corner of the first cell.
    dx_m, dy_m : float
        Width and height of a cell.
    """

    crs: CRS
    west_m: float
    north_m: float
    dx_m: float
    dy_m: float
    rows: int
    columns: int

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.rows, self.columns

    @property
    def transform(self) -> Affine:
        """The affine transformation of rasterio."""
        return Affine(self.dx_m, 0, self.west_m, 0, -self.dy_m, self.north_m)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north."""
        south = self.north_m - self.rows * self.dy_m
        return self.west_m, south, self.west_m + self.columns * self.dx_m, self.north_m

    @property
    def x_m(self) -> Floats:
        """Middles of the columns."""
        return self.west_m + floats(np.arange(self.columns) + 0.5) * self.dx_m

    @property
    def y_m(self) -> Floats:
        """Middles of the rows, from the north."""
        return self.north_m - floats(np.arange(self.rows) + 0.5) * self.dy_m

    def coarse(self, factor: int) -> "Frame":
        """Return the frame of cells that many times as wide and high; the last ones reach beyond this frame."""
        rows, columns = -(-self.rows // factor), -(-self.columns // factor)
        return Frame(self.crs, self.west_m, self.north_m, self.dx_m * factor, self.dy_m * factor, rows, columns)

    def steps(self, x_m: Floats, y_m: Floats) -> tuple[Floats, Floats]:
        """Return rows and columns as real numbers: the middle of the first cell is (0, 0)."""
        return (self.north_m - np.asarray(y_m)) / self.dy_m - 0.5, (np.asarray(x_m) - self.west_m) / self.dx_m - 0.5

    def cells(self, x_m: Floats, y_m: Floats) -> tuple[Ints, Bools]:
        """Return the cells, counted row by row, that points lie in, and which points lie in one at all."""
        row, column = (np.floor(value + 0.5).astype(np.int64) for value in self.steps(x_m, y_m))
        inside = (row >= 0) & (row < self.rows) & (column >= 0) & (column < self.columns)
        return np.where(inside, row * self.columns + column, -1), inside

    def side(self, name: str) -> Ints:
        """Return the cells along a side, counted row by row."""
        number = np.arange(self.rows * self.columns).reshape(self.shape)
        sides: dict[str, Ints] = {
            "west": number[:, 0],
            "east": number[:, -1],
            "south": number[-1],
            "north": number[0],
        }
        return sides[name].copy()
