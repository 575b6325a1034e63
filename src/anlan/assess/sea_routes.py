"""HTTP of the sea: levels at the tide stations for the coming hours, the cone of the cyclone, and on what they rest."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal

import numpy as np
from fastapi import APIRouter, Depends
from pydantic import BaseModel

from anlan.assess import sea
from anlan.assess.cyclones import newest_advice, track_of
from anlan.assess.routes import ModelView, PolicyView
from anlan.catalog.schema.base import GRADES, Grade
from anlan.catalog.schema.sensors import SensorRule
from anlan.city.city import City, city_of
from anlan.kernel.actions import Reader
from anlan.kernel.http import reads
from anlan.science.arrays import Floats
from anlan.science.cone import cone, outline
from anlan.science.models import MODELS

router = APIRouter(prefix="/api/v1/assess", tags=["assess"])

CycloneReader = Annotated[Reader, Depends(reads("cyclone"))]
_MODELS = ("surge.surge_m", "cone.members", "tide.tide_m", "tide.inverse_barometer_m", "wind.wind_field")


class WarningLevels(BaseModel):
    """From which level on each colour counts at a station, and who says so."""

    rule: str
    levels: dict[Grade, float]
    source: str
    confidence: str


class Peak(BaseModel):
    """The highest of the best levels, when, and the colours that the best and the high level reach."""

    at: datetime
    low_m: float
    best_m: float
    high_m: float
    grade_best: Grade | None
    grade_high: Grade | None


class SeaStation(BaseModel):
    """One station's levels, m above its gauge's datum; null beyond the end of the advice's track.

    ``fit`` tells whether the tide is held to the station's own readings, has too few of them, or does not explain them.
    """

    station: str
    name_zh: str
    name_en: str
    lon: float
    lat: float
    at: list[datetime]
    tide_m: list[float]
    low_m: list[float | None]
    best_m: list[float | None]
    high_m: list[float | None]
    moved_m: float
    heard_h: int
    fit: sea.Fit
    peak: Peak | None
    warning: WarningLevels | None


class ConeView(BaseModel):
    """Where the centre stays in two cases of three at each time: the outer ring, longitude and latitude."""

    advice: str
    ring: list[tuple[float, float]]
    end_radius_km: float


class SeaView(BaseModel):
    """The sea at the city: stations, cone, and on what they rest."""

    at: datetime
    until: datetime
    step_min: int
    advice: str | None
    advice_source: str | None
    advice_synthetic: bool
    tide_synthetic: bool
    members: int
    surge_until: datetime | None
    stations: list[SeaStation]
    cone: ConeView | None
    models: list[ModelView]
    policy: list[PolicyView]
    maturity: Literal["screening"] = "screening"


@router.get("/sea")
def show_sea(reader: CycloneReader) -> SeaView:
    """Show levels of the sea for the coming hours, and the cone of the cyclone of the newest advice."""
    catalog, city, advice = reader.catalog, city_of(reader), newest_advice(reader)
    storm = sea.surge(catalog, advice, spread=True)
    if len(storm.time_s) and storm.time_s[-1] < reader.now.timestamp():
        advice, storm = None, sea.surge(catalog, None, spread=True)  # the storm is over
    step = int(catalog.setting("sea.step_min"))
    horizon = timedelta(hours=float(catalog.setting("sea.horizon_h")))
    times = reader.now.timestamp() + np.arange(0, horizon.total_seconds() + 1, step * 60)
    stations = [station for station in sea.stations(catalog) if station.asset in city.assets]
    starts, seen = sea.heard(reader, [station.asset for station in stations])
    told = [sea.levels(catalog, one, storm, times, starts, seen[one.asset]) for one in stations]
    return SeaView(
        at=reader.now,
        until=reader.now + horizon,
        step_min=step,
        advice=None if advice is None else advice["id"],
        advice_source=None if advice is None else advice["source"],
        advice_synthetic=False if advice is None else advice["synthetic"],
        tide_synthetic=bool(catalog.setting("sea.harmonics_synthetic")),
        members=len(storm.members_m),
        surge_until=_moment(float(storm.time_s[-1])) if len(storm.time_s) else None,
        stations=[_station(reader, city, one) for one in told],
        cone=None if advice is None else _cone(reader, advice),
        models=[_model(name) for name in _MODELS],
        policy=[
            PolicyView(
                id=own.id,
                zh=own.zh,
                en=own.en,
                value=f"{own.value} {own.unit}",
                source=own.source,
                confidence=own.confidence,
            )
            for name, own in catalog.settings.items()
            if name.startswith("sea.")
        ],
    )


def _station(reader: Reader, city: City, own: sea.Levels) -> SeaStation:
    asset = city.assets.asset(own.station.asset)
    rule = _rule(reader, own.station.asset)
    return SeaStation(
        station=asset.id,
        name_zh=asset.zh,
        name_en=asset.en,
        lon=asset.lon,
        lat=asset.lat,
        at=[_moment(float(t)) for t in own.time_s],
        tide_m=[round(float(v), 2) for v in own.tide_m],
        low_m=_shown(own.low_m),
        best_m=_shown(own.best_m),
        high_m=_shown(own.high_m),
        moved_m=round(own.moved_m, 2),
        heard_h=own.heard_h,
        fit=own.fit,
        peak=_peak(own, rule),
        warning=None
        if rule is None
        else WarningLevels(rule=rule.id, levels=dict(rule.levels), source=rule.source, confidence=rule.confidence),
    )


def _peak(own: sea.Levels, rule: SensorRule | None) -> Peak | None:
    if np.isnan(own.best_m).all():
        return None
    top = int(np.nanargmax(own.best_m))
    low, best, high = (round(float(series[top]), 2) for series in (own.low_m, own.best_m, own.high_m))
    return Peak(
        at=_moment(float(own.time_s[top])),
        low_m=low,
        best_m=best,
        high_m=high,
        grade_best=_grade(rule, best),
        grade_high=_grade(rule, high),
    )


def _grade(rule: SensorRule | None, level_m: float) -> Grade | None:
    reached = [] if rule is None else [grade for grade, value in rule.levels if level_m >= value]
    return next((grade for grade in GRADES if grade in reached), None)


def _rule(reader: Reader, station: str) -> SensorRule | None:
    """Return the rule that grades high levels of a station, if the catalog has one."""
    return next(
        (
            rule
            for rule in reader.catalog.sensor_rules.values()
            if rule.kind == "threshold" and rule.op == ">=" and station in rule.stations
        ),
        None,
    )


def _cone(reader: Reader, advice: Mapping[str, Any]) -> ConeView | None:
    track, issued_s = track_of(reader.catalog, advice), advice["issued"].timestamp()
    lon, lat, radius = cone(track, issued_s, sea.policy(reader.catalog).errors)
    if not len(radius):
        return None
    ring = [(round(float(x), 3), round(float(y), 3)) for x, y in outline(lon, lat, radius)]
    return ConeView(advice=advice["id"], ring=ring, end_radius_km=round(float(radius[-1]) / 1e3))


def _model(name: str) -> ModelView:
    card = MODELS[name]
    return ModelView(id=card.id, title=card.title, limits=card.limits, maturity=str(card.maturity), source=card.source)


def _shown(series: Floats) -> list[float | None]:
    return [None if np.isnan(v) else round(float(v), 2) for v in series]


def _moment(time_s: float) -> datetime:
    return datetime.fromtimestamp(time_s, UTC)
