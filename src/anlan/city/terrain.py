"""The ground of a city on a grid, and what its towns drain and store."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow.parquet as pq

from anlan.city.package import Package
from anlan.city.projection import Projection

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
NODATA_CM = -32768  # as written by the package's builder


@dataclass(frozen=True, eq=False)
class Towns:
    """What each town drains, stores and has built over; rows in the order of ``code``.

    ``drain_mm_h`` is the rain that the drains take, ``storage_mm`` the rain that wets, soaks and fills hollows before
    any runs off, ``built_share`` the share of land built over, ``basements`` a count, ``land_cells`` cells of the grid.
    """

    code: npt.NDArray[np.str_]
    drain_mm_h: Floats
    storage_mm: Floats
    built_share: Floats
    basements: Ints
    land_cells: Ints


@dataclass(frozen=True, eq=False)
class Terrain:
    """A north-up grid of ground heights.

    Attributes
    ----------
    elevation_m
        Shape (rows, columns), metres above the city's datum; NaN outside the city.
    town
        Shape (rows, columns), row in ``towns``; -1 outside the city.
    water
        Shape (rows, columns), true on rivers.
    west, north
        Outer edges of the first cell in the metric system.
    cell_m
        Side of a cell.
    synthetic
        True where the ground was made by a script and not surveyed.
    """

    elevation_m: npt.NDArray[np.float32]
    town: npt.NDArray[np.int16]
    water: npt.NDArray[np.bool_]
    west: float
    north: float
    cell_m: float
    towns: Towns
    projection: Projection
    synthetic: bool

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        rows, cols = self.elevation_m.shape
        return rows, cols

    def cells(self, lon: npt.ArrayLike, lat: npt.ArrayLike) -> tuple[Ints, Ints]:
        """Return row and column of each point (degrees); -1 and -1 for a point off the grid."""
        x, y = self.projection.metres(lon, lat)
        rows = np.floor((self.north - y) / self.cell_m).astype(np.int64)
        cols = np.floor((x - self.west) / self.cell_m).astype(np.int64)
        off = (rows < 0) | (cols < 0) | (rows >= self.shape[0]) | (cols >= self.shape[1])
        return np.where(off, -1, rows), np.where(off, -1, cols)

    def centres(self, rows: npt.ArrayLike, cols: npt.ArrayLike) -> tuple[Floats, Floats]:
        """Return longitude and latitude of cells' centres."""
        x = self.west + (np.asarray(cols) + 0.5) * self.cell_m
        y = self.north - (np.asarray(rows) + 0.5) * self.cell_m
        return self.projection.degrees(x, y)

    def spread(self, by_town: npt.ArrayLike) -> Floats:
        """Spread a total of each town evenly over its land.

        Parameters
        ----------
        by_town
            Shape (towns,), in the order of ``towns.code``: people, say.

        Returns
        -------
        Shape (rows, columns): the part of the total on each cell; 0 on water and outside.
        """
        share = np.asarray(by_town, dtype=np.float64) / np.maximum(1, self.towns.land_cells)
        land = (self.town >= 0) & ~self.water
        return np.where(land, np.append(share, 0.0)[self.town], 0.0)

    @cached_property
    def outside(self) -> npt.NDArray[np.bool_]:
        """Cells that swallow water: rivers and all that is not the city."""
        return self.water | (self.town < 0)


def load_terrain(package: Package, projection: Projection) -> Terrain:
    """Read the grids of a package."""
    grid = package.manifest["grid"]
    with np.load(package.path("terrain.npz")) as stored:
        height, town, bits = stored["elevation_cm"], stored["town"], stored["water"]
    elevation = np.where(height == NODATA_CM, np.float32(np.nan), height / np.float32(100))
    return Terrain(
        elevation_m=elevation.astype(np.float32),
        town=town,
        water=np.unpackbits(bits, axis=1, count=height.shape[1]).astype(bool),
        west=float(grid["west"]),
        north=float(grid["north"]),
        cell_m=float(grid["cell"]),
        towns=load_towns(package),
        projection=projection,
        synthetic=bool(package.files["terrain.npz"]["synthetic"]),
    )


def load_towns(package: Package) -> Towns:
    """Read what each town drains and stores."""
    table = pq.read_table(package.path("towns.parquet"))
    columns = {name: table[name].to_numpy(zero_copy_only=False) for name in table.column_names}
    columns["code"] = columns["code"].astype(np.str_)
    return Towns(**columns)
