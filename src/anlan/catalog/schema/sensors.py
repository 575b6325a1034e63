"""When a reading is an alarm."""

from itertools import pairwise
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from anlan.catalog.schema.base import GRADES, AssetTypeId, Entry, FrozenMap, Grade, QuantityId, Sourced, faulty


class SensorGrade(Sourced):
    """The value at which a grade is met."""

    value: float


class SensorRule(Entry, Sourced):
    """A threshold rule: a grade opens once met for ``hold_s``, and clears once clear for ``clear_hold_s``.

    ``clear`` is the value at which the mildest grade counts as clear, the others at the same distance from
    their own values; a silence longer than ``max_gap_s`` breaks a run. ``stations`` narrows the rule to
    sensors of these stations; empty means all sensors of the quantity on these asset types.
    """

    hands_down: ClassVar[tuple[str, ...]] = ("grades",)

    asset_types: tuple[AssetTypeId, ...]
    stations: tuple[str, ...] = ()
    quantity: QuantityId
    op: Literal[">=", ">", "<=", "<"]
    unit: str
    grades: FrozenMap[Grade, SensorGrade] = Field(min_length=1)
    hold_s: float = Field(ge=0)
    clear: float
    clear_hold_s: float = Field(ge=0)
    max_gap_s: float = Field(gt=0)

    @property
    def levels(self) -> tuple[tuple[Grade, float], ...]:
        """The grades with their values, mildest first."""
        return tuple((grade, self.grades[grade].value) for grade in reversed(GRADES) if grade in self.grades)

    @model_validator(mode="after")
    def _values_grow_with_severity(self) -> Self:
        sign = 1 if self.op in {">=", ">"} else -1
        values = [value * sign for _, value in self.levels]
        if any(milder >= graver for milder, graver in pairwise(values)):
            told = (f"{grade} {self.op} {value:g}" for grade, value in self.levels)
            raise faulty("grades.not_monotonic", ("grades",), *told)
        if self.clear * sign > values[0]:
            raise faulty(
                "grades.not_monotonic",
                ("clear",),
                f"clear {self.clear:g}",
                f"{self.levels[0][0]} {self.levels[0][1]:g}",
            )
        return self
