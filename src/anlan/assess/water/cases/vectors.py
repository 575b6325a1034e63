"""Points, lines and polygons of files, in the CRS of a case.

A layer states its CRS (GeoJSON is in WGS 84 by RFC 7946, section 4, unless it says otherwise) and is brought into that
of the case; one that states none is refused, since a wrong guess is a wrong map.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyogrio.raw
import shapely
from pyogrio.errors import DataLayerError, DataSourceError, FieldError
from pyproj import CRS, Transformer
from shapely.geometry.base import BaseGeometry

from anlan.assess.water.cases.case import Draft
from anlan.assess.water.cases.faults import Findings, Spot
from anlan.assess.water.cases.rasters import same
from anlan.assess.water.cases.shapes import Vectors

MOST_FEATURES = 5_000_000
"""A city of 25 million people has about 3 million footprints of buildings; more is a slip in the layer's name."""


@dataclass(frozen=True, eq=False)
class Feature:
    """One simple shape of a layer: parts of a multi-shape stand alone."""

    shape: BaseGeometry
    values: Mapping[str, Any]
    number: int

    def measure(self, attribute: str, spot: Spot, low: float, high: float) -> float:
        """Return an attribute that must be a number within bounds.

        Raises
        ------
        RefusedError
            Naming the feature.
        """
        if attribute not in self.values:
            raise spot.refused("vector.no_attribute", attribute, *sorted(self.values))
        value = self.values[attribute]
        try:
            number = float(value)
        except (TypeError, ValueError):
            raise spot.refused("vector.not_number", value, attribute, self.number) from None
        if not low <= number <= high:
            raise spot.refused("vector.range", number, attribute, self.number, low, high)
        return number

    def name(self, attribute: str, otherwise: str) -> str:
        """Return the feature's name, or one with its number."""
        value = self.values.get(attribute)
        return str(value) if value else f"{otherwise}-{self.number}"


def features(
    draft: Draft, vectors: Vectors, crs: CRS, spot: Spot, findings: Findings, *, kinds: Sequence[str]
) -> list[Feature]:
    """Return the shapes of a layer in the order of the file.

    Parameters
    ----------
    kinds
        What shapes are meant: Point, LineString, Polygon.

    Raises
    ------
    RefusedError
        If the layer cannot be read, is empty, has other shapes, or states no CRS.
    """
    meta, wkb, columns = _read(draft, vectors, spot)
    if len(wkb) == 0:
        raise (spot / "file").refused("vector.empty", vectors.file)
    if meta["crs"] is None:
        raise (spot / "file").refused("vector.no_crs", vectors.file)
    shapes = _brought(shapely.from_wkb(wkb, on_invalid="ignore"), CRS.from_user_input(meta["crs"]), crs, spot, vectors)
    names = [str(name) for name in meta["fields"]]
    found = [
        Feature(part, dict(zip(names, (column[number] for column in columns), strict=True)), number + 1)
        for number, shape in enumerate(shapes)
        for part in _parts(shape)
    ]
    strange = {one.shape.geom_type for one in found} - set(kinds)
    if strange:
        raise (spot / "file").refused("vector.kind", ", ".join(sorted(strange)), *kinds)
    if not found:
        raise (spot / "file").refused("vector.empty", vectors.file)
    if any(shape is None or shape.is_empty for shape in shapes):
        findings.note(spot / "file", "vector.no_shape", sum(s is None or s.is_empty for s in shapes))
    return found


def _read(draft: Draft, vectors: Vectors, spot: Spot) -> tuple[Any, Any, Any]:
    path = draft.file(vectors.file)
    if not path.exists():
        raise (spot / "file").refused("file.missing", vectors.file)
    try:
        meta, _, wkb, columns = pyogrio.raw.read(
            path, layer=vectors.layer, where=vectors.where, max_features=MOST_FEATURES
        )
    except DataLayerError as error:
        layers = [str(name) for name in pyogrio.list_layers(path)[:, 0]]
        raise (spot / "layer").refused("vector.no_layer", vectors.layer or vectors.file, error, *layers) from None
    except (DataSourceError, FieldError, ValueError) as error:
        at = "where" if "where" in str(error).lower() else "file"
        raise (spot / at).refused("file.unreadable", vectors.file, error) from None
    if len(wkb) == MOST_FEATURES:
        raise (spot / "file").refused("vector.too_many", vectors.file, MOST_FEATURES)
    return meta, wkb, columns


def _brought(shapes: Any, stated: CRS, crs: CRS, spot: Spot, vectors: Vectors) -> Any:
    if not same(stated, crs):
        to = Transformer.from_crs(stated, crs, always_xy=True)
        shapes = shapely.transform(shapes, lambda at: np.stack(to.transform(at[:, 0], at[:, 1]), axis=1))
    coordinates = shapely.get_coordinates(shapes)
    if not np.isfinite(coordinates).all():
        raise (spot / "file").refused("vector.not_in_crs", vectors.file, stated.to_string()[:60])
    return shapes


def _parts(shape: BaseGeometry | None) -> Iterator[BaseGeometry]:
    if shape is None or shape.is_empty:
        return
    if hasattr(shape, "geoms"):
        for part in shape.geoms:
            yield from _parts(part)
    else:
        yield shape
