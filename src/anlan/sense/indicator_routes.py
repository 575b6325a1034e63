"""HTTP of the alarm system's indicators."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import AwareDatetime, BaseModel, Field

from anlan.catalog.catalog import Catalog
from anlan.catalog.schema.base import Grade
from anlan.kernel.actions import Reader
from anlan.kernel.http import reads
from anlan.sense import indicators
from anlan.sense.indicators import Standing

router = APIRouter(prefix="/api/v1/sense", tags=["sense"])

AlarmReader = Annotated[Reader, Depends(reads("alarm"))]


class IndicatorView(BaseModel):
    """One figure with its target, and who says so; ``most`` is what can be borne."""

    id: str
    zh: str
    en: str
    value: float
    unit: str
    target: float
    most: float | None
    standing: Standing
    source: str
    confidence: str


class FloodView(BaseModel):
    """A flood: from its first interval of ten minutes until the first calm one; alarms in all, and most in one."""

    from_: datetime = Field(serialization_alias="from")
    to: datetime
    count: int
    peak: int


class CountedView(BaseModel):
    """A rule on a subject, how often it called, and its share of all calls, percent."""

    subject: str
    subject_kind: str
    rule: str
    count: int
    share: float


class StaleView(BaseModel):
    """An alarm that stands for too long."""

    alarm: str
    subject: str
    subject_kind: str
    rule: str
    grade: Grade
    since: datetime


class PriorityView(BaseModel):
    """The share of a grade in all calls beside its target, percent."""

    grade: Grade
    share: float
    target: float
    source: str
    confidence: str


class WaitedView(BaseModel):
    """How long calls waited until somebody acknowledged: median and 95th percentile; none if nobody did."""

    median_s: float | None
    most_s: float | None


class AlarmSystemView(BaseModel):
    """How the alarm system did its work."""

    since: datetime
    until: datetime
    operators: float
    alarms: int
    indicators: list[IndicatorView]
    floods: list[FloodView]
    most_frequent: list[CountedView]
    chattering: list[CountedView]
    fleeting: list[CountedView]
    standing: list[StaleView]
    priorities: list[PriorityView]
    waited: WaitedView


@router.get("/alarm-system")
def show_alarm_system(
    reader: AlarmReader, since: AwareDatetime | None = None, until: AwareDatetime | None = None, area: str | None = None
) -> AlarmSystemView:
    """Show how the alarm system did its work; without a span, in the last seven days."""
    found = indicators.alarm_system(reader, since=since, until=until, area=area)
    return AlarmSystemView(
        since=found.since,
        until=found.until,
        operators=found.operators,
        alarms=found.alarms,
        indicators=[_indicator(reader.catalog, one) for one in found.indicators],
        floods=[
            FloodView(from_=_moment(one.begin_s), to=_moment(one.end_s), count=one.count, peak=one.peak)
            for one in found.floods
        ],
        most_frequent=[_counted(one) for one in found.most_frequent],
        chattering=[_counted(one) for one in found.chattering],
        fleeting=[_counted(one) for one in found.fleeting],
        standing=[
            StaleView(alarm=one.alarm, grade=one.grade, since=one.since, **one.origin._asdict())
            for one in found.standing
        ],
        priorities=[_priority(reader.catalog, *one) for one in found.priorities.items()],
        waited=WaitedView(median_s=found.waited_median_s, most_s=found.waited_most_s),
    )


def _indicator(catalog: Catalog, one: indicators.Indicator) -> IndicatorView:
    setting = catalog.settings[f"alarm_system.{one.id}"]
    return IndicatorView(
        **vars(one),
        zh=setting.zh,
        en=setting.en,
        unit=setting.unit,
        source=setting.source,
        confidence=setting.confidence,
    )


def _counted(one: indicators.Counted) -> CountedView:
    return CountedView(**one.origin._asdict(), count=one.count, share=one.share)


def _priority(catalog: Catalog, grade: Grade, shares: tuple[float, float]) -> PriorityView:
    setting = catalog.settings[f"alarm_system.priority.{grade}"]
    share, target = shares
    known = {"source": setting.source, "confidence": setting.confidence}
    return PriorityView(grade=grade, share=share, target=target, **known)


def _moment(time_s: float) -> datetime:
    return datetime.fromtimestamp(time_s, UTC)
