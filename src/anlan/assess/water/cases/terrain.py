"""The ground of a case: which cells there are, and how high they lie."""

from typing import Any

import numpy as np
from pyproj import CRS
from rasterio.enums import Resampling
from rasterio.features import geometry_mask
from rasterio.fill import fillnodata

from anlan.assess.water.cases.case import Draft
from anlan.assess.water.cases.faults import Findings, Spot
from anlan.assess.water.cases.frame import Frame
from anlan.assess.water.cases.ground_shapes import Domain, Terrain
from anlan.assess.water.cases.rasters import advised, case_crs, crs_of, in_metres, laid, opened, same
from anlan.assess.water.cases.vectors import features
from anlan.science.arrays import Floats

MOST_CELLS = 200_000_000
"""A bound against a slip in the size of a cell: about 8 GB of state."""

LOWEST_M, HIGHEST_M = -500.0, 9000.0
"""Dry ground lies between -430 m (the shore of the Dead Sea) and 8 849 m; a canal's bed is not much lower."""

_NOISE = 1e-6  # of a cell
_RESAMPLING = {name: Resampling[name] for name in ("average", "nearest", "bilinear", "cubic", "min", "max", "med")}


def read_terrain(draft: Draft, findings: Findings) -> tuple[Frame, Floats]:
    """Return the frame of a case and the heights of its cells, NaN where there is no ground.

    Raises
    ------
    RefusedError
        If the terrain is in another CRS than the case, does not cover the domain, is empty, too large, out of range.
    """
    terrain, spot = draft.case.terrain, draft.spot / "terrain"
    if terrain is None:
        raise RuntimeError("terrain is read of a case that has one")
    crs = case_crs(draft)
    with opened(draft, terrain, spot) as held:
        stated = crs_of(held, terrain, crs, spot, findings)
        if stated.is_geographic:
            raise (spot / "file").refused("raster.degrees", terrain.file, *advised(stated, held.bounds))
        if not same(stated, crs):
            raise (spot / "file").refused("crs.differs", terrain.file, stated.to_string()[:60], crs.to_string()[:60])
        in_metres(held, terrain, spot)
        frame = _frame(draft, terrain, held, crs, findings)
        native = abs(held.transform.a - frame.dx_m) < _NOISE and abs(-held.transform.e - frame.dy_m) < _NOISE
        method = Resampling.nearest if native else _RESAMPLING[terrain.method]
        bed = laid(held, terrain, crs, frame, method, spot)
    bed = _checked(bed, terrain, frame, spot, findings)
    return frame, _masked(bed, frame, draft, findings)


def _frame(draft: Draft, terrain: Terrain, held: Any, crs: CRS, findings: Findings) -> Frame:
    spot = draft.spot / "terrain"
    west, south, east, north = held.bounds
    dx, dy = held.transform.a, -held.transform.e
    if terrain.cell_m is not None:
        dx, dy = terrain.cell_m if isinstance(terrain.cell_m, tuple) else (terrain.cell_m, terrain.cell_m)
    whole = int((east - west) / dx + _NOISE), int((north - south) / dy + _NOISE)
    if min(whole) < 1:
        raise (spot / "cell_m").refused("terrain.smaller_than_cell", terrain.cell_m, east - west, north - south)
    first, last = (0, 0), whole
    bounds = _domain(draft, crs, findings)
    if bounds is not None:
        slack = max(dx, dy) / 2
        if (
            bounds[0] < west - slack
            or bounds[1] < south - slack
            or bounds[2] > east + slack
            or bounds[3] > north + slack
        ):
            raise (draft.spot / "domain").refused("terrain.not_covering", _box(bounds), _box(held.bounds))
        first = max(0, int((bounds[0] - west) / dx + _NOISE)), max(0, int((north - bounds[3]) / dy + _NOISE))
        last = (
            min(whole[0], int(np.ceil((bounds[2] - west) / dx - _NOISE))),
            min(whole[1], int(np.ceil((north - bounds[1]) / dy - _NOISE))),
        )
    columns, rows = last[0] - first[0], last[1] - first[1]
    if min(columns, rows) < 1:
        raise (draft.spot / "domain").refused("terrain.smaller_than_cell", terrain.cell_m, columns * dx, rows * dy)
    if columns * rows > MOST_CELLS:
        raise (spot / "cell_m").refused("terrain.too_many_cells", f"{columns} x {rows}", MOST_CELLS)
    return Frame(crs, west + first[0] * dx, north - first[1] * dy, dx, dy, rows, columns)


def _domain(draft: Draft, crs: CRS, findings: Findings) -> tuple[float, float, float, float] | None:
    domain = draft.case.domain
    if domain is None or domain.bounds is not None:
        return None if domain is None else domain.bounds
    held = _mask(domain, draft, crs, findings)
    return _union(held)


def _union(held: Any) -> tuple[float, float, float, float]:
    bounds = np.array([one.shape.bounds for one in held])
    west, south = bounds[:, :2].min(axis=0)
    east, north = bounds[:, 2:].max(axis=0)
    return float(west), float(south), float(east), float(north)


def _mask(domain: Domain, draft: Draft, crs: CRS, findings: Findings) -> Any:
    spot = draft.spot / "domain" / "mask"
    if domain.mask is None:
        raise RuntimeError("a mask is read of a domain that has one")
    return features(draft, domain.mask, crs, spot, findings, kinds=("Polygon",))


def _masked(bed: Floats, frame: Frame, draft: Draft, findings: Findings) -> Floats:
    domain = draft.case.domain
    if domain is None or domain.mask is None:
        return bed
    held = _mask(domain, draft, frame.crs, findings)
    outside = geometry_mask([one.shape for one in held], out_shape=frame.shape, transform=frame.transform)
    if (outside | np.isnan(bed)).all():
        raise (draft.spot / "domain" / "mask").refused("where.no_ground", domain.mask.file)
    return np.where(outside, np.nan, bed)


def _checked(bed: Floats, terrain: Terrain, frame: Frame, spot: Spot, findings: Findings) -> Floats:
    holes = np.isnan(bed)
    if holes.all():
        raise (spot / "file").refused("raster.empty", terrain.file)
    low, high = float(np.nanmin(bed)), float(np.nanmax(bed))
    if not (low >= LOWEST_M and high <= HIGHEST_M):
        at = divmod(int(np.nanargmin(bed) if low < LOWEST_M else np.nanargmax(bed)), frame.columns)
        raise (spot / "file").refused(
            "terrain.range", low if low < LOWEST_M else high, frame.x_m[at[1]], frame.y_m[at[0]], LOWEST_M, HIGHEST_M
        )
    if not holes.any():
        return bed
    if terrain.voids == "refuse":
        raise (spot / "voids").refused("terrain.voids", int(holes.sum()), bed.size)
    if terrain.voids == "fill":
        bed = fillnodata(bed.astype(np.float32), mask=~holes, max_search_distance=terrain.fill_cells).astype(float)
        bed[bed < LOWEST_M] = np.nan
        findings.note(spot / "voids", "terrain.filled", int(holes.sum() - np.isnan(bed).sum()))
        holes = np.isnan(bed)
    if holes.any():
        findings.note(spot / "voids", "terrain.walls", int(holes.sum()), bed.size)
    return bed


def _box(bounds: Any) -> str:
    return " ".join(f"{value:.1f}" for value in bounds)
