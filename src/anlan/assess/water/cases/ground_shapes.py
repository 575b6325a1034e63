"""Sections of a case about the ground: terrain, roughness, buildings, walls."""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, model_validator

from anlan.assess.water.cases.shapes import (
    Coordinates,
    Height,
    Name,
    Number,
    Path,
    Positive,
    Raster,
    Vectors,
    exactly_one,
)
from anlan.catalog.schema.base import FrozenMap, Model, faulty

Roughness = Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)]
"""Manning's n, s/m^(1/3): concrete 0.012, dense wood 0.2 (Chow 1959, table 5-6)."""

CellSide = Annotated[float, Field(ge=0.1, le=10_000, allow_inf_nan=False)]
Method = Literal["average", "nearest", "bilinear", "cubic", "min", "max", "med"]


def _cell_kind(value: Any) -> str:
    return "<sides>" if isinstance(value, tuple) else "<side>"


Cell = Annotated[
    Annotated[CellSide, Tag("<side>")] | Annotated[tuple[CellSide, CellSide], Tag("<sides>")], Discriminator(_cell_kind)
]
"""The side of a square cell, or width and height."""


class Domain(Model):
    """The part of the terrain that is computed: a box, and no ground outside of some polygons."""

    bounds: tuple[Number, Number, Number, Number] | None = None
    mask: Vectors | None = None

    @model_validator(mode="after")
    def _box(self) -> "Domain":
        if self.bounds is None and self.mask is None:
            raise faulty("flood.one_needed", (), "bounds", "mask")
        if self.bounds is not None and not (self.bounds[0] < self.bounds[2] and self.bounds[1] < self.bounds[3]):
            raise faulty("flood.box", ("bounds",))
        return self


class Terrain(Raster):
    """Heights of the ground.

    ``voids``: what becomes of cells without data: they are ``walls`` (no ground), filled from their neighbours as far
    as ``fill_cells``, or refused.
    """

    cell_m: Cell | None = None
    method: Method = "average"
    voids: Literal["walls", "fill", "refuse"] = "walls"
    fill_cells: Annotated[int, Field(ge=1, le=1000)] = 10


class LandCover(Raster):
    """Roughness by class of land cover; keys of the table are the classes' numbers."""

    table: FrozenMap[str, Roughness] | None = None
    table_file: Path | None = None

    @model_validator(mode="after")
    def _one(self) -> "LandCover":
        exactly_one(self, "table", "table_file")
        return self


class Roughnesses(Model):
    """Roughness from a raster of n, or from land cover."""

    raster: Raster | None = None
    land_cover: LandCover | None = None

    @model_validator(mode="after")
    def _one(self) -> "Roughnesses":
        exactly_one(self, "raster", "land_cover")
        return self


def _manning_kind(value: Any) -> str:
    return "<raster>" if isinstance(value, dict | Model) else "<number>"


Manning = Annotated[
    Annotated[Roughness, Tag("<number>")] | Annotated[Roughnesses, Tag("<raster>")], Discriminator(_manning_kind)
]


class Buildings(Vectors):
    """Footprints of buildings.

    ``raise`` lifts the cells by ``height_m`` (or the attribute of that name): rain runs off them. ``block`` takes them
    out of the grid: nothing falls there and nothing passes.
    """

    treat: Literal["raise", "block"]
    height_m: Positive | None = None
    height: str | None = None
    touched: bool = False

    @model_validator(mode="after")
    def _height(self) -> "Buildings":
        if self.treat == "raise":
            exactly_one(self, "height_m", "height")
        return self


class Wall(Model):
    """A wall or levee: a line inline, or the lines of a file.

    Its crest is a height of the terrain's datum (``crest_m``, or an attribute ``crest``), or so much above the highest
    ground beside the line (``above_ground_m``, attribute ``above_ground``).
    """

    name: Name
    line: Annotated[tuple[Coordinates, ...], Field(min_length=2)] | None = None
    vectors: Vectors | None = None
    crest_m: Height | None = None
    above_ground_m: Positive | None = None
    crest: str | None = None
    above_ground: str | None = None

    @model_validator(mode="after")
    def _one(self) -> "Wall":
        exactly_one(self, "line", "vectors")
        exactly_one(self, "crest_m", "above_ground_m", "crest", "above_ground")
        if self.line is not None and (self.crest or self.above_ground):
            raise faulty("flood.attribute_of_inline", ("crest" if self.crest else "above_ground",))
        return self
