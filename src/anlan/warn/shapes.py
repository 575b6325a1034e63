"""Boundaries of areas as CAP polygons: few points, and nobody who lives inside is left out."""

from functools import lru_cache
from itertools import pairwise

import shapely
from shapely.geometry.base import BaseGeometry

from anlan.warn.cap import Polygon

MOST_POINTS = 100
"""Points of one ring: keeps a message with a dozen areas in two languages below 100 kB."""

_FIRST_TOLERANCE_DEG = 0.0005  # about 50 m
_GROWTH = 1.25
_DECIMALS = 5  # about 1 m


@lru_cache(maxsize=512)
def polygons(boundary: BaseGeometry) -> tuple[Polygon, ...]:
    """Return a boundary as closed rings in latitude and longitude.

    The boundary is widened by a tolerance and then simplified by less than half of it, so that the rings cover it; the
    tolerance grows until every ring is short enough. Holes are filled, because CAP has none.
    """
    tolerance = _FIRST_TOLERANCE_DEG
    while True:
        simple = _simplified(boundary, tolerance)
        if all(len(part.exterior.coords) <= MOST_POINTS for part in simple):
            return tuple(_ring(part) for part in simple)
        tolerance *= _GROWTH


def _simplified(boundary: BaseGeometry, tolerance: float) -> list[shapely.Polygon]:
    wide = boundary.buffer(tolerance, quad_segs=2)
    filled = shapely.union_all([shapely.Polygon(part.exterior) for part in _parts(wide)])
    return _parts(shapely.simplify(filled, 0.45 * tolerance))


def _parts(geometry: BaseGeometry) -> list[shapely.Polygon]:
    return [part for part in shapely.get_parts(geometry) if isinstance(part, shapely.Polygon)]


def _ring(part: shapely.Polygon) -> Polygon:
    points = [(round(lat, _DECIMALS), round(lon, _DECIMALS)) for lon, lat in part.exterior.coords]
    distinct = [points[0], *(b for a, b in pairwise(points) if a != b)]
    return Polygon(tuple(distinct))
