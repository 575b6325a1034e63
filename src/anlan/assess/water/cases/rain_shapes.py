"""The section of a case about rain: one series, gauges, a radar's grid, or a design storm."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from anlan.assess.water.cases.shapes import Name, Number, Path, Positive, Vectors, exactly_one
from anlan.catalog.schema.base import FrozenMap, Model, faulty

Marks = Literal["begin", "end"]
"""Whether the moment of a row is that at which its interval begins, or ends."""

Measure = Literal["mm_h", "mm"]
"""A rate, or what fell in the interval."""

HEAVIEST_MM_H = 2500.0
"""More than the greatest minute ever told of: 38 mm in 1970 at Barot, Guadeloupe (WMO-No. 168, table of records)."""

Rate = Annotated[float, Field(ge=0, le=HEAVIEST_MM_H)]


class Uniform(Model):
    """The same rain everywhere: a CSV file, or ``hours`` (one more than rates) between which ``mm_h`` falls."""

    file: Path | None = None
    time: str = "time"
    value: str = "rain"
    measure: Measure | None = None
    marks: Marks | None = None
    hours: Annotated[tuple[Number, ...], Field(min_length=2, max_length=100_000)] | None = None
    mm_h: Annotated[tuple[Rate, ...], Field(min_length=1, max_length=100_000)] | None = None

    @model_validator(mode="after")
    def _one(self) -> "Uniform":
        exactly_one(self, "file", "hours")
        if self.file is not None and (self.measure is None or self.marks is None):
            raise faulty("flood.one_needed", (), "measure" if self.measure is None else "marks")
        if self.hours is not None and len(self.hours) != len(self.mm_h or ()) + 1:
            raise faulty("flood.hours_and_rates", ("hours",), str(len(self.mm_h or ()) + 1), str(len(self.hours)))
        if self.hours is not None and any(b <= a for a, b in zip(self.hours, self.hours[1:], strict=False)):
            raise faulty("flood.not_rising", ("hours",))
        return self


class Gauges(Model):
    """Rain between gauges: a CSV file with a column for each, and where they stand."""

    file: Path
    time: str = "time"
    measure: Measure
    marks: Marks
    places: FrozenMap[Name, tuple[Number, Number]] | None = None
    vectors: Vectors | None = None
    name: str = "name"
    silent: Literal["refuse", "others"] = "refuse"
    block_m: Positive = 1000.0
    power: Annotated[float, Field(gt=0, le=10)] | None = 2.0

    @model_validator(mode="after")
    def _one(self) -> "Gauges":
        exactly_one(self, "places", "vectors")
        return self


class Radar(Model):
    """Rain on a grid of its own: NetCDF with time, y and x in the case's CRS."""

    file: Path
    variable: str
    measure: Measure | None = None
    marks: Marks
    blind_mm_h: Rate | None = None
    fill: Literal["nearest", "bilinear"] = "bilinear"


class Formula(Model):
    """Intensity q = a (1 + c lg P) / (t + b)^n in L/(s ha), t in minutes, P in years, and where it was published."""

    a_l_s_ha: Positive
    c: Annotated[float, Field(ge=0, le=10)]
    b_min: Annotated[float, Field(ge=0, le=200)]
    n: Annotated[float, Field(gt=0, lt=1)]
    source: Annotated[str, Field(min_length=1)]


class Design(Model):
    """A Chicago storm (Keifer and Chu 1957)."""

    formula: Formula
    years: Annotated[float, Field(ge=0.25, le=10_000)]
    minutes: Annotated[float, Field(gt=0, le=10_080)]
    step_minutes: Annotated[float, Field(gt=0, le=1440)] = 5.0
    peak: Annotated[float, Field(ge=0.05, le=0.95)] = 0.4
    begin_hours: Annotated[float, Field(ge=0, le=8784)] = 0.0
    area_km2: Annotated[float, Field(ge=0, le=100_000)] = 0.0


class Rain(Model):
    """One kind of rain."""

    uniform: Uniform | None = None
    gauges: Gauges | None = None
    radar: Radar | None = None
    design: Design | None = None

    @model_validator(mode="after")
    def _one(self) -> "Rain":
        exactly_one(self, "uniform", "gauges", "radar", "design")
        return self
