"""Sections of a case about what carries, lifts and holds water apart from the ground.

Each structure stands in the case, or is a feature of a file whose attributes have the names of the fields: the first
and last point of a line are its two ends, a point or a polygon is the place of what has one place only.
"""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, model_validator

from anlan.assess.water.cases.drive_shapes import Depth
from anlan.assess.water.cases.shapes import Height, Name, Number, Positive, Quantity, Vectors, Where, exactly_one
from anlan.catalog.schema.base import Model, faulty

Part = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
NotNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class Ends(Model):
    """Two ends: cells of the grid, and for the second, cells or a level outside of the grid."""

    name: Name
    first: Where
    second: Where | None = None
    outside_m: Quantity | None = None

    @model_validator(mode="after")
    def _one_second(self) -> "Ends":
        exactly_one(self, "second", "outside_m")
        return self


class CulvertShape(Ends):
    """Barrels, a box or a pipe; see `anlan.science.flood.culverts`."""

    box_breadth_m: Positive | None = None
    box_height_m: Positive | None = None
    diameter_m: Positive | None = None
    length_m: Positive
    first_invert_m: Height
    second_invert_m: Height
    entrance: str
    manning: Annotated[float, Field(gt=0, le=0.1)] = 0.012
    barrels: Annotated[int, Field(ge=1, le=100)] = 1
    flap: bool = False

    @model_validator(mode="after")
    def _section(self) -> "CulvertShape":
        exactly_one(self, "box_breadth_m", "diameter_m")
        if (self.box_breadth_m is None) != (self.box_height_m is None):
            raise faulty("flood.one_needed", (), "box_height_m" if self.box_height_m is None else "box_breadth_m")
        return self


class WeirShape(Ends):
    """A crest that water falls over; see `anlan.science.flood.openings`."""

    crest_m: Height
    breadth_m: Positive
    slope: NotNegative = 0.0
    coefficient: Positive | None = None
    flap: bool = False


def _watched_kind(value: Any) -> str:
    return "<place>" if isinstance(value, dict | Model) else "<end>"


Watched = Annotated[
    Annotated[Literal["first", "second"], Tag("<end>")] | Annotated[Where, Tag("<place>")],
    Discriminator(_watched_kind),
]


class GateShape(Ends):
    """A gate, worked by a schedule of openness (0 to 1) or by a rule on a level: of an end, or of other cells."""

    sill_m: Height
    height_m: Positive
    breadth_m: Positive
    coefficient: Positive | None = None
    schedule: Quantity | None = None
    watched: Watched | None = None
    upper_m: Height | None = None
    lower_m: Height | None = None
    opens_high: bool = False
    moving_s: NotNegative = 0.0
    openness: Part = 1.0

    @model_validator(mode="after")
    def _rule(self) -> "GateShape":
        exactly_one(self, "schedule", "watched")
        if self.watched is not None and (self.upper_m is None or self.lower_m is None):
            raise faulty("flood.one_needed", (), "upper_m" if self.upper_m is None else "lower_m")
        return self


class BreachShape(Ends):
    """A breach through a levee: it grows from the crest to a trapezoid, from a moment or a level on."""

    crest_m: Height
    bottom_m: Height
    breadth_m: NotNegative
    slope: NotNegative = 1.0
    growing_hours: NotNegative
    start_hours: NotNegative | None = None
    trigger_m: Height | None = None

    @model_validator(mode="after")
    def _begins(self) -> "BreachShape":
        if self.start_hours is None and self.trigger_m is None:
            raise faulty("flood.one_needed", (), "start_hours", "trigger_m")
        return self


class PumpShape(Model):
    """A pump or a station: what it lifts, from where to where, by which levels, and when it fails."""

    name: Name
    intake: Where
    outlet: Where | None = None
    outside_m: Quantity | None = None
    discharge_m3_s: Positive | None = None
    head_m: tuple[Number, ...] | None = None
    lifted_m3_s: tuple[NotNegative, ...] | None = None
    start_m: Height
    stop_m: Height
    failures_hours: tuple[tuple[Number, Number], ...] = ()

    @model_validator(mode="after")
    def _curve(self) -> "PumpShape":
        exactly_one(self, "discharge_m3_s", "head_m")
        if self.outlet is not None and self.outside_m is not None:
            raise faulty("flood.one_of", (), "outlet", "outside_m")
        if self.head_m is not None and len(self.head_m) != len(self.lifted_m3_s or ()):
            raise faulty("flood.as_many", ("lifted_m3_s",), str(len(self.head_m)), str(len(self.lifted_m3_s or ())))
        return self


class StorageShape(Model):
    """A basement, underpass or metro entrance: a space behind a sill; see `anlan.science.flood.storages`."""

    name: Name
    street: Where
    sill_m: Height
    sill_breadth_m: Positive
    floor_m: Height
    area_m2: Positive
    capacity_m3: Positive
    pump_m3_s: Positive | None = None
    pump_stop_depth_m: Depth = 0.0
    pump_fails_hours: NotNegative | None = None
    pump_to_street: bool = False


class Features(Model):
    """Structures of one kind, from a file."""

    kind: Literal["culverts", "weirs", "gates", "breaches", "pumps", "storages"]
    vectors: Vectors


class Structures(Model):
    """All structures of a case."""

    culverts: tuple[CulvertShape, ...] = ()
    weirs: tuple[WeirShape, ...] = ()
    gates: tuple[GateShape, ...] = ()
    breaches: tuple[BreachShape, ...] = ()
    pumps: tuple[PumpShape, ...] = ()
    storages: tuple[StorageShape, ...] = ()
    files: tuple[Features, ...] = ()
