"""Bluespots: the closed depressions of a terrain, their catchments, their volumes and where each spills to.

This is the static part of the screening method of Balstrøm and Crawford (2018): done once for a terrain. A bluespot
is a connected set of cells that the filled surface lies above, up to its sill; hollows within it are taken as one
pool with one level, where Barnes et al. (2020) would fill and merge them one by one. So a pool that is far from
full is too wide and too shallow here: the maturity of the method is `screening`.

References
----------
Balstrøm and Crawford (2018), Arc-Malstrøm: a 1D hydrologic screening method for stormwater assessments based on
geometric networks, Computers & Geosciences 116, 64-73.
Barnes, Callaghan and Wickert (2020), Computing water flow through complex landscapes, part 2: finding hierarchies
in depressions and morphological segmentations, Earth Surface Dynamics 8, 431-445.
"""

import numpy as np
from scipy import ndimage

from anlan.science.arrays import Bools, Floats, Ints, floats
from anlan.science.bluespots import Bluespots
from anlan.science.routing import Surface, fill_surface, follow, receivers


def analyse(dem_m: Floats, cell_m: float, outside: Bools | None = None, *, least_depth_m: float = 0.0) -> Bluespots:
    """Find the bluespots of a terrain.

    Parameters
    ----------
    dem_m : (rows, columns) array
        Ground level, m; NaN counts as outside.
    cell_m : float
        Side of a cell.
    outside : (rows, columns) array of bool, optional
        Cells that swallow water: the sea, rivers. So does all that lies beyond the grid.
    least_depth_m : float
        Depressions shallower than this are taken as full: they pass water on and hold none.

    Returns
    -------
    Bluespots

    Raises
    ------
    ValueError
        If the shapes differ, the grid is not a plane one, or the cell has no size.
    """
    dem_m = floats(dem_m)
    if dem_m.ndim != 2 or (outside is not None and outside.shape != dem_m.shape):
        raise ValueError("dem_m, outside: must be grids of one shape")
    if not cell_m > 0:
        raise ValueError("cell_m: must be above zero")
    inside = np.isfinite(dem_m) if outside is None else np.isfinite(dem_m) & ~outside
    shape = (int(dem_m.shape[0]), int(dem_m.shape[1]))
    surface = fill_surface(dem_m, inside)
    label = _labels(dem_m, surface, least_depth_m)
    ends = follow(receivers(surface, shape), label > 0)
    catchment = np.append(label, 0)[ends]
    pour_cell = _pour_cells(label, surface)
    downstream = np.append(0, catchment[pour_cell[1:]])
    cell = np.lexsort((dem_m.ravel(), label))[np.count_nonzero(label == 0) :]
    count = np.bincount(label[cell], minlength=len(downstream))
    first = np.append(0, np.cumsum(count))
    bottom, sill = np.full((2, len(downstream)), np.nan)
    bottom[1:] = dem_m.ravel()[cell[first[1:-1]]]
    sill[1:] = surface.filled_m[cell[first[1:-1]]]
    height = dem_m.ravel()[cell] - bottom[label[cell]]
    below = np.bincount(label[cell], height, len(downstream))
    capacity = cell_m**2 * (count * (sill - bottom) - below)
    return Bluespots(
        shape=shape,
        cell_m2=cell_m**2,
        catchment=np.where(inside, catchment.reshape(shape), -1),
        label=label.reshape(shape),
        downstream=downstream,
        generation=_generations(downstream),
        sill_m=sill,
        bottom_m=bottom,
        capacity_m3=np.append(np.inf, capacity[1:]),
        catchment_m2=floats(np.bincount(catchment[inside.ravel()], minlength=len(downstream)) * cell_m**2),
        pour_cell=pour_cell,
        cell=cell,
        height_m=height,
        first=first,
        volume_m3=cell_m**2 * _volume_below(height, label[cell], first),
    )


def _labels(dem_m: Floats, surface: Surface, least_depth_m: float) -> Ints:
    """Label the connected sets of cells under the filled surface, leaving out the shallow ones."""
    depth = np.nan_to_num(surface.filled_m.reshape(dem_m.shape) - dem_m)
    label, count = ndimage.label(depth > 0, structure=np.ones((3, 3)))
    deepest = np.zeros(count + 1)
    np.maximum.at(deepest, label.ravel(), depth.ravel())
    keep = (deepest >= least_depth_m) & (np.arange(count + 1) > 0)
    number = np.where(keep, np.cumsum(keep), 0)
    return np.asarray(number[label.ravel()], dtype=np.int64)


def _pour_cells(label: Ints, surface: Surface) -> Ints:
    """Return, for each bluespot, the first cell beyond it on its shortest way out; -1 for the outside."""
    wet = np.flatnonzero(label)
    order = wet[np.argsort(surface.rank[wet])]
    _, nearest = np.unique(label[order], return_index=True)
    return np.append(-1, surface.way_out[order[nearest]])


def _generations(downstream: Ints) -> Ints:
    """Return the longest count of spills to the outside, less that of each bluespot."""
    ahead, steps = downstream, (np.arange(len(downstream)) > 0).astype(np.int64)
    while np.any(ahead):
        steps = steps + steps[ahead]
        ahead = ahead[ahead]
    return np.asarray(steps.max(initial=0) - steps, dtype=np.int64)


def _volume_below(height_m: Floats, label: Ints, first: Ints) -> Floats:
    """Return, per m² of cell, the water in a bluespot whose level stands at each of its cells."""
    lower = np.arange(len(height_m)) - first[label]
    total = np.cumsum(height_m) - height_m
    return lower * height_m - (total - total[first[label]])
