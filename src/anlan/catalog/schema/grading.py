"""From a number to one of four colours, and from an intensity to harm."""

from itertools import pairwise
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from anlan.catalog.schema.base import GRADES, Entry, FrozenMap, Grade, Hazard, Sourced, faulty


class Grading(Entry, Sourced):
    """Lower bounds of the four colours; below them all stands ``below``."""

    quantity: str
    unit: str
    op: Literal[">=", ">"]
    bounds: FrozenMap[Grade, float]
    below: Grade | None = None

    def grade(self, value: float) -> Grade | None:
        """Return the most severe colour whose bound the value reaches."""
        for grade in GRADES:
            if grade in self.bounds:
                bound = self.bounds[grade]
                if value > bound or (self.op == ">=" and value == bound):
                    return grade
        return self.below

    @model_validator(mode="after")
    def _bounds_grow(self) -> Self:
        values = [self.bounds[grade] for grade in GRADES if grade in self.bounds]
        if any(graver <= milder for graver, milder in pairwise(values)):
            raise faulty("grades.not_monotonic", ("bounds",), *(f"{g} {v:g}" for g, v in self.bounds.items()))
        return self


class Vulnerability(Entry, Sourced):
    """Harm as a function of intensity, linear between its points and flat beyond them.

    Each point is intensity, then low, best and high estimate of the harmed share (0 to 1).
    """

    hazard: Hazard
    intensity: str
    unit: str
    harm: Literal["damage_ratio", "probability_out_of_service", "share_exposed"]
    points: tuple[tuple[float, float, float, float], ...] = Field(min_length=2)

    columns: ClassVar[tuple[str, ...]] = ("intensity", "low", "best", "high")

    @model_validator(mode="after")
    def _points_are_in_order(self) -> Self:
        for i, (one, two) in enumerate(pairwise(self.points)):
            if one[0] >= two[0] or not 0 <= two[1] <= two[2] <= two[3] <= 1:
                raise faulty(
                    "grades.not_monotonic", ("points", i + 1), "intensity grows; 0 <= low <= best <= high <= 1"
                )
        return self
