"""Vital signs of the city: indices over all instruments of an area, with what is usual and what is not."""

from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from anlan.catalog.schema.base import GRADES, Cel, Direction, Entry, FrozenMap, Grade, Sourced, faulty

FORMULA_SEES = ("sensors", "silent", "alarms", "value", "people", "area_km2")
"""What formulas may name.

``sensors`` and ``silent`` count instruments by sector (``all`` for every one); ``alarms`` counts open alarms about
hazards by sector (or ``all``, ``instrument`` for those about instruments) and grade (or ``total``); ``value`` holds by
quantity ``count``, ``mean``, ``median``, ``low`` and ``high`` of the newest good values; ``people`` and ``area_km2``
are those of the area.
"""


class VitalGrade(Sourced):
    """The value at which a grade is met."""

    value: float


class VitalSign(Entry, Sourced):
    """One index: a formula in CEL over the aggregates of an area (:data:`FORMULA_SEES`), and its grades."""

    hands_down: ClassVar[tuple[str, ...]] = ("grades",)

    formula: Cel
    unit: str
    direction: Direction
    op: Literal[">=", ">", "<=", "<"] = ">="
    grades: FrozenMap[Grade, VitalGrade] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _grades_grow_with_severity(self) -> Self:
        sign = 1 if self.op in {">=", ">"} else -1
        values = [self.grades[grade].value * sign for grade in reversed(GRADES) if grade in self.grades]
        if values != sorted(set(values)):
            told = (f"{grade} {self.op} {met.value:g}" for grade, met in self.grades.items())
            raise faulty("grades.not_monotonic", ("grades",), *told)
        return self
