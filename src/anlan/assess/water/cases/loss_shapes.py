"""Sections of a case about where water goes: into the soil, the air, the drains."""

from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag, model_validator

from anlan.assess.water.cases.shapes import Height, Name, Number, Path, Quantity, Raster, Where, exactly_one
from anlan.catalog.schema.base import Model, faulty

Rate = Annotated[float, Field(ge=0, le=2500, allow_inf_nan=False)]
Part = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


def _field_kind(value: Any) -> str:
    return "<raster>" if isinstance(value, dict | Model) else "<number>"


Values = Annotated[Annotated[Number, Tag("<number>")] | Annotated[Raster, Tag("<raster>")], Discriminator(_field_kind)]
"""One number for all cells, or a raster."""


class GreenAmptShape(Model):
    """Green and Ampt's infiltration: a soil by name with its saturation, or its three parameters."""

    soil: str | None = None
    saturation: Part | None = None
    conductivity_mm_h: Values | None = None
    suction_mm: Values | None = None
    deficit: Values | None = None
    pervious: Values = 1.0
    every_s: Annotated[float, Field(ge=0, le=600)] = 30.0

    @model_validator(mode="after")
    def _whole(self) -> "GreenAmptShape":
        exactly_one(self, "soil", "conductivity_mm_h")
        names = ("saturation",) if self.soil is not None else ("suction_mm", "deficit")
        missing = [name for name in names if getattr(self, name) is None]
        if missing:
            raise faulty("flood.one_needed", (), missing[0])
        return self


class CurveNumberShape(Model):
    """Loss of rain by the curve number; ``initial`` is the part of the retention that is lost first."""

    number: Values
    initial: Part = 0.2


class Infiltration(Model):
    """What the soil takes."""

    green_ampt: GreenAmptShape | None = None
    curve_number: CurveNumberShape | None = None

    @model_validator(mode="after")
    def _one(self) -> "Infiltration":
        exactly_one(self, "green_ampt", "curve_number")
        return self


class OutfallShape(Model):
    """Where the drains of a sub-catchment end."""

    level_m: Quantity
    outfall_m: Height
    street_m: Height
    flap: bool = True


class SubcatchmentShape(Model):
    """Drains of a place without pipe data; of all cells with ground if no place is given."""

    name: Name
    where: Where | None = None
    inlets: Where | None = None
    capacity_mm_h: Rate
    storage_mm: Rate
    inlet_mm_h: Rate
    pumped: Part = 0.0
    outfall: OutfallShape | None = None


class SwmmShape(Model):
    """Sewers of a SWMM 5 input file whose coordinates are in the CRS of the case."""

    inp: Path
    every_s: Annotated[float, Field(gt=0, le=600)] = 5.0
    closed: tuple[str, ...] = ()
    rim_off_m: Annotated[float, Field(gt=0, le=100)] = 1.0
    alone_s: Annotated[float, Field(ge=0, le=1e6)] = 0.0


class DrainsShape(Model):
    """Drains: by capacity where nothing is known of the pipes, or by SWMM."""

    capacity: tuple[SubcatchmentShape, ...] = ()
    swmm: SwmmShape | None = None

    @model_validator(mode="after")
    def _some(self) -> "DrainsShape":
        if not self.capacity and self.swmm is None:
            raise faulty("flood.one_needed", (), "capacity", "swmm")
        return self
