"""Where an anomaly detector watches, how, and what its score means."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from anlan.catalog.schema.base import (
    GRADES,
    AssetTypeId,
    Entry,
    FrozenMap,
    Grade,
    Level,
    QuantityId,
    Sourced,
    faulty,
)
from anlan.catalog.schema.rule_parts import RuleId, SensorGrade

Method = Literal["change", "season", "shape", "joint", "relations"]

_TAIL = {"warm", "rate", "kept", "rest", "orders"}
_OWN_TAIL = _TAIL | {"step"}
_SEASON, _SHAPE = {"period_s", "bins", "learning"}, {"width", "memory", "neighbours"}
PARAMETERS: Mapping[Method, frozenset[str]] = MappingProxyType(
    {
        "change": frozenset(_OWN_TAIL),
        "season": frozenset(_OWN_TAIL | _SEASON),
        "shape": frozenset(_OWN_TAIL | _SHAPE),
        "joint": frozenset(_OWN_TAIL | _SEASON | _SHAPE),
        "relations": frozenset(_TAIL | {"lags", "explained", "learn", "smooth"}),
    }
)
"""What may stand under ``parameters``, by method; what is left out has the value of :mod:`anlan.science.anomalies`."""


class Detector(Entry, Sourced):
    """A detector of what is unusual for a sensor, or for sensors that hang together; its score runs from 0 to 1.

    ========= =====================================================================================================
    change    how far a value lies from the one before
    season    how far it lies from what is usual at this time of the day, or of another period
    shape     how unlike the last samples are to any stretch remembered
    joint     season and shape together
    relations how far the sensors of a place move apart from one another, against how they used to
    ========= =====================================================================================================

    A grade opens at a sample whose score reaches its value. The alarm ends when nothing reached ``clear`` for
    ``clear_hold_s``. ``max_gap_s`` is the silence that breaks what belongs together.

    ``relations`` looks at sensors of ``quantities`` at one asset or in one area of a ``level``, at whole multiples of
    ``step_s``; a place with fewer than two sensors of them, or with more than ``most``, is left out. The others look
    at one sensor of one of the ``quantities`` each.
    """

    hands_down: ClassVar[tuple[str, ...]] = ("grades",)

    about: Literal["hazard", "instrument"] = "hazard"
    method: Method
    asset_types: tuple[AssetTypeId, ...] = ()
    stations: tuple[str, ...] = ()
    quantities: tuple[QuantityId, ...] = Field(min_length=1)
    over: Literal["asset", "area"] | None = None
    level: Level | None = None
    step_s: float | None = Field(default=None, gt=0)
    most: int = Field(default=60, ge=2, le=200)
    parameters: FrozenMap[str, float] = Field(default_factory=dict)
    grades: FrozenMap[Grade, SensorGrade] = Field(min_length=1)
    clear: float = Field(gt=0, lt=1)
    clear_hold_s: float = Field(ge=0)
    max_gap_s: float = Field(gt=0)
    suppressed_by: tuple[RuleId, ...] = ()

    @property
    def levels(self) -> tuple[tuple[Grade, float], ...]:
        """The grades with their scores, mildest first."""
        return tuple((grade, self.grades[grade].value) for grade in reversed(GRADES) if grade in self.grades)

    @model_validator(mode="after")
    def _scores_grow_with_severity(self) -> Self:
        scores = [self.clear, *(value for _, value in self.levels)]
        if scores != sorted(scores) or len(set(scores[1:])) < len(scores) - 1 or scores[-1] > 1:
            told = (f"{grade} {value:g}" for grade, value in self.levels)
            raise faulty("grades.not_monotonic", ("grades",), f"clear {self.clear:g}", *told)
        return self

    @model_validator(mode="after")
    def _parameters_are_the_methods(self) -> Self:
        for name, value in self.parameters.items():
            if name not in PARAMETERS[self.method]:
                raise faulty("detector.parameter", ("parameters", name), *sorted(PARAMETERS[self.method]))
            if not value > 0:
                raise faulty("detector.parameter_value", ("parameters", name), "> 0")
        return self

    @model_validator(mode="after")
    def _a_group_has_its_place_and_its_step(self) -> Self:
        of_group = self.method == "relations"
        if of_group != (self.over is not None) or of_group != (self.step_s is not None):
            raise faulty("detector.group", ("over",), "relations: over, step_s")
        if (self.over == "area") != (self.level is not None):
            raise faulty("detector.group", ("level",), "area: level")
        return self
