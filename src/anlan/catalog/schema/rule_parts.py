"""The parts of a rule: what bears a grade, when it applies, where it differs, and what compound rules count."""

from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, ValidationInfo, model_validator

from anlan.catalog.schema.base import FrozenMap, Grade, Model, Sourced, faulty, reference

RuleKind = Literal["threshold", "rate", "deviation", "stuck", "silence", "faulty", "drift", "compound"]
"""What is compared with a rule's values; :class:`anlan.catalog.schema.sensors.SensorRule` says how."""

EVERY = "*"
"""As a rule's quantity: whatever is measured."""

CADENCES = "{cadence}"
"""As the unit of silence and stuck rules: the values are multiples of the sensor's own cadence."""

NEVER = 2**31 - 1
"""A count that no number of sensors reaches."""


def _quantity(value: str, info: ValidationInfo) -> str:
    return value if value == EVERY else reference("quantities", value, info)


Watched = Annotated[str, AfterValidator(_quantity)]
"""A quantity, or :data:`EVERY`."""

RuleId = Annotated[str, AfterValidator(lambda value, info: reference("sensor_rules", value, info))]
Count = Annotated[int, Field(ge=0)]


class SensorGrade(Sourced):
    """The value at which a grade is met, and what is special in how it opens and closes.

    ``hold_s`` and ``clear_hold_s`` are the rule's where they are not given. An alarm that stands at this grade
    unacknowledged for ``escalate_after_s`` is brought before the next higher desk.
    """

    value: float
    hold_s: float | None = Field(default=None, ge=0)
    clear_hold_s: float | None = Field(default=None, ge=0)
    escalate_after_s: float | None = Field(default=None, gt=0)


class Season(Model):
    """The seasonal memory of a sensor: a day of 24 bins keeps apart what is usual at night and at noon.

    A bin judges nothing before it has seen ``warm`` samples.
    """

    period_s: float = Field(gt=0)
    bins: int = Field(ge=1, le=168)
    warm: int = Field(ge=2)


Clock = Annotated[str, Field(pattern=r"^(?:[01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$")]


class Schedule(Model):
    """When a rule applies: days of the week, Monday 1, and a span of the day in the city's zone.

    A span whose end is not after its beginning goes over midnight and belongs to the day on which it begins.
    """

    days: tuple[Annotated[int, Field(ge=1, le=7)], ...] = (1, 2, 3, 4, 5, 6, 7)
    from_: Clock = Field(default="00:00", alias="from")
    to: Clock = "24:00"

    @property
    def minutes(self) -> tuple[int, int]:
        """Beginning and end as minutes of the day."""
        begin, end = (int(text[:2]) * 60 + int(text[3:]) for text in (self.from_, self.to))
        return begin, end


class Override(Sourced):
    """What is different in an area, or for one sensor.

    What is not given stays the rule's; grades are changed one by one.
    """

    hands_down: ClassVar[tuple[str, ...]] = ("grades",)

    area: Annotated[str, Field(pattern=r"^[0-9]{6}(?:[0-9]{3}){0,2}$")] | None = None
    sensor: str | None = None
    grades: FrozenMap[Grade, SensorGrade] = Field(default_factory=dict)
    hold_s: float | None = Field(default=None, ge=0)
    clear: float | None = None
    clear_hold_s: float | None = Field(default=None, ge=0)
    max_gap_s: float | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _has_one_place(self) -> Self:
        if (self.area is None) == (self.sensor is None):
            raise faulty("rule.override_place", (), "area", "sensor")
        return self

    def covers(self, area: str) -> bool:
        """Tell whether an area lies inside that of the override: its code without trailing pairs of zeros is a head."""
        return self.area is not None and _head(area).startswith(_head(self.area))

    @property
    def rank(self) -> int:
        """How particular it is: a sensor before any area, a longer area before a shorter."""
        return 99 if self.area is None else len(_head(self.area))


def _head(area: str) -> str:
    """Return the part of an area code that governs (national six-digit division, GB/T 2260)."""
    if len(area) > 6:
        return area
    while area.endswith("00"):
        area = area[:-2]
    return area


class Term(Model):
    """One condition that a compound rule counts: in how many places a rule stands at a grade or a graver one.

    ``grade`` is the rule's mildest where it is not given. ``count`` says for each grade of the compound rule how
    many are needed; a single number is needed for every grade.
    """

    rule: RuleId
    grade: Grade | None = None
    count: Count | FrozenMap[Grade, Count] = 1

    @model_validator(mode="after")
    def _refers_to_a_rule_of_one_sensor(self, info: ValidationInfo) -> Self:
        other: Any = ((info.context or {}).get("entries") or {}).get("sensor_rules", {}).get(self.rule)
        if other is None:
            return self
        if other.get("kind") == "compound":
            raise faulty("rule.term_compound", ("rule",), self.rule)
        grades = other.get("grades", {})
        if self.grade is not None and isinstance(grades, dict) and self.grade not in grades:
            raise faulty("rule.term_grade", ("grade",), *grades)
        return self
