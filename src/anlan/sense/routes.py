"""HTTP of sense: sensors as GeoJSON and as columns for the map, one sensor's page, series."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

import numpy as np
from fastapi import APIRouter, Depends
from pydantic import AwareDatetime, BaseModel

from anlan.catalog.schema.base import GRADES, Grade
from anlan.kernel.actions import Reader
from anlan.kernel.errors import Invalid
from anlan.kernel.http import reads
from anlan.sense import queries
from anlan.sense.alarming.queries import Filter, alarms_like
from anlan.sense.alarming.routes import AlarmView
from anlan.sense.alarming.routes import view_of as alarm_view
from anlan.sense.neighbours import Neighbour, neighbours_of
from anlan.sense.rules import rules_in_force
from anlan.sense.stream.latest import NEVER_US
from anlan.sense.stream.moments import micros
from anlan.sense.stream.plan import watched_by
from anlan.sense.stream.station import Station
from anlan.sense.views import RuleView, Series, rule_view, series_of

router = APIRouter(prefix="/api/v1/sense", tags=["sense"])

SensorReader = Annotated[Reader, Depends(reads("sensor"))]
SeriesReader = Annotated[Reader, Depends(reads("observation"))]

_LAST_HOURS = timedelta(hours=6)
_ALARMS_SHOWN = 50


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
    type: str | None = None,  # noqa: A002  # the word of the interface
    quantity: str | None = None,
    area: str | None = None,
) -> SensorCollection:
    """List sensors with their newest values."""
    rows = queries.sensor_list(reader, asset_type=type, quantity=quantity, area=area)
    grades = queries.open_grades(reader)
    old = reader.now - _stale_after(reader)
    return SensorCollection(features=[_feature(row, grades.get(row["id"], []), old) for row in rows])


def _stale_after(reader: Reader) -> timedelta:
    return timedelta(minutes=float(reader.catalog.setting("ingest.stale_min")))


def _feature(row: Any, grades: list[str], old: datetime) -> SensorFeature:
    known = {name: row[name] for name in SensorProperties.model_fields if name not in {"stale", "grade"}}
    stale = row["at"] is None or row["at"] < old
    return SensorFeature(
        id=row["id"],
        geometry=Point(coordinates=(row["lon"], row["lat"])),
        properties=SensorProperties(**known, stale=stale, grade=_gravest(grades)),
    )


def _gravest(grades: list[str]) -> Grade | None:
    return next((grade for grade in GRADES if grade in grades), None)


class SensorMap(BaseModel):
    """All sensors of the reader's areas as columns of one length: a hundred thousand fit in one answer.

    ``quantity``, ``state`` and ``grade`` are places in ``quantities``, ``states`` and ``grades``; -1 is no grade.
    ``at`` is milliseconds since 1970 UTC.
    """

    quantities: list[str]
    states: list[str]
    grades: list[str]
    ids: list[str]
    lon: list[float]
    lat: list[float]
    quantity: list[int]
    state: list[int]
    grade: list[int]
    value: list[float | None]
    at: list[int | None]


STATES = ("normal", "stale", "silent", "alarm")


@router.get("/map")
def show_map(reader: SensorReader, quantity: str | None = None, area: str | None = None) -> SensorMap:
    """Show all sensors as columns."""
    station = reader.part(Station)
    registry, latest = station.registry, station.latest
    chosen = queries.in_reach(reader, area) & ~registry.retired
    if quantity is not None:
        chosen &= registry.quantity.equals(quantity)
    numbers = np.flatnonzero(chosen[: len(latest)])
    time_us, value = latest.time_us[numbers], latest.value[numbers]
    state = np.where(time_us < micros(reader.now - _stale_after(reader)), 1, 0)
    state[time_us == NEVER_US] = STATES.index("silent")
    grade = np.full(len(registry), -1)
    for name, open_grades in queries.open_grades(reader).items():
        if (number := registry.number(name)) >= 0 and (gravest := _gravest(open_grades)) is not None:
            grade[number] = GRADES.index(gravest)
    grade = grade[numbers]
    state[grade >= 0] = STATES.index("alarm")
    return SensorMap(
        quantities=list(registry.quantity.texts),
        states=list(STATES),
        grades=list(GRADES),
        ids=registry.names(numbers.astype(np.int32)),
        lon=np.round(registry.lon[numbers], 6).tolist(),
        lat=np.round(registry.lat[numbers], 6).tolist(),
        quantity=registry.quantity.code[numbers].tolist(),
        state=state.tolist(),
        grade=grade.tolist(),
        value=[None if v != v else v for v in value.tolist()],  # noqa: PLR0124  # NaN
        at=[None if t == NEVER_US else t // 1000 for t in time_us.tolist()],
    )


class SensorCard(BaseModel):
    """What the registry knows of a sensor."""

    id: str
    number: int
    asset: str
    asset_type: str
    kind: str | None
    quantity: str
    unit: str
    area: str
    lon: float
    lat: float
    name_zh: str
    name_en: str
    synthetic: bool
    cadence_s: float | None
    low: float | None
    high: float | None
    owner: str | None
    calibrated_on: str | None
    retired_at: datetime | None


class Window(BaseModel):
    """A planned or running maintenance of a sensor."""

    id: str
    begins: datetime
    ends: datetime
    reason: str
    by: str


class NewestView(BaseModel):
    """What a sensor told last."""

    at: datetime | None
    value: float | None
    quality: str | None


class SensorPage(BaseModel):
    """One sensor: its card, what it told last, its rules, alarms, health, maintenance and neighbours."""

    sensor: SensorCard
    latest: NewestView
    health: list[AlarmView]
    rules: list[RuleView]
    alarms: list[AlarmView]
    maintenance: list[Window]
    neighbours: list[Neighbour]


@router.get("/sensors/{sensor_id:path}")
def show_sensor(reader: SensorReader, sensor_id: str) -> SensorPage:
    """Show one sensor."""
    row = queries.sensor(reader, sensor_id)
    alarms = alarms_like(reader, Filter(subject=sensor_id), _ALARMS_SHOWN)
    return SensorPage(
        sensor=SensorCard(**row),
        latest=NewestView(**queries.newest(reader, row["number"])._asdict()),
        health=[alarm_view(one) for one in alarms if one["open"] and one["about"] == "instrument"],
        rules=_rules_on(reader, row),
        alarms=[alarm_view(one) for one in alarms],
        maintenance=[Window(**{name: one[name] for name in Window.model_fields}) for one in _windows(reader, row)],
        neighbours=neighbours_of(reader, sensor_id),
    )


def _windows(reader: Reader, row: Any) -> Any:
    return queries.windows(reader, row["id"])


def _rules_on(reader: Reader, row: Any) -> list[RuleView]:
    """Return the rules that watch a sensor, each as it is for it."""
    found = []
    registry = reader.part(Station).registry
    for rule in rules_in_force(reader.conn, reader.catalog).values():
        if rule.kind == "compound" or row["number"] >= len(registry):
            continue
        if watched_by(rule, registry)[row["number"]]:
            override = rule.override(row["id"], row["area"])
            found.append(rule_view(rule if override is None else rule.changed(override)))
    return found


@router.get("/series")
def show_series(
    reader: SeriesReader,
    sensor: str,
    since: AwareDatetime | None = None,
    until: AwareDatetime | None = None,
    resolution: queries.Resolution = "raw",
) -> Series:
    """Show what one sensor observed; without a span, the last hours."""
    end = until or reader.now
    begin = since or end - _LAST_HOURS
    if begin > end:
        raise Invalid("series.span", at="since", value=begin)
    return series_of(reader, sensor, begin, end, resolution)
