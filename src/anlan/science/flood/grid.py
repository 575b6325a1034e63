"""The ground that water flows over: a regular grid of bed heights in metres."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from anlan.science.arrays import Bools
from anlan.science.compiled import Singles

_LEAST_CELLS = 1


@dataclass(frozen=True, eq=False)
class Grid:
    """A north-up grid of cells, row 0 in the north.

    Attributes
    ----------
    bed_m : (rows, columns) float array
        Height of the ground; NaN where there is none: water flows around such holes, and none falls into them.
    dx_m, dy_m : float
        Width and height of a cell; they may differ.
    manning : float or (rows, columns) float32 array
        Manning's n, s/m^(1/3).
    wall_x_m : (rows, columns - 1) float32 array, or None
        Crest of a wall, levee or closed gate between a cell and its right-hand neighbour; NaN for none.
    wall_y_m : (rows - 1, columns) float32 array, or None
        The same between a cell and the one below it.

    Raises
    ------
    ValueError
        If shapes do not fit, a cell has no size, or a bed, n or crest is infinite or n not above zero.
    """

    bed_m: npt.NDArray[np.floating]
    dx_m: float
    dy_m: float
    manning: float | Singles
    wall_x_m: Singles | None = None
    wall_y_m: Singles | None = None

    def __post_init__(self) -> None:
        if self.bed_m.ndim != 2 or min(self.bed_m.shape) < _LEAST_CELLS:
            raise ValueError(f"bed_m: must have rows and columns, not shape {self.bed_m.shape}")
        if np.isinf(self.bed_m).any() or not self.ground.any():
            raise ValueError("bed_m: heights must be finite, or NaN for no ground, and some must be ground")
        if not (self.dx_m > 0 and self.dy_m > 0 and np.isfinite([self.dx_m, self.dy_m]).all()):
            raise ValueError(f"dx_m, dy_m: cells must have a size, not {self.dx_m} by {self.dy_m}")
        n = np.broadcast_to(np.asarray(self.manning), self.bed_m.shape)[self.ground]
        if not (np.isfinite(n).all() and (n > 0).all()):
            raise ValueError("manning: must be above zero on all ground")
        rows, columns = self.bed_m.shape
        for name, wall, shape in (
            ("wall_x_m", self.wall_x_m, (rows, columns - 1)),
            ("wall_y_m", self.wall_y_m, (rows - 1, columns)),
        ):
            if wall is not None and (wall.shape != shape or np.isinf(wall).any()):
                raise ValueError(f"{name}: must have shape {shape} and finite crests, or NaN for none")

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        rows, columns = self.bed_m.shape
        return rows, columns

    @property
    def ground(self) -> Bools:
        """Where there is ground."""
        return np.asarray(np.isfinite(self.bed_m))

    @property
    def cell_m2(self) -> float:
        """Area of a cell."""
        return self.dx_m * self.dy_m

    def manning_at(self, cells: npt.NDArray[np.int64]) -> Singles:
        """Return Manning's n of cells counted row by row."""
        return np.broadcast_to(np.asarray(self.manning, dtype=np.float32), self.shape).ravel()[cells]
