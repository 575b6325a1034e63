"""Sections of a case about what drives the water, how long, and what is kept of it."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, model_validator

from anlan.assess.water.cases.shapes import (
    Coordinates,
    Height,
    Name,
    Positive,
    Quantity,
    Raster,
    Vectors,
    Where,
    exactly_one,
)
from anlan.catalog.schema.base import Model, faulty

Moment = Annotated[AwareDatetime, Field(strict=False)]
Seconds = Annotated[float, Field(ge=1, le=1e7, allow_inf_nan=False)]
Depth = Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)]


class Level(Model):
    """A prescribed water level."""

    name: Name
    where: Where
    level_m: Quantity


class Inflow(Model):
    """A discharge into some cells; negative takes out."""

    name: Name
    where: Where
    discharge_m3_s: Quantity


class Edge(Model):
    """An open edge: water leaves in uniform flow with the slope given."""

    name: Name
    where: Where
    slope: Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)]


class Boundaries(Model):
    """Where water enters or leaves besides rain."""

    levels: tuple[Level, ...] = ()
    inflows: tuple[Inflow, ...] = ()
    edges: tuple[Edge, ...] = ()


class Initial(Model):
    """Water at the beginning: a depth, a raster of depths, or a level; in some cells or in all."""

    depth_m: Depth | None = None
    level_m: Height | None = None
    raster: Raster | None = None
    where: Where | None = None

    @model_validator(mode="after")
    def _one(self) -> "Initial":
        exactly_one(self, "depth_m", "level_m", "raster")
        return self


class Time(Model):
    """When the run begins and ends; series in hours or seconds count from the beginning."""

    begin: Moment
    end: Moment | None = None
    hours: Annotated[float, Field(gt=0, le=24 * 366, allow_inf_nan=False)] | None = None

    @model_validator(mode="after")
    def _one(self) -> "Time":
        exactly_one(self, "end", "hours")
        if self.end is not None and self.end <= self.begin:
            raise faulty("flood.end_before_begin", ("end",))
        return self

    @property
    def length_s(self) -> float:
        """Seconds from the beginning to the end."""
        return self.hours * 3600.0 if self.end is None else (self.end - self.begin).total_seconds()  # type: ignore[operator]  # one of the two is given


class Rules(Model):
    """The numbers of the scheme, see `anlan.science.flood`; left out, those of the scheme itself."""

    theta: Annotated[float, Field(gt=0, le=1)] | None = None
    courant: Annotated[float, Field(gt=0, le=1)] | None = None
    film_m: Annotated[float, Field(gt=0, le=0.1)] | None = None
    froude: Positive | None = None
    share: Annotated[float, Field(gt=0, le=0.25)] | None = None
    longest_step_s: Annotated[float, Field(gt=0, le=60)] | None = None


class Subgrid(Model):
    """Of the scheme of that name: how many cells of the terrain one cell of the water has along each side.

    ``least_step_s``: the step that deep water does not shorten further.
    """

    factor: Annotated[int, Field(ge=2, le=100)] = 5
    levels: Annotated[int, Field(ge=4, le=256)] = 16
    least_step_s: Annotated[float, Field(ge=0, le=60)] = 0.0


class Point(Model):
    """A place whose depth and level are kept against time."""

    name: Name
    at: Coordinates


class Points(Model):
    """Places inline or of a file (``name``: the attribute that names them)."""

    items: tuple[Point, ...] = ()
    vectors: Vectors | None = None
    name: str = "name"
    every_s: Seconds = 60.0

    @model_validator(mode="after")
    def _some(self) -> "Points":
        if not self.items and self.vectors is None:
            raise faulty("flood.one_needed", (), "items", "vectors")
        names = [point.name for point in self.items]
        if len(set(names)) != len(names):
            raise faulty("flood.twice", ("items",), *sorted({name for name in names if names.count(name) > 1}))
        return self


Map = Literal["depth", "speed", "depth_speed", "arrival", "duration", "hazard"]
Format = Literal["netcdf", "cog", "zarr", "csv"]


class Outputs(Model):
    """What is kept: maps of greatest values, depths against time, series at points.

    ``wet_m`` are the depths whose arrival and duration are mapped, ``hazard`` the rule of
    `anlan.science.flood.hazard`, ``look_every_s`` how often speeds and arrivals are looked at, 0 for every block.
    """

    maps: Annotated[tuple[Map, ...], Field(min_length=1)] = ("depth",)
    wet_m: Annotated[tuple[Annotated[float, Field(gt=0, le=100)], ...], Field(max_length=8)] = ()
    hazard: Literal["defra_2006", "aidr_2017"] | None = None
    look_every_s: Annotated[float, Field(ge=0, le=3600)] = 0.0
    frames_every_s: Seconds | None = None
    points: Points | None = None
    formats: Annotated[tuple[Format, ...], Field(min_length=1)] = ("netcdf", "cog", "csv")

    @model_validator(mode="after")
    def _wet(self) -> "Outputs":
        if {"arrival", "duration"} & set(self.maps) and not self.wet_m:
            raise faulty("flood.one_needed", ("wet_m",), "wet_m")
        if "hazard" in self.maps and self.hazard is None:
            raise faulty("flood.one_needed", ("hazard",), "hazard")
        if any(b <= a for a, b in zip(self.wet_m, self.wet_m[1:], strict=False)):
            raise faulty("flood.not_rising", ("wet_m",))
        return self


class Checkpoint(Model):
    """How many seconds of the clock on the wall lie between two checkpoints; 0 for one after every block of steps."""

    every_s: Annotated[float, Field(ge=0, le=86_400)] = 60.0
