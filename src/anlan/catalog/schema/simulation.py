"""How instruments of a kind behave, for simulators: the shapes of :mod:`anlan.science.simulate` as content."""

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, ValidationInfo, model_validator

from anlan.catalog.schema.base import FrozenMap, Model, Some, faulty, reference
from anlan.catalog.schema.rule_parts import RuleId

SensorKindId = Annotated[str, AfterValidator(lambda value, info: reference("sensor_kinds", value, info))]

Positive = Annotated[float, Field(gt=0)]
NotNegative = Annotated[float, Field(ge=0)]


class LevelPart(Model):
    """What a sensor stands at, drawn once for each."""

    part: Literal["level"]
    mean: float
    spread: NotNegative = 0.0


class CyclePart(Model):
    """A cosine with its peak at ``peak_s`` of each period."""

    part: Literal["cycle"]
    amplitude: float
    period_s: Positive = 86400.0
    peak_s: float = 0.0
    spread: NotNegative = 0.0


class WanderPart(Model):
    """A value that wanders about and comes back."""

    part: Literal["wander"]
    sd: NotNegative
    time_s: Positive


class PulsesPart(Model):
    """Passings, trips, draws: what comes at random and decays."""

    part: Literal["pulses"]
    per_h: NotNegative
    height: float
    length_s: Positive
    quiet: Annotated[float, Field(ge=0, le=1)] = 1.0
    peak_s: float = 43200.0


class RainPart(Model):
    """Rain, or what it makes rise."""

    part: Literal["rain"]
    per_day: NotNegative
    intensity_mm_h: Positive
    storm_s: Positive
    gain: float = 1.0
    lag_s: NotNegative = 0.0
    sum_s: Positive | None = None


class FillPart(Model):
    """A tank that is filled and drawn down."""

    part: Literal["fill"]
    low: float
    high: float
    fill_s: Positive
    draw_s: Positive


class SwitchPart(Model):
    """Something that is on and off."""

    part: Literal["switch"]
    value: float
    on_s: Positive
    off_s: Positive


class DeclinePart(Model):
    """A slow fall, as of a battery."""

    part: Literal["decline"]
    per_day: NotNegative
    spread: NotNegative = 0.0


Part = Annotated[
    LevelPart | CyclePart | WanderPart | PulsesPart | RainPart | FillPart | SwitchPart | DeclinePart,
    Field(discriminator="part"),
]


class ProfileEvent(Model):
    """Something that happens in the world; ``finds`` are the rules of this layer that must find it."""

    zh: str
    en: str
    height: float
    rise_s: NotNegative
    hold_s: NotNegative
    fall_s: NotNegative
    shape: Literal["ramp", "diffusion"] = "ramp"
    sensors: Annotated[int, Field(ge=1)] = 1
    delay_s: NotNegative = 0.0
    per_month: NotNegative = 0.0
    finds: tuple[RuleId, ...] = ()


class ProfileFault(Model):
    """Something that happens to an instrument; ``finds`` are the rules that must find it."""

    kind: Literal[
        "dropout", "silence", "stuck", "drift", "spike", "noise", "clock", "missing", "range", "late", "again"
    ]
    length_s: NotNegative = 0.0
    size: float = 0.0
    per_month: NotNegative = 0.0
    finds: tuple[RuleId, ...] = ()


class SensorProfile(Model):
    """Instruments of one kind in a simulator; cadence and range are the kind's own.

    The truth stays between ``low`` and ``high``, which are the kind's range where they are not given.
    """

    kind: SensorKindId
    parts: Some[Part]
    noise: NotNegative = 0.0
    resolution: NotNegative = 0.0
    low: float | None = None
    high: float | None = None
    events: FrozenMap[str, ProfileEvent] = Field(default_factory=dict)
    faults: tuple[ProfileFault, ...] = ()

    @model_validator(mode="after")
    def _truth_lies_within_the_range(self, info: ValidationInfo) -> Self:
        kind: Any = ((info.context or {}).get("entries") or {}).get("sensor_kinds", {}).get(self.kind, {})
        least, most = kind.get("valid", (float("-inf"), float("inf")))
        low = least if self.low is None else self.low
        high = most if self.high is None else self.high
        if not least <= low < high <= most:
            raise faulty("sector.range", ("low",), f"{least:g} … {most:g}")
        return self
