"""What a coarse cell holds and what its faces carry at each level, from terrain finer than the cell.

Each coarse cell keeps the wet part of its area against level, each face the wet part of its breadth and its roughness.
Both are steps at a few levels, placed where the heights of the pixels are: volume and flow area, their integrals, are
straight between the levels and go on with the full wet part above the highest.

- Volume: V(eta) is the sum over pixels of max(0, eta - z) (D00, C09).
- Face: flow area A(eta) and conveyance K(eta), the sum over pixel pairs of h^(5/3) / n (V13, S19, with Manning's
  friction), on the higher bed of each pair along the line of the face. K is kept as the n of the plain channel that has
  the same flow area: n² = A^(10/3) / K², per breadth; O25 keeps depth, wet part and n in the same sense.
- Pixels without ground (NaN) neither hold nor carry; pixels that water fills in part count by that part (S08).

A pixel that differs from others little shares a level with them, so that the groups explain most of the variance
(Otsu's cut, repeated); the mean height of a group keeps the volume above it exact.

References
----------
D00: Defina (2000), Water Resources Research 36, 3251-3264.
C09: Casulli (2009), International Journal for Numerical Methods in Fluids 60, 391-408.
V13: Volp, van Prooijen and Stelling (2013), Water Resources Research 49, 4124-4135.
S08: Sanders, Schubert and Gallegos (2008), Journal of Hydrology 362, 19-38: porosity of urban ground.
S19: Sanders and Schubert (2019), Advances in Water Resources 126, 79-95: PRIMo.
O25: van Ormondt, Leijnse, de Goede, Nederhoff and van Dongeren (2025), Geoscientific Model Development 18, 843-861.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from anlan.science.compiled import Singles
from anlan.science.flood.grid import Grid
from anlan.science.flood.kernels.subgrid_tables import FAR_M, cells, depths_of, faces, levels_of
from anlan.science.flood.team import Team

_FAR = float(FAR_M)
_cells: Callable[..., None] = cells
_faces: Callable[..., None] = faces
_levels_of: Callable[..., None] = levels_of
_depths_of: Callable[..., None] = depths_of


@dataclass(frozen=True, eq=False)
class SubgridTables:
    """A coarse grid with what is finer than its cells.

    Attributes
    ----------
    grid
        The coarse grid; its bed is the lowest level of each cell, NaN where no pixel is ground.
    factor
        Fine pixels along a coarse cell's height and width.
    fine_shape
        Rows and columns of the fine terrain.
    datum_m
        Height that levels in the tables are counted from.
    cells
        (rows, columns, 2, levels): levels, and wet part of the cell from each on.
    right, below
        (rows, columns, 3, levels): levels, wet part of the face from each on, n² at each; of the face to the right of a
        cell, and of that below it.
    """

    grid: Grid
    factor: tuple[int, int]
    fine_shape: tuple[int, int]
    datum_m: float
    cells: Singles
    right: Singles
    below: Singles

    def mean_depth_m(self, levels_m: npt.NDArray[np.floating]) -> Singles:
        """Return volume over cell area, (rows, columns), of cells whose water stands at levels of the same shape."""
        if levels_m.shape != self.grid.shape:
            raise ValueError(f"levels_m: must have shape {self.grid.shape}, not {levels_m.shape}")
        found = np.zeros(self.grid.shape, dtype=np.float32)
        wanted = np.where(self.grid.ground, levels_m - self.datum_m, -FAR_M).astype(np.float32)
        _depths_of(wanted, self.cells, found)
        return found

    def level_m(self, mean_depth_m: Singles) -> Singles:
        """Return the levels, (rows, columns), at mean depths; the lowest ground where dry, NaN where there is none."""
        found = np.empty(self.grid.shape, dtype=np.float32)
        _levels_of(np.ascontiguousarray(mean_depth_m, dtype=np.float32), self.cells, found)
        return np.where(found < FAR_M, found + np.float32(self.datum_m), np.float32(np.nan))

    def fine_depth_m(self, level_m: Singles, fine_bed_m: npt.NDArray[np.floating]) -> Singles:
        """Return depths on the fine terrain under level water in each coarse cell; NaN where there is no ground.

        Raises
        ------
        ValueError
            If the terrain has another shape than that which the tables were made from.
        """
        if fine_bed_m.shape != self.fine_shape:
            raise ValueError(f"fine_bed_m: must have shape {self.fine_shape}, not {fine_bed_m.shape}")
        found = np.empty(self.fine_shape, dtype=np.float32)
        fy, fx = self.factor
        for i in range(self.grid.shape[0]):
            rows = slice(i * fy, (i + 1) * fy)
            level = np.repeat(level_m[i], fx)[: self.fine_shape[1]]
            found[rows] = np.maximum(level - fine_bed_m[rows], 0)
        return found


def subgrid_tables(
    fine: Grid,
    factor: int | tuple[int, int],
    *,
    levels: int = 16,
    open_part: Singles | None = None,
    reach: int = 1,
    team: Team | None = None,
) -> SubgridTables:
    """Make the tables of a coarse grid from fine terrain.

    Parameters
    ----------
    fine
        The fine terrain. Walls on the lines of coarse faces stay where they are; walls inside a coarse cell move to the
        nearest face. What is left over at the lower and right-hand edges counts as a part of a cell without ground.
    factor
        Fine pixels along a coarse cell's side, or (along its height, along its width).
    levels
        Levels of a table at most; coarse cells of fewer pixels take fewer.
    open_part
        The shape of the fine bed, the part of each pixel, 0 to 1, that water can fill: porous buildings. None for all.
    reach
        How many pixels on each side of a face, half of a cell at most, water must pass in a straight line. With 1 only
        the pair on the face counts: canals that bend within cells go through. With more, buildings beside a face stand
        in the way: streets come out better, canals worse.

    Raises
    ------
    ValueError
        If the factor or the reach is not at least 1, the reach is more than half of a cell, levels are fewer than 4, or
        the open part has another shape or range.
    """
    fy, fx = (factor, factor) if isinstance(factor, int) else factor
    if min(fy, fx) < 1:
        raise ValueError(f"factor: must be at least 1, not {factor}")
    if not 1 <= reach <= (min(fy, fx) + 1) // 2:
        raise ValueError(f"reach: must be within 1 and half of a cell, not {reach}")
    if levels < _FEWEST_LEVELS:
        raise ValueError(f"levels: must be at least {_FEWEST_LEVELS}, not {levels}")
    if open_part is not None and (
        open_part.shape != fine.shape or not ((open_part >= 0) & (open_part <= 1)).all()  # NaN is refused too
    ):
        raise ValueError("open_part: must have the shape of the bed and lie within 0 and 1")
    team = team or Team()
    datum = float(np.nanmedian(fine.bed_m))
    rows, columns = -(-fine.shape[0] // fy), -(-fine.shape[1] // fx)
    shape = rows * fy, columns * fx
    bed = _padded(np.where(fine.ground, fine.bed_m - datum, FAR_M), shape, _FAR)
    share = None if open_part is None else _padded(open_part, shape, 0)
    n = _roughness(fine, shape)
    found = [
        np.full((rows, columns, 2, min(levels, fy * fx)), FAR_M, dtype=np.float32),
        np.full((rows, columns, 3, min(levels, _PER_PAIR * fy + 1)), FAR_M, dtype=np.float32),
        np.full((rows, columns, 3, min(levels, _PER_PAIR * fx + 1)), FAR_M, dtype=np.float32),
    ]
    shares = team.shares(0, rows)
    team.do([partial(_cells, bed, share, (fy, fx), found[0].shape[3], *rows_of, found[0]) for rows_of in shares])
    for down, crest in ((False, _walls_right(fine, (fy, fx), columns)), (True, _walls_below(fine, (fy, fx), rows))):
        table = found[2 if down else 1]
        team.do(
            [
                partial(_faces, bed, share, n, crest, (fy, fx), reach, down, table.shape[3], *rows_of, table)
                for rows_of in shares
            ]
        )
    lowest = found[0][:, :, 0, 0]
    grid = Grid(
        np.where(lowest < FAR_M, lowest + np.float32(datum), np.float32(np.nan)),
        fine.dx_m * fx,
        fine.dy_m * fy,
        fine.manning if isinstance(fine.manning, float | int) else _mean(n, (fy, fx), bed < FAR_M),
    )
    return SubgridTables(grid, (fy, fx), fine.shape, datum, *found)


_FEWEST_LEVELS = 4
_PER_PAIR = 2  # levels of a face for each pixel pair on it: its height, and one for the bend of the roughness above it


def _padded(values: npt.NDArray[np.floating], shape: tuple[int, int], missing: float) -> Singles:
    """Return values in float32 on a larger grid."""
    if values.shape == shape:
        return np.ascontiguousarray(values, dtype=np.float32)
    found = np.full(shape, missing, dtype=np.float32)
    found[: values.shape[0], : values.shape[1]] = values
    return found


def _roughness(fine: Grid, shape: tuple[int, int]) -> Singles:
    if isinstance(fine.manning, float | int):
        return np.array([fine.manning], dtype=np.float32)
    return _padded(np.where(fine.ground, fine.manning, 1), shape, 1)


def _mean(n: Singles, factor: tuple[int, int], ground: npt.NDArray[np.bool_]) -> Singles:
    """Return the mean n of the ground in each coarse cell; 1 where there is none."""
    fy, fx = factor
    blocks = ground.shape[0] // fy, fy, ground.shape[1] // fx, fx
    count = ground.reshape(blocks).sum(axis=(1, 3))
    total = np.where(ground, n, 0).reshape(blocks).sum(axis=(1, 3), dtype=np.float64)
    return np.where(count > 0, total / np.maximum(count, 1), 1).astype(np.float32)


def _walls_right(fine: Grid, factor: tuple[int, int], columns: int) -> Singles | None:
    """Return crests on the faces to the right, (rows, columns, pixels): the highest within half a cell."""
    if fine.wall_x_m is None:
        return None
    fy, fx = factor
    rows = -(-fine.shape[0] // fy)
    lines = np.full((rows * fy, columns * fx), -FAR_M, dtype=np.float32)
    datum = float(np.nanmedian(fine.bed_m))
    lines[: fine.shape[0], : fine.shape[1] - 1] = np.where(np.isnan(fine.wall_x_m), -FAR_M, fine.wall_x_m - datum)
    found = np.full((rows * fy, columns), -FAR_M, dtype=np.float32)
    begin = fx - 1 - (fx - 1) // 2
    inner = lines[:, begin : begin + fx * (columns - 1)].reshape(rows * fy, columns - 1, fx)
    found[:, : columns - 1] = inner.max(axis=2)
    return np.ascontiguousarray(found.reshape(rows, fy, columns).transpose(0, 2, 1))


def _walls_below(fine: Grid, factor: tuple[int, int], rows: int) -> Singles | None:
    """Return crests on the faces below, as `_walls_right` on the grid turned over."""
    if fine.wall_y_m is None:
        return None
    turned = Grid(fine.bed_m.T, fine.dy_m, fine.dx_m, 1.0, wall_x_m=fine.wall_y_m.T)
    crests = _walls_right(turned, (factor[1], factor[0]), rows)
    return None if crests is None else np.ascontiguousarray(crests.transpose(1, 0, 2))
