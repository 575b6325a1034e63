"""The part of the city's grid that one forecast of water is run on."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from anlan.city.city import City
from anlan.city.terrain import Terrain
from anlan.science.arrays import Bools, Ints
from anlan.science.compiled import Singles

_MARGIN = 10
"""Cells around the towns asked about, so that what their neighbours send them, and take from them, is there."""


@dataclass(frozen=True, eq=False)
class District:
    """A cut of the city's grid around some towns; arrays (rows, columns) unless said otherwise.

    Attributes
    ----------
    bed_m
        Ground; NaN outside the city.
    cell
        Number of each cell in the city's grid, counted row by row.
    town
        Row of the town in the terrain's towns; -1 for none.
    water
        Rivers: they take what runs to them, and their dikes keep their own water from the land.
    own
        Land of the towns asked about.
    cell_m
        Side of a cell.
    """

    bed_m: Singles
    cell: npt.NDArray[np.int32]
    town: npt.NDArray[np.int16]
    water: Bools
    own: Bools
    cell_m: float

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        rows, columns = self.bed_m.shape
        return rows, columns

    @cached_property
    def town_cells(self) -> dict[int, Ints]:
        """The land of each town that has any here, as cells counted row by row."""
        land = (np.isfinite(self.bed_m) & ~self.water & (self.town >= 0)).ravel()
        cells = np.flatnonzero(land)
        town = self.town.ravel()[cells]
        order = np.argsort(town, kind="stable")
        rows, first = np.unique(town[order], return_index=True)
        return dict(zip(rows.tolist(), np.split(cells[order], first[1:]), strict=True))

    def local(self, city_cell: Ints) -> Ints:
        """Return the place in this cut, counted row by row, of cells of the city's grid; -1 off the cut's ground."""
        table = np.full(int(self.cell.max()) + 2, -1, dtype=np.int64)
        ground = np.isfinite(self.bed_m)
        table[self.cell[ground]] = np.flatnonzero(ground)
        inside = (city_cell >= 0) & (city_cell < len(table))
        return np.where(inside, table[np.where(inside, city_cell, 0)], -1)

    def coarse(self, factor: int) -> "District":
        """Return the cut in cells ``factor`` times as wide: mean ground, and the town and river of most of each.

        Its ``cell`` numbers are its own, row by row: it has none in the city's grid.
        """
        rows, columns = (-(-side // factor) for side in self.shape)
        town = _most(self.town, factor, -1)
        return District(
            bed_m=self.block_mean(self.bed_m, factor),
            cell=np.arange(rows * columns, dtype=np.int32).reshape(rows, columns),
            town=town,
            water=_most(self.water.astype(np.int16), factor, 0) > 0,
            own=_most(self.own.astype(np.int16), factor, 0) > 0,
            cell_m=self.cell_m * factor,
        )

    def block_mean(self, field: Singles, factor: int) -> Singles:
        """Return the mean over the ground of blocks of ``factor`` by ``factor`` cells; NaN where there is none."""
        ground = np.isfinite(self.bed_m)
        count = _blocks(ground.astype(np.float32), factor, 0).sum(axis=(1, 3))
        total = _blocks(np.where(ground, field, 0).astype(np.float32), factor, 0).sum(axis=(1, 3))
        return np.where(count > 0, total / np.maximum(count, 1), np.nan).astype(np.float32)

    def fine(self, field: Singles, factor: int) -> Singles:
        """Return a field of coarse cells on the cells of this cut."""
        rows, columns = self.shape
        return np.repeat(np.repeat(field, factor, axis=-2), factor, axis=-1)[..., :rows, :columns]


def _blocks(field: npt.NDArray[Any], factor: int, missing: float) -> npt.NDArray[Any]:
    """Return (rows, factor, columns, factor), filled up at the far edges."""
    rows, columns = field.shape
    more = (-rows % factor, -columns % factor)
    padded = np.pad(field, ((0, more[0]), (0, more[1])), constant_values=missing)
    return padded.reshape(padded.shape[0] // factor, factor, padded.shape[1] // factor, factor)


def _most(field: npt.NDArray[np.int16], factor: int, missing: int) -> npt.NDArray[np.int16]:
    """Return the middle value of each block in order: that of most of it, where one has more than half."""
    blocks = _blocks(field, factor, missing).transpose(0, 2, 1, 3)
    ordered = np.sort(blocks.reshape(*blocks.shape[:2], factor * factor), axis=-1)
    return np.asarray(ordered[..., (factor * factor) // 2])


_CUTS: WeakKeyDictionary[Terrain, dict[tuple[int, ...], District]] = WeakKeyDictionary()


def district_of(city: City, towns: Ints) -> District:
    """Return the cut around some towns (rows in the terrain's towns), made once for each terrain in memory."""
    cuts = _CUTS.setdefault(city.terrain, {})
    key = tuple(sorted(towns.tolist()))
    if key not in cuts:
        cuts[key] = _cut(city.terrain, np.array(key))
    return cuts[key]


def _cut(terrain: Terrain, towns: Ints) -> District:
    inside = np.isin(terrain.town, towns)
    rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    height, width = terrain.shape
    part = (
        slice(max(0, rows[0] - _MARGIN), min(height, rows[-1] + 1 + _MARGIN)),
        slice(max(0, columns[0] - _MARGIN), min(width, columns[-1] + 1 + _MARGIN)),
    )
    town, water = terrain.town[part], terrain.water[part]
    numbers = np.arange(height * width, dtype=np.int32).reshape(height, width)[part]
    bed = np.where(town < 0, np.float32(np.nan), terrain.elevation_m[part])
    land = inside[part] & ~water
    return District(bed, numbers, town, water, land, terrain.cell_m)
