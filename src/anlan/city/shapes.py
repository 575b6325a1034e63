"""Rules of a package's geometry."""

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from anlan.city.findings import Columns, Finding, Findings

AREAS, ASSETS = "areas.parquet", "assets.parquet"
TOLERANCE_DEG2 = 1e-9  # about 10 m2: what rounding of borders may leave over

Shapes = npt.NDArray[np.object_]


def _level(areas: Columns, level: str) -> tuple[list[str], Shapes]:
    rows = [row for row, own in enumerate(areas["level"]) if own == level and areas["geometry"][row] is not None]
    shapes = np.empty(len(rows), dtype=object)
    shapes[:] = [_decode(areas["geometry"][row]) for row in rows]
    return [areas["code"][row] for row in rows], shapes


def _decode(stored: bytes) -> Any:
    return shapely.from_wkb(stored, on_invalid="ignore")


def boundaries(areas: Columns) -> Findings:
    """Cities, districts and towns have a valid boundary, and their label lies in it."""
    for level in ("city", "district", "town"):
        missing = [
            code
            for code, own, shape in zip(areas["code"], areas["level"], areas["geometry"], strict=True)
            if own == level and shape is None
        ]
        for code in missing:
            yield Finding(AREAS, code, None, "city.rule.boundary_missing")
        yield from _sound(*_level(areas, level))
    yield from _labels(areas)


def _sound(codes: list[str], shapes: Shapes) -> Findings:
    for code, shape in zip(codes, shapes, strict=True):
        if shape is None or shape.is_empty:
            yield Finding(AREAS, code, None, "city.rule.boundary_missing")
        elif not shapely.is_valid(shape):
            yield Finding(AREAS, code, shapely.is_valid_reason(shape), "city.rule.boundary_invalid")


def _labels(areas: Columns) -> Findings:
    places = {code: (lon, lat) for code, lon, lat in zip(areas["code"], areas["lon"], areas["lat"], strict=True)}
    codes, shapes = _level(areas, "town")
    for code, shape in zip(codes, shapes, strict=True):
        if shape is not None and shapely.is_valid(shape) and not shapely.intersects_xy(shape, *places[code]):
            yield Finding(AREAS, code, places[code], "city.rule.label")


def overlaps(areas: Columns) -> Findings:
    """No two towns share ground."""
    codes, shapes = _level(areas, "town")
    shapes = shapes[shapely.is_valid(shapes)]
    a, b = shapely.STRtree(shapes).query(shapes, predicate="overlaps")
    a, b = a[a < b], b[a < b]
    shared = shapely.area(shapely.intersection(shapes[a], shapes[b]))
    for first, second, area in zip(a, b, shared, strict=True):
        if area > TOLERANCE_DEG2:
            yield Finding(AREAS, codes[first], codes[second], "city.rule.overlap")


def unions(areas: Columns) -> Findings:
    """Compare each district with the union of its towns, and the city with that of its districts."""
    parents = dict(zip(areas["code"], areas["parent"], strict=True))
    for upper, lower in (("district", "town"), ("city", "district")):
        codes, shapes = _level(areas, lower)
        for code, whole in zip(*_level(areas, upper), strict=True):
            own = [shape for part, shape in zip(codes, shapes, strict=True) if parents[part] == code]
            if not own or not shapely.is_valid([whole, *own]).all():
                continue  # told by boundaries
            apart = shapely.symmetric_difference(shapely.union_all(own), whole).area
            if apart > TOLERANCE_DEG2:
                yield Finding(AREAS, code, apart, "city.rule.union")


def places(table: Columns, areas: Columns) -> Findings:
    """Every asset stands inside its area; one of the city as a whole may stand outside."""
    codes, shapes = _level(areas, "town")
    district_codes, district_shapes = _level(areas, "district")
    known = dict(zip([*codes, *district_codes], [*shapes, *district_shapes], strict=True))
    rows = [row for row, area in enumerate(table["area"]) if area in known and shapely.is_valid(known[area])]
    own = np.array([known[table["area"][row]] for row in rows], dtype=object)
    for shape in known.values():
        shapely.prepare(shape)
    inside = shapely.intersects_xy(own, [table["lon"][row] for row in rows], [table["lat"][row] for row in rows])
    for row, good in zip(rows, inside, strict=True):
        if not good:
            yield Finding(ASSETS, table["id"][row], (table["lon"][row], table["lat"][row]), "city.rule.place")
