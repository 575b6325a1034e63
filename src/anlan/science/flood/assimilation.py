"""Observed depths draw the water of a model towards them: optimal interpolation with a limited reach.

The model's error is taken as correlated between two cells by a function of their distance that falls to zero at a
finite reach (Gaspari and Cohn 1999), the observations' errors as independent. Then the best linear estimate is
x + B Hᵀ (H B Hᵀ + R)⁻¹ (y - H x) (Gandin 1963; Lorenc 1981). Two things hold water back from where it cannot be: depths
do not fall below zero, and a cell above the water's level at the nearest gauge gains nothing.

References
----------
Gaspari and Cohn (1999), Quarterly Journal of the Royal Meteorological Society 125, 723-757, equation 4.10.
Lorenc (1981), Monthly Weather Review 109, 701-721.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from anlan.science.arrays import Floats, Ints, floats
from anlan.science.compiled import Singles


@dataclass(frozen=True)
class Errors:
    """Standard deviations of the model's and of the observed depths, m, and how far the model's errors reach, m."""

    model_m: float
    gauge_m: float
    reach_m: float

    def __post_init__(self) -> None:
        if not (self.model_m > 0 and self.gauge_m > 0 and self.reach_m > 0):
            raise ValueError("errors: standard deviations and the reach must be above zero")


@dataclass(frozen=True, eq=False)
class Gauges:
    """Depths observed in cells counted row by row, each cell once."""

    cell: Ints
    depth_m: Floats

    def __post_init__(self) -> None:
        if len(self.cell) != len(self.depth_m) or len(np.unique(self.cell)) != len(self.cell):
            raise ValueError("gauges: one depth for each cell, and each cell once")
        if not (np.isfinite(self.depth_m).all() and (self.depth_m >= 0).all()):
            raise ValueError("gauges: depths must be finite and not negative")


def gaspari_cohn(distance: npt.ArrayLike, reach: float) -> Floats:
    """Return the correlation at distances: 1 at none, 0 from ``reach`` on, smooth between (eq. 4.10, c = reach / 2).

    Examples
    --------
    >>> gaspari_cohn([0.0, 1.0, 2.0], reach=2.0).round(4).tolist()
    [1.0, 0.2083, 0.0]
    """
    z = np.abs(floats(distance)) / (reach / 2)
    near = 1 - 5 / 3 * z**2 + 5 / 8 * z**3 + z**4 / 2 - z**5 / 4
    wide = np.maximum(z, 1.0)
    far = 4 - 5 * wide + 5 / 3 * wide**2 + 5 / 8 * wide**3 - wide**4 / 2 + wide**5 / 12 - 2 / (3 * wide)
    return np.where(z <= 1, near, np.where(z < 2, far, 0.0))


def analysed(
    depth_m: Singles, bed_m: npt.NDArray[np.floating], cell_m: float, gauges: Gauges, errors: Errors
) -> Singles:
    """Return the depths drawn towards the gauges.

    Parameters
    ----------
    depth_m, bed_m
        (rows, columns), the bed NaN where there is no ground.
    cell_m
        Side of a cell.

    Returns
    -------
    (rows, columns) float32; where no gauge reaches it is what it was.
    """
    if len(gauges.cell) == 0:
        return depth_m.copy()
    rows, columns = np.divmod(gauges.cell, depth_m.shape[1])
    between = np.hypot(rows[:, None] - rows, columns[:, None] - columns) * cell_m
    covariance = gaspari_cohn(between, errors.reach_m) * errors.model_m**2
    misfit = gauges.depth_m - depth_m.ravel()[gauges.cell]
    weights = np.linalg.solve(covariance + np.eye(len(misfit)) * errors.gauge_m**2, misfit) * errors.model_m**2
    change, allowed = np.zeros(depth_m.shape), np.zeros(depth_m.shape, dtype=np.bool_)
    reach, shape = int(np.ceil(errors.reach_m / cell_m)), depth_m.shape
    flat = bed_m.ravel()
    for number, (row, column) in enumerate(zip(rows.tolist(), columns.tolist(), strict=True)):
        y = np.arange(max(0, row - reach), min(shape[0], row + reach + 1))
        x = np.arange(max(0, column - reach), min(shape[1], column + reach + 1))
        part = np.ix_(y, x)
        change[part] += weights[number] * gaspari_cohn(np.hypot(y[:, None] - row, x - column) * cell_m, errors.reach_m)
        level = flat[gauges.cell[number]] + max(gauges.depth_m[number], float(depth_m[row, column]))
        allowed[part] |= bed_m[part] <= level
    change = np.where((change > 0) & ~allowed, 0.0, change)
    return np.where(np.isfinite(bed_m), np.maximum(depth_m + change, 0), depth_m).astype(np.float32)
