"""HTTP of assess: forecasts, their impact and why, their picture; the cyclone and the outlook."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel

from anlan.assess import queries
from anlan.catalog.schema.base import Grade
from anlan.catalog.schema.grading import Grading
from anlan.catalog.schema.settings import Setting
from anlan.city.city import city_of
from anlan.kernel.actions import Reader
from anlan.kernel.http import reads
from anlan.science.models import MODELS

router = APIRouter(prefix="/api/v1/assess", tags=["assess"])

ForecastReader = Annotated[Reader, Depends(reads("forecast"))]
CycloneReader = Annotated[Reader, Depends(reads("cyclone"))]


class Spread(BaseModel):
    """People: a low, a best and a high estimate."""

    low: int
    best: int
    high: int


class WindView(BaseModel):
    """Greatest wind over the area until the forecast's end, and how many people live at each grade of gusts."""

    advice: str
    grade: Grade | None
    gust_m_s: float
    beaufort: int
    people: dict[str, int]
    model: str
    maturity: str


class ForecastView(BaseModel):
    """One forecast in short."""

    id: str
    area: str
    at: datetime
    valid_from: datetime
    valid_to: datetime
    peak: datetime
    hazard: str
    grade: Grade | None
    maturity: str
    model: str
    synthetic: bool
    people: Spread
    underpasses: int
    assets_hit: int
    critical_assets: int
    max_depth_m: float
    wind: WindView | None


class ForecastList(BaseModel):
    """Forecasts, the newest first."""

    items: list[ForecastView]


class TownView(BaseModel):
    """What a forecast says of one town."""

    area: str
    grade: Grade | None
    people: Spread
    critical_assets: int
    max_depth_m: float
    flooded_km2: float
    rain_mm: float
    gust_m_s: float | None
    beaufort: int | None
    wind_grade: Grade | None


class Harm(BaseModel):
    """Share of damage or chance of outage: a low, a best and a high estimate."""

    low: float
    best: float
    high: float


class AssetView(BaseModel):
    """One asset that stands in water by a forecast."""

    asset: str
    name_zh: str
    name_en: str
    type: str
    area: str
    lon: float
    lat: float
    depth_m: float
    grade: Grade | None
    critical: bool
    harm: Harm | None
    synthetic: bool


class ModelView(BaseModel):
    """The card of a model that a forecast used."""

    id: str
    title: str
    limits: str
    maturity: str
    source: str


class PolicyView(BaseModel):
    """One value of policy that a forecast used, and who says so."""

    id: str
    zh: str
    en: str
    value: str
    source: str
    confidence: str


class ForecastDetail(ForecastView):
    """One forecast with its impact, and on what it rests."""

    bounds: tuple[float, float, float, float] | None
    towns: list[TownView]
    assets: list[AssetView]
    inputs: dict[str, Any]
    models: list[ModelView]
    policy: list[PolicyView]
    source: str
    confidence: Literal["P"] = "P"  # the method is published, its parameters here are proposals


class TrackPoint(BaseModel):
    """One fix of a cyclone."""

    at: datetime
    lon: float
    lat: float
    pressure_hpa: float
    wind_m_s: float | None
    kind: Literal["observed", "forecast"]


class CycloneNow(BaseModel):
    """Where a cyclone is now by its advice, and how far each Beaufort force reaches."""

    at: datetime
    lon: float
    lat: float
    pressure_hpa: float
    wind_m_s: float | None
    radii_km: dict[str, int]


class CycloneView(BaseModel):
    """The newest advice on a cyclone."""

    id: str
    storm: str
    name_zh: str
    name_en: str
    issued: datetime
    source: str
    synthetic: bool
    track: list[TrackPoint]
    now: CycloneNow | None


class CycloneAnswer(BaseModel):
    """The cyclone, if there is one."""

    cyclone: CycloneView | None


class OutlookView(BaseModel):
    """The newest outlook: rain by area in mm/h, tide by station in m."""

    id: str
    issued: datetime
    source: str
    synthetic: bool
    step_s: int
    rain: dict[str, list[float]]
    tide: dict[str, list[float]]


class OutlookAnswer(BaseModel):
    """The outlook, if there is one."""

    outlook: OutlookView | None


@router.get("/forecasts")
def list_forecasts(reader: ForecastReader, area: str | None = None) -> ForecastList:
    """List forecasts."""
    return ForecastList(items=[ForecastView(**_short(row)) for row in queries.forecast_list(reader, area=area)])


def _short(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row["told"], **{name: row[name] for name in ("id", "area", "at", "valid_from", "valid_to", "grade")}}


@router.get("/forecasts/{forecast_id}")
def show_forecast(reader: ForecastReader, forecast_id: str) -> ForecastDetail:
    """Show one forecast with its impact, and on what it rests."""
    row = queries.forecast(reader, forecast_id)
    short = _short(row)
    named = (short["model"], "impact.impact", *([short["wind"]["model"]] if short["wind"] else []))
    used = [MODELS[name] for name in named if name in MODELS]  # a forecast of long ago may name a retired model
    return ForecastDetail(
        **short | {"towns": [_town(town) for town in queries.impact_towns(reader, forecast_id)]},
        bounds=queries.bounds(reader, row["area"]),
        assets=[_asset(reader, asset) for asset in queries.impact_assets(reader, forecast_id)],
        inputs=row["inputs"],
        models=[
            ModelView(id=card.id, title=card.title, limits=card.limits, maturity=str(card.maturity), source=card.source)
            for card in used
        ],
        policy=_policy(reader),
        source=used[0].source,
    )


def _town(town: Mapping[str, Any]) -> TownView:
    return TownView(**town, people=Spread(low=town["low"], best=town["best"], high=town["high"]))


def _asset(reader: Reader, asset: Mapping[str, Any]) -> AssetView:
    own = city_of(reader).assets.asset(asset["asset"])
    bounds = {name: asset[name] for name in ("low", "best", "high")}
    return AssetView(
        **asset,
        name_zh=own.zh,
        name_en=own.en,
        lon=own.lon,
        lat=own.lat,
        synthetic=own.synthetic,
        harm=None if asset["best"] is None else Harm(**bounds),
    )


def _policy(reader: Reader) -> list[PolicyView]:
    """Return the settings and gradings that forecasts use, by their names' beginnings."""
    settings = [
        own for name, own in reader.catalog.settings.items() if name.startswith(("forecast.", "flood.", "exposure."))
    ]
    gradings = [own for name, own in reader.catalog.grades.items() if name.startswith("impact_")]
    told: list[tuple[Setting | Grading, str]] = [(own, f"{own.value} {own.unit}") for own in settings]
    told += [
        (own, ", ".join(f"{g} {own.op} {v:g}" for g, v in own.bounds.items()) + f" {own.unit}") for own in gradings
    ]
    return [
        PolicyView(id=own.id, zh=own.zh, en=own.en, value=value, source=own.source, confidence=own.confidence)
        for own, value in told
    ]


@router.get("/forecasts/{forecast_id}/depth.png", response_class=Response)
def show_depth(reader: ForecastReader, forecast_id: str) -> Response:
    """Show a forecast's footprint as a picture whose corners are the forecast's ``bounds``."""
    image, corners = queries.depth_png(reader, forecast_id)
    headers = {"Cache-Control": "private, max-age=86400", "X-Bounds": ",".join(f"{c:.6f}" for c in corners)}
    return Response(image, media_type="image/png", headers=headers)


@router.get("/cyclone")
def show_cyclone(reader: CycloneReader) -> CycloneAnswer:
    """Show the newest advice on a cyclone."""
    found = queries.cyclone(reader)
    return CycloneAnswer(cyclone=None if found is None else CycloneView(**found, track=found["points"]))


@router.get("/outlook")
def show_outlook(reader: CycloneReader) -> OutlookAnswer:
    """Show the newest outlook on rain and tide."""
    found = queries.outlook(reader)
    return OutlookAnswer(outlook=None if found is None else OutlookView(**found))
