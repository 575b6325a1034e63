"""Map layers for the browser: GeoJSON, five decimals, borders simplified alike on both sides."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow.parquet as pq
import shapely

from shanghai.areas import Row

DECIMALS = 5  # about a metre
BORDER_DEG = 0.0006  # tolerance of borders, about 60 m (Visvalingam-Whyatt: square root of a triangle's area)
LINE_DEG = 0.0001  # tolerance of lines, about 10 m


def districts(rows: list[Row], towns: list[Row]) -> dict[str, Any]:
    """Return the districts as unions of the simplified towns, so that both layers lie on each other."""
    shapes = simplified(towns)
    unions = [
        shapely.union_all([shape for town, shape in zip(towns, shapes, strict=True) if town.parent == row.code])
        for row in rows
    ]
    return collection([(_properties(row), shape) for row, shape in zip(rows, unions, strict=True)])


def towns(rows: list[Row]) -> dict[str, Any]:
    """Return the towns."""
    pairs = zip(rows, simplified(rows), strict=True)
    return collection([({**_properties(r), "parent": r.parent, "quality": r.quality}, shape) for r, shape in pairs])


def simplified(rows: list[Row]) -> npt.NDArray[np.object_]:
    """Return the boundaries with fewer points, neighbours still sharing theirs."""
    shapes = np.asarray([row.geometry for row in rows], dtype=object)
    rounded: npt.NDArray[np.object_] = _rounded(shapely.coverage_simplify(shapes, BORDER_DEG))
    broken = ~shapely.is_valid(rounded)
    rounded[broken] = shapely.make_valid(rounded[broken], method="structure", keep_collapsed=False)
    return rounded


def metro_lines(raw: Path) -> dict[str, Any]:
    """Return the metro's tracks by line."""
    features = json.loads((raw / "transport/metro_lines_osm.geojson").read_text())["features"]
    return collection(
        [
            (
                {"id": f["properties"]["id"], "zh": f["properties"]["name"], "line": f["properties"]["route"]},
                _thin(shapely.geometry.shape(f["geometry"])),
            )
            for f in features
        ]
    )


def expressways(raw: Path) -> dict[str, Any]:
    """Return expressways and elevated roads, one feature for each name."""
    table = pq.read_table(raw / "roads/expressway_skeleton_edges.parquet").to_pylist()
    names = sorted({(row["name"] or "", row["kind"] or "") for row in table})
    made = []
    for name, kind in names:
        own = [row["geometry"] for row in table if (row["name"] or "", row["kind"] or "") == (name, kind)]
        lines = shapely.line_merge(shapely.multilinestrings(shapely.from_wkb(own)))
        made.append(({"zh": name, "kind": kind}, _thin(lines)))
    return collection(made)


def city_land(raw: Path) -> dict[str, Any]:
    """Return the city's land, tidal flats left out."""
    feature = json.loads((raw / "admin/shanghai_city_land.geojson").read_text())["features"][0]
    shape = shapely.simplify(shapely.geometry.shape(feature["geometry"]), 0.0003, preserve_topology=True)
    return collection([({"code": "310000", "zh": "上海市", "en": "Shanghai"}, shapely.make_valid(_rounded(shape)))])


def collection(pairs: list[tuple[dict[str, Any], Any]]) -> dict[str, Any]:
    """Return GeoJSON of properties and shapes."""
    features = [
        {"type": "Feature", "properties": properties, "geometry": json.loads(shapely.to_geojson(shape))}
        for properties, shape in pairs
    ]
    return {"type": "FeatureCollection", "features": features}


def _properties(row: Row) -> dict[str, Any]:
    return {"code": row.code, "zh": row.zh, "en": row.en, "lon": row.lon, "lat": row.lat}


def _rounded(shapes: Any) -> Any:
    return shapely.transform(shapes, lambda xy: np.round(xy, DECIMALS))


def _thin(shape: Any) -> Any:
    thinned = _rounded(shapely.simplify(shape, LINE_DEG, preserve_topology=True))
    parts = shapely.get_parts(thinned)
    return shapely.multilinestrings(parts[shapely.is_valid(parts)])  # rounding may shrink a short part to a point
