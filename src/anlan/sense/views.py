"""What several answers of sense share: a rule, and a series of observations."""

from datetime import datetime

from pydantic import BaseModel

from anlan.catalog.schema.base import Grade
from anlan.catalog.schema.sensors import SensorRule
from anlan.kernel.actions import Reader
from anlan.sense import queries


class RuleGrade(BaseModel):
    """The value at which one grade is met, for how long, and who says so."""

    grade: Grade
    value: float
    hold_s: float
    clear_hold_s: float
    escalate_after_s: float | None
    source: str
    confidence: str


class RuleTerm(BaseModel):
    """One condition that a compound rule counts."""

    rule: str
    grade: Grade | None
    need: list[int]


class RuleView(BaseModel):
    """One rule in force."""

    id: str
    zh: str
    en: str
    kind: str
    about: str
    quantity: str
    asset_types: list[str]
    stations: list[str]
    op: str
    unit: str
    grades: list[RuleGrade]
    hold_s: float
    clear: float
    clear_hold_s: float
    max_gap_s: float | None
    window_s: float | None
    tolerance: float | None
    over: str | None
    level: str | None
    network: str | None
    mode: str
    terms: list[RuleTerm]
    gathers: bool
    suppressed_by: list[str]
    overrides: int
    source: str
    confidence: str
    note: str | None
    layer: str


def rule_view(rule: SensorRule) -> RuleView:
    """Return a rule as it is shown."""
    plain = ("id", "zh", "en", "kind", "about", "quantity", "op", "unit", "hold_s", "clear", "clear_hold_s")
    more = ("window_s", "tolerance", "over", "level", "network", "mode", "gathers", "source", "confidence", "note")
    grades = [
        RuleGrade(
            grade=grade,
            value=level.value,
            hold_s=rule.hold(grade),
            clear_hold_s=rule.clear_hold(grade),
            escalate_after_s=level.escalate_after_s,
            source=level.source,
            confidence=level.confidence,
        )
        for grade, level in rule.grades.items()
    ]
    return RuleView(
        **{name: getattr(rule, name) for name in (*plain, *more, "layer")},
        asset_types=list(rule.asset_types),
        stations=list(rule.stations),
        grades=grades,
        max_gap_s=None if rule.max_gap_s == float("inf") else rule.max_gap_s,
        terms=[RuleTerm(rule=t.rule, grade=t.grade, need=list(rule.need(t))) for t in rule.terms],
        suppressed_by=list(rule.suppressed_by),
        overrides=len(rule.overrides),
    )


class Reading(BaseModel):
    """One observation, or the good ones of an hour or a day."""

    at: datetime
    value: float | None
    quality: str | None = None
    low: float | None = None
    high: float | None = None
    count: int | None = None


class Series(BaseModel):
    """Observations of one sensor in order of time."""

    sensor: str
    quantity: str
    unit: str
    synthetic: bool
    resolution: str
    items: list[Reading]


def series_of(
    reader: Reader, sensor_id: str, since: datetime, until: datetime, resolution: queries.Resolution = "raw"
) -> Series:
    """Return what one sensor observed within a span, both ends included."""
    own = queries.sensor(reader, sensor_id)
    items: list[Reading]
    if resolution == "raw":
        items = [Reading(**row._asdict()) for row in queries.series(reader, sensor_id, since, until)]
    else:
        items = [Reading(**vars(row)) for row in queries.reduced(reader, sensor_id, since, until, resolution)]
    told = {name: own[name] for name in ("quantity", "unit", "synthetic")}
    return Series(sensor=sensor_id, resolution=resolution, items=items, **told)
