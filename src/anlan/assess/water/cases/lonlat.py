"""Rain on a grid of degrees, as nowcasts come: looked up at the middles of blocks of the case's own plane."""

from dataclasses import dataclass

import numpy as np
from pyproj import CRS, Transformer

from anlan.science.arrays import Floats, Ints, floats
from anlan.science.flood import rainfall

_DEGREE_M = 111_195.0
"""Of latitude, on a sphere of 6 371 km: only chooses the side of the blocks."""

_FINER = 4
"""Blocks along a cell's side: their edges then follow those of turned cells to an eighth of a cell."""


@dataclass(frozen=True, eq=False)
class Blocks:
    """Blocks over the grid of a flood, and the cells of degrees around the middle of each with their weights."""

    frame: rainfall.Frame
    row: Ints
    column: Ints
    weight: Floats

    def filled(self, values: Floats) -> Floats:
        """Return values (times, rows, columns) on the blocks."""
        found = np.zeros((len(values), len(self.row[0])))
        for row, column, weight in zip(self.row, self.column, self.weight, strict=True):
            found += np.where(weight > 0, values[:, row, column] * weight, 0.0)  # a blind cell without weight is none
        return found.reshape(len(values), self.frame.rows, self.frame.columns)


def blocks_of(
    lat: Floats, lon: Floats, stated: CRS, crs: CRS, ground: rainfall.Frame, *, nearest: bool
) -> Blocks | None:
    """Return the blocks; None if the grid of degrees does not reach over that of the flood.

    Parameters
    ----------
    lat, lon : arrays
        Middles of rows and columns, evenly spaced; latitudes may fall or rise.
    stated, crs
        Of the degrees, and of the plane.
    nearest
        Whether a block takes its nearest cell, or the four around it (bilinear).
    """
    to = Transformer.from_crs(crs, stated, always_xy=True)

    def steps(x: Floats, y: Floats) -> tuple[Floats, Floats]:
        found = to.transform(*np.meshgrid(x, y))
        return floats(found[1] - lat[0]).ravel() / (lat[1] - lat[0]), floats(found[0] - lon[0]).ravel() / (
            lon[1] - lon[0]
        )

    rows, columns = len(lat), len(lon)
    row, column = steps(*(axis[[0, -1]] for axis in ground.centres_m()))
    if not ((row > -1) & (row < rows) & (column > -1) & (column < columns)).all():
        return None
    inner = ground.coarse(abs(float(lat[1] - lat[0])) * _DEGREE_M / _FINER)
    side = inner.dx_m
    frame = rainfall.Frame(inner.west_m - side, inner.north_m + side, side, side, inner.rows + 2, inner.columns + 2)
    row, column = steps(*frame.centres_m())
    row, column = np.clip(row, 0, rows - 1), np.clip(column, 0, columns - 1)
    if nearest:
        row, column = np.floor(row + 0.5), np.floor(column + 0.5)
    first_row, first_column = (
        np.minimum(np.floor(v).astype(np.int64), max(n - 2, 0)) for v, n in ((row, rows), (column, columns))
    )
    part_row, part_column = row - first_row, column - first_column
    at_row = np.stack([first_row, first_row, first_row + 1, first_row + 1])
    at_column = np.stack([first_column, first_column + 1, first_column, first_column + 1])
    weight = np.stack(
        [
            (1 - part_row) * (1 - part_column),
            (1 - part_row) * part_column,
            part_row * (1 - part_column),
            part_row * part_column,
        ]
    )
    return Blocks(frame, at_row, at_column, floats(weight))
