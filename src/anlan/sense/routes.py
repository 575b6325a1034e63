"""HTTP of sense: sensors as GeoJSON, alarms and why they stand, series, rules."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime, BaseModel

from anlan.catalog.catalog import Catalog
from anlan.catalog.schema.base import GRADES, Grade
from anlan.catalog.schema.sensors import SensorRule
from anlan.catalog.texts import text
from anlan.kernel.actions import Reader
from anlan.kernel.http import reads
from anlan.sense import queries
from anlan.sense.states import State

router = APIRouter(prefix="/api/v1/sense", tags=["sense"])

SensorReader = Annotated[Reader, Depends(reads("sensor"))]
SeriesReader = Annotated[Reader, Depends(reads("observation"))]
AlarmReader = Annotated[Reader, Depends(reads("alarm"))]

_AROUND = timedelta(hours=3)


class Point(BaseModel):
    """A place: longitude and latitude."""

    type: Literal["Point"] = "Point"
    coordinates: tuple[float, float]


class SensorProperties(BaseModel):
    """One sensor with its newest observation and the gravest grade of its alarms."""

    asset: str
    asset_type: str
    quantity: str
    unit: str
    area: str
    name_zh: str
    name_en: str
    synthetic: bool
    at: datetime | None
    value: float | None
    quality: str | None
    stale: bool
    grade: Grade | None


class SensorFeature(BaseModel):
    """One sensor on the map."""

    type: Literal["Feature"] = "Feature"
    id: str
    geometry: Point
    properties: SensorProperties


class SensorCollection(BaseModel):
    """Sensors as GeoJSON."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    features: list[SensorFeature]


@router.get("/sensors")
def list_sensors(
    reader: SensorReader,
    type: Annotated[str | None, Query(description="asset type")] = None,  # noqa: A002  # the word of the interface
    quantity: str | None = None,
    area: str | None = None,
) -> SensorCollection:
    """List sensors with their newest values."""
    rows = queries.sensor_list(reader, asset_type=type, quantity=quantity, area=area)
    grades = queries.open_grades(reader)
    old = reader.now - timedelta(minutes=float(reader.catalog.setting("ingest.stale_min")))
    return SensorCollection(features=[_feature(row, grades.get(row["id"], []), old) for row in rows])


def _feature(row: Any, grades: list[str], old: datetime) -> SensorFeature:
    known = {name: row[name] for name in SensorProperties.model_fields if name not in {"stale", "grade"}}
    gravest = next((grade for grade in GRADES if grade in grades), None)
    stale = row["at"] is None or row["at"] < old
    return SensorFeature(
        id=row["id"],
        geometry=Point(coordinates=(row["lon"], row["lat"])),
        properties=SensorProperties(**known, stale=stale, grade=gravest),
    )


class AlarmView(BaseModel):
    """One alarm with its sensor."""

    id: str
    sensor: str
    rule: str
    area: str
    asset: str
    asset_type: str
    quantity: str
    unit: str
    name_zh: str
    name_en: str
    lon: float
    lat: float
    synthetic: bool
    state: State
    active: bool
    open: bool
    grade: Grade
    worst: Grade
    value: float | None
    threshold: float
    observed_at: datetime
    opened_at: datetime
    changed_at: datetime
    returned_at: datetime | None
    acknowledged_by: str | None
    shelved_until: datetime | None


class AlarmList(BaseModel):
    """Alarms, the newest first."""

    items: list[AlarmView]


@router.get("/alarms")
def list_alarms(
    reader: AlarmReader,
    is_open: Annotated[bool | None, Query(alias="open")] = None,
    area: str | None = None,
    since: AwareDatetime | None = None,
) -> AlarmList:
    """List alarms."""
    rows = queries.alarm_list(reader, is_open=is_open, area=area, since=since)
    return AlarmList(items=[AlarmView(**row) for row in rows])


class RuleGrade(BaseModel):
    """The value at which one grade is met, and who says so."""

    grade: Grade
    value: float
    source: str
    confidence: str


class RuleView(BaseModel):
    """One rule of the catalog."""

    id: str
    zh: str
    en: str
    quantity: str
    asset_types: list[str]
    op: str
    unit: str
    grades: list[RuleGrade]
    hold_s: float
    clear: float
    clear_hold_s: float
    max_gap_s: float
    source: str
    confidence: str
    note: str | None


class RuleList(BaseModel):
    """Rules of the catalog, in its order."""

    items: list[RuleView]


@router.get("/rules")
def list_rules(reader: AlarmReader) -> RuleList:
    """List the rules that open alarms."""
    return RuleList(items=[_rule(rule) for rule in reader.catalog.sensor_rules.values()])


def _rule(rule: SensorRule) -> RuleView:
    plain = ("id", "zh", "en", "quantity", "op", "unit", "hold_s", "clear", "clear_hold_s", "max_gap_s")
    grades = [
        RuleGrade(grade=grade, value=level.value, source=level.source, confidence=level.confidence)
        for grade, level in rule.grades.items()
    ]
    return RuleView(
        **{name: getattr(rule, name) for name in plain},
        asset_types=list(rule.asset_types),
        grades=grades,
        source=rule.source,
        confidence=rule.confidence,
        note=rule.note,
    )


class Reading(BaseModel):
    """One observation."""

    at: datetime
    value: float | None
    quality: str


class Series(BaseModel):
    """Observations of one sensor in order of time."""

    sensor: str
    quantity: str
    unit: str
    synthetic: bool
    items: list[Reading]


class Happened(BaseModel):
    """One line of an alarm's history."""

    seq: int
    at: datetime
    by: str
    event: str
    state: State
    grade: Grade
    value: float | None
    note: str


class AlarmWhy(BaseModel):
    """Why an alarm stands: the rule in words and numbers, and who says so."""

    zh: str
    en: str
    rule: RuleView | None


class AlarmDetail(BaseModel):
    """One alarm, why it stands, what happened to it, and what its sensor observed around it."""

    alarm: AlarmView
    why: AlarmWhy
    history: list[Happened]
    series: Series


@router.get("/alarms/{alarm_id}")
def show_alarm(reader: AlarmReader, alarm_id: str) -> AlarmDetail:
    """Show one alarm."""
    row = queries.alarm(reader, alarm_id)
    until = min(reader.now, row["changed_at"] + _AROUND)
    return AlarmDetail(
        alarm=AlarmView(**row),
        why=_why(reader.catalog, row),
        history=[Happened(**line) for line in queries.history(reader, alarm_id)],
        series=_series(reader, row["sensor"], row["opened_at"] - _AROUND, until),
    )


def _why(catalog: Catalog, row: Any) -> AlarmWhy:
    rule = catalog.sensor_rules.get(row["rule"])
    if rule is None:  # the catalog has changed since; what was found then stands in the journal
        return AlarmWhy(zh=row["rule"], en=row["rule"], rule=None)
    quantity = catalog.quantities[rule.quantity]
    known = {"op": rule.op, "threshold": row["threshold"], "unit": rule.unit, "hold_s": f"{rule.hold_s:g}"}
    told = {
        lang: text("alarm.why", lang, rule=getattr(rule, lang), quantity=getattr(quantity, lang), **known)
        for lang in ("zh", "en")
    }
    return AlarmWhy(**told, rule=_rule(rule))


@router.get("/series")
def show_series(
    reader: SeriesReader, sensor: str, since: AwareDatetime | None = None, until: AwareDatetime | None = None
) -> Series:
    """Show what one sensor observed; without a span, the last hours."""
    end = until or reader.now
    return _series(reader, sensor, since or end - 2 * _AROUND, end)


def _series(reader: Reader, sensor_id: str, since: datetime, until: datetime) -> Series:
    own = queries.sensor(reader, sensor_id)
    items = [Reading(**row) for row in queries.series(reader, sensor_id, since, until)]
    return Series(sensor=sensor_id, quantity=own["quantity"], unit=own["unit"], synthetic=own["synthetic"], items=items)
