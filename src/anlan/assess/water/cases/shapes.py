"""Shapes that the sections of a case share: a file of map data, a quantity against time, a place on the grid."""

from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag, model_validator

from anlan.catalog.schema.base import Model, faulty

Name = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f/\\.]+$")]
Path = Annotated[str, Field(min_length=1, max_length=1000)]
Number = Annotated[float, Field(allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Coordinates = tuple[Number, Number]
Height = Annotated[float, Field(ge=-500, le=9000)]
"""Metres: the lowest dry ground on Earth lies at -430 m, the highest at 8 849 m; a -9999 is a hole in the data."""


def exactly_one(model: Model, *names: str) -> None:
    """Refuse a model in which not exactly one of some fields is given.

    Raises
    ------
    PydanticCustomError
    """
    given = [name for name in names if getattr(model, name) is not None]
    if len(given) != 1:
        raise faulty("flood.one_of" if given else "flood.one_needed", (), *names)


class Raster(Model):
    """A raster: GeoTIFF or COG, ESRI ASCII, NetCDF, or whatever else GDAL reads.

    ``band`` must be given where there are several, ``variable`` where a NetCDF file has several.
    """

    file: Path
    band: Annotated[int, Field(ge=1, le=10_000)] | None = None
    variable: str | None = None
    nodata: Number | None = None


class Vectors(Model):
    """A layer of points, lines or polygons: GeoPackage, GeoJSON, Shapefile."""

    file: Path
    layer: str | None = None
    where: str | None = None


class FromTable(Model):
    """A quantity from the columns of a CSV file with a head line."""

    file: Path
    time: str = "time"
    value: str = "value"


class Inline(Model):
    """A quantity that stands in the case: hours after the beginning, and values."""

    hours: Annotated[tuple[Number, ...], Field(min_length=1, max_length=100_000)]
    values: Annotated[tuple[Number, ...], Field(min_length=1, max_length=100_000)]

    @model_validator(mode="after")
    def _as_many(self) -> "Inline":
        if len(self.hours) != len(self.values):
            raise faulty("flood.as_many", ("values",), str(len(self.hours)), str(len(self.values)))
        if any(b <= a for a, b in zip(self.hours, self.hours[1:], strict=False)):
            raise faulty("flood.not_rising", ("hours",))
        return self


def _kind(value: Any) -> str:
    if isinstance(value, dict | Model):
        return "<table>" if "file" in (value if isinstance(value, dict) else type(value).model_fields) else "<inline>"
    return "<steady>"


Quantity = Annotated[
    Annotated[Number, Tag("<steady>")] | Annotated[FromTable, Tag("<table>")] | Annotated[Inline, Tag("<inline>")],
    Discriminator(_kind),
]
"""One number, a table, or hours with values."""


class Where(Model):
    """Some cells of the grid.

    A side of the grid, a box (west, south, east, north), a line or points (the cells that it touches), a polygon (the
    cells whose middle it holds) or a file of such shapes.
    """

    side: Annotated[str, Field(pattern=r"^(west|east|south|north)$")] | None = None
    box: tuple[Number, Number, Number, Number] | None = None
    line: Annotated[tuple[Coordinates, ...], Field(min_length=2)] | None = None
    polygon: Annotated[tuple[Coordinates, ...], Field(min_length=3)] | None = None
    points: Annotated[tuple[Coordinates, ...], Field(min_length=1)] | None = None
    vectors: Vectors | None = None
    below_m: Height | None = None

    @model_validator(mode="after")
    def _one(self) -> "Where":
        exactly_one(self, "side", "box", "line", "polygon", "points", "vectors")
        if self.box is not None and not (self.box[0] < self.box[2] and self.box[1] < self.box[3]):
            raise faulty("flood.box", ("box",))
        return self
