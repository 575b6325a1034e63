"""From a place of a case to cells of its grid."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from rasterio.features import rasterize
from shapely.geometry import LineString, Polygon, box
from shapely.geometry.base import BaseGeometry

from anlan.assess.water.cases.case import Draft
from anlan.assess.water.cases.faults import Findings, Spot
from anlan.assess.water.cases.frame import Frame
from anlan.assess.water.cases.shapes import Where
from anlan.assess.water.cases.vectors import features
from anlan.science.arrays import Floats, Ints


def cells_of(draft: Draft, where: Where, frame: Frame, bed: Floats, spot: Spot, findings: Findings) -> Ints:
    """Return the cells with ground that a place means, counted row by row, in rising order.

    Raises
    ------
    RefusedError
        If there are none, or a point lies off the grid.
    """
    cells = frame.side(where.side) if where.side is not None else _shaped(draft, where, frame, spot, findings)
    heights = bed.ravel()[cells]
    good = ~np.isnan(heights)
    if where.below_m is not None:
        good &= heights < where.below_m
    if not good.any():
        raise spot.refused("where.no_ground", "" if where.below_m is None else f"below_m {where.below_m}")
    return np.unique(cells[good])


def _shaped(draft: Draft, where: Where, frame: Frame, spot: Spot, findings: Findings) -> Ints:
    if where.points is not None:
        return point_cells(np.array(where.points), frame, spot / "points")
    if where.box is not None:
        shapes: list[BaseGeometry] = [box(*where.box)]
    elif where.line is not None:
        shapes = [LineString(where.line)]
    elif where.polygon is not None:
        shapes = [Polygon(where.polygon)]
    elif where.vectors is not None:
        kinds = ("Point", "LineString", "Polygon")
        found = features(draft, where.vectors, frame.crs, spot / "vectors", findings, kinds=kinds)
        shapes = [one.shape for one in found]
    else:
        raise RuntimeError("a place has one of its forms")
    areas = [shape for shape in shapes if shape.geom_type == "Polygon"]
    thin = [shape for shape in shapes if shape.geom_type != "Polygon"]
    hit = np.zeros(frame.shape, dtype=np.bool_)
    for some, touched in ((areas, False), (thin, True)):
        if some:
            hit |= rasterize(some, out_shape=frame.shape, transform=frame.transform, all_touched=touched) > 0
    if not hit.any():
        bounds = " ".join(f"{value:.1f}" for value in shapely.union_all(shapes).bounds)
        raise spot.refused("where.outside", bounds, " ".join(f"{value:.1f}" for value in frame.bounds))
    return np.flatnonzero(hit)


def point_cells(points: Floats, frame: Frame, spot: Spot) -> Ints:
    """Return the cell of each point.

    Raises
    ------
    RefusedError
        If one lies off the grid.
    """
    cells, inside = frame.cells(points[:, 0], points[:, 1])
    if not inside.all():
        x, y = points[np.flatnonzero(~inside)[0]]
        raise spot.refused("where.outside", f"{x:.1f} {y:.1f}", " ".join(f"{value:.1f}" for value in frame.bounds))
    return cells


MOST_MOMENTS = 50_000
"""Of frames or of looks at points: a year of ten minutes."""


@dataclass(frozen=True, eq=False)
class Places:
    """Points of a case, in the order of the case."""

    names: tuple[str, ...]
    x_m: Floats
    y_m: Floats
    cells: tuple[int, ...]


def check_amounts(draft: Draft) -> None:
    """Refuse outputs that fill a disk by a slip in a number of seconds.

    Raises
    ------
    RefusedError
    """
    given, spot = draft.case.outputs, draft.spot / "outputs"
    length_s = 0.0 if draft.case.time is None else draft.case.time.length_s
    for every_s, at in (
        (given.frames_every_s, spot / "frames_every_s"),
        (None if given.points is None else given.points.every_s, spot / "points" / "every_s"),
    ):
        if every_s is not None and length_s / every_s > MOST_MOMENTS:
            raise at.refused("outputs.moments", every_s, int(length_s / every_s), MOST_MOMENTS)


def read_places(draft: Draft, frame: Frame, bed: npt.NDArray[np.floating], findings: Findings) -> Places | None:
    """Return the points whose series a case asks for; None where it asks for none.

    Raises
    ------
    RefusedError
        If one lies off the grid or where there is no ground, or two have one name.
    """
    given, spot = draft.case.outputs.points, draft.spot / "outputs" / "points"
    if given is None:
        return None
    names, at = [point.name for point in given.items], [point.at for point in given.items]
    if given.vectors is not None:
        found = features(draft, given.vectors, frame.crs, spot / "vectors", findings, kinds=("Point",))
        names += [one.name(given.name, "point") for one in found]
        at += [(float(one.shape.coords[0][0]), float(one.shape.coords[0][1])) for one in found]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise spot.refused("twice", twice[0], *twice)
    points = np.array(at)
    cells = point_cells(points, frame, spot)
    bare = np.flatnonzero(np.isnan(bed.ravel()[cells]))
    if len(bare):
        raise spot.refused("where.no_ground", names[int(bare[0])])
    return Places(tuple(names), points[:, 0], points[:, 1], tuple(int(cell) for cell in cells))
