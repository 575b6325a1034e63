"""Whether the city grows safer: indicators, and the parts of the resilience index."""

from typing import Literal

from pydantic import Field

from anlan.catalog.schema.base import Direction, Entry, IndicatorId, Model, Sourced


class Target(Model):
    """A value to reach in an area by a year; ``binding`` if the plan says so."""

    area: str
    year: int | None = None
    op: Literal[">=", "<=", "=="] | None = None
    value: float | None = None
    factor: float | None = None
    binding: bool | None = None


class Baseline(Model):
    """A value that was measured."""

    area: str | None = None
    year: int | None = None
    value: float
    planned: float | None = None
    note: str | None = None


class Indicator(Entry, Sourced):
    """A named formula with a unit and a direction."""

    kind: Literal["outcome", "preventive"]
    formula: str
    formula_confidence: Literal["V", "S", "G", "P"] | None = None
    unit: str
    direction: Direction
    baseline: Baseline | None = None
    targets: tuple[Target, ...] = ()


class ResiliencePart(Entry, Sourced):
    """One part of the resilience index: its dimension, its weight in the whole, and its indicators."""

    dimension: str
    dimension_zh: str
    phase: str
    scope: str
    weight: float = Field(gt=0, le=1)
    indicators: tuple["ResilienceIndicator", ...]


class ResilienceIndicator(Model):
    """An indicator of a part; ``indicator`` is null where no record of the house computes it yet."""

    zh: str
    indicator: IndicatorId | None = None


ResiliencePart.model_rebuild()
