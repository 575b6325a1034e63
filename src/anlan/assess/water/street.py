"""How deep water stands at single places of the terrain, on a grid of its own cells or on a coarse one with tables."""

from dataclasses import replace

import numpy as np

from anlan.science.arrays import Floats, Ints, floats
from anlan.science.compiled import Singles
from anlan.science.flood.grid import Grid
from anlan.science.flood.subgrid_tables import SubgridTables


class Street:
    """Some places of a terrain, as cells of it, and the cells of the water that they lie in.

    Attributes
    ----------
    ground_m
        Height of the ground at each place.
    water
        The grid whose depths the solver keeps: the terrain, or the coarse grid of the tables.
    cells
        Of that grid, counted row by row, one for each place.
    """

    def __init__(self, terrain: Grid, places: Ints, tables: SubgridTables | None = None) -> None:
        """Take the places.

        Raises
        ------
        ValueError
            If the tables were made from a terrain of another shape.
        """
        self.ground_m = floats(terrain.bed_m.ravel()[places])
        self.water, self.cells = terrain, places
        self._tables = None
        if tables is None:
            return
        if terrain.shape != tables.fine_shape:
            raise ValueError(f"tables: were made from a terrain of {tables.fine_shape}, not {terrain.shape}")
        rows, columns = np.divmod(places, terrain.shape[1])
        at = rows // tables.factor[0], columns // tables.factor[1]
        self.water = tables.grid
        self.cells = at[0] * tables.grid.shape[1] + at[1]
        if len(places):
            bed = tables.grid.bed_m[at][None]
            self._tables = replace(
                tables, grid=Grid(bed, tables.grid.dx_m, tables.grid.dy_m, 1.0), cells=tables.cells[at][None]
            )

    def level_m(self, depth_m: Singles) -> Floats:
        """Return the level at each place, given what the solver keeps for its cell."""
        return self.ground_m + depth_m if self._tables is None else floats(self._tables.level_m(depth_m[None])[0])

    def depth_m(self, depth_m: Singles) -> Floats:
        """Return the depth over the ground of each place, given what the solver keeps for its cell."""
        return floats(depth_m if self._tables is None else np.maximum(self.level_m(depth_m) - self.ground_m, 0))
