"""HTTP of the state of the city: vital signs, the data catalogue, coverage."""

from datetime import datetime
from typing import Annotated, Literal

import numpy as np
from fastapi import APIRouter, Depends
from pydantic import BaseModel

from anlan.catalog.schema.base import Direction, Grade
from anlan.catalog.schema.data_catalogue import DataResource, Sharing
from anlan.catalog.schema.vital_signs import VitalSign
from anlan.kernel.actions import Reader
from anlan.kernel.http import reads
from anlan.sense import city_queries as queries
from anlan.sense.data_catalogue import Quality
from anlan.sense.stream.moments import moment

router = APIRouter(prefix="/api/v1/sense", tags=["sense"])

StateReader = Annotated[Reader, Depends(reads("alarm"))]
CatalogueReader = Annotated[Reader, Depends(reads("observation"))]
CoverageReader = Annotated[Reader, Depends(reads("sensor"))]


class SignGrade(BaseModel):
    """The value at which a grade of a vital sign is met, and who says so."""

    grade: Grade
    value: float
    source: str
    confidence: str


class SignView(BaseModel):
    """One vital sign: what it is, and where its grades begin."""

    id: str
    zh: str
    en: str
    sectors: list[str]
    formula: str
    unit: str
    direction: Direction
    op: Literal[">=", ">", "<=", "<"]
    grades: list[SignGrade]
    source: str
    confidence: str
    note: str | None


class SignReading(BaseModel):
    """One vital sign of one area; no value where nobody measures it."""

    sign: str
    value: float | None
    grade: Grade | None


class AreaReadings(BaseModel):
    """The vital signs of one area."""

    area: str
    people: float | None
    area_km2: float | None
    readings: list[SignReading]


class VitalSigns(BaseModel):
    """The vital signs of areas, the one that was asked for first."""

    at: datetime
    signs: list[SignView]
    items: list[AreaReadings]


@router.get("/vital-signs")
def show_vital_signs(reader: StateReader, area: str | None = None, below: bool = False) -> VitalSigns:
    """Show the vital signs of an area, and, if asked, of those right below it."""
    found = queries.vital_signs(reader, area, below=below)
    return VitalSigns(
        at=reader.now,
        signs=[_sign(reader, sign) for sign in reader.catalog.vital_signs.values()],
        items=[
            AreaReadings(
                area=one.area,
                people=_known(one.people),
                area_km2=_known(one.area_km2),
                readings=[SignReading(sign=r.sign, value=r.value, grade=r.grade) for r in one.readings],
            )
            for one in found
        ],
    )


def _known(value: float) -> float | None:
    return None if np.isnan(value) else value


def _sign(reader: Reader, sign: VitalSign) -> SignView:
    plain = ("id", "zh", "en", "formula", "unit", "direction", "op", "source", "confidence", "note")
    return SignView(
        **{name: getattr(sign, name) for name in plain},
        sectors=[name for name, sector in reader.catalog.sectors.items() if sign.id in sector.vital_signs],
        grades=[
            SignGrade(grade=grade, value=met.value, source=met.source, confidence=met.confidence)
            for grade, met in sign.grades.items()
        ],
    )


class QualityView(BaseModel):
    """How good the data of a resource were over the last days; a share is null where there was nothing to count."""

    days: int
    sensors: int
    heard: int
    rows: int
    expected: int | None
    complete: float | None
    good: float | None
    suspect: float | None
    missing: float | None
    out_of_range: float | None
    late: float | None
    newest_at: datetime | None


class ResourceView(BaseModel):
    """One data resource: what, from whom, how good, on which terms, and who may use it."""

    id: str
    zh: str
    en: str
    sector: str | None
    provider_zh: str
    provider_en: str
    quantities: list[str]
    address: str
    format: list[str]
    cadence_s: float | None
    sharing: Sharing
    condition_zh: str | None
    condition_en: str | None
    personal: bool
    roles: list[str]
    usable: bool
    quality: QualityView | None
    source: str
    confidence: str


class DataCatalogue(BaseModel):
    """The resources of the data pool, in the order of the catalog."""

    items: list[ResourceView]


@router.get("/data-catalogue")
def show_data_catalogue(reader: CatalogueReader) -> DataCatalogue:
    """Show what data there are, from whom, how good they are, and who may use them."""
    held = {grant.role for grant in reader.actor.grants}
    days = int(reader.catalog.setting("catalogue.quality_days"))
    return DataCatalogue(
        items=[
            _resource(reader.catalog.data_resources[name], quality, held, days)
            for name, quality in queries.data_catalogue(reader)
        ]
    )


def _resource(resource: DataResource, quality: Quality | None, held: set[str], days: int) -> ResourceView:
    same = set(ResourceView.model_fields) - {"usable", "quality", "quantities", "format", "roles"}
    return ResourceView(
        **{name: getattr(resource, name) for name in same},
        quantities=list(resource.quantities),
        format=list(resource.format),
        roles=list(resource.roles),
        usable=bool(held & set(resource.roles)),
        quality=None if quality is None else _quality(quality, days),
    )


def _quality(quality: Quality, days: int) -> QualityView:
    same = set(QualityView.model_fields) - {"days", "newest_at"}
    newest = None if quality.newest_us is None else moment(quality.newest_us)
    return QualityView(days=days, newest_at=newest, **{name: getattr(quality, name) for name in same})


class TownCoverage(BaseModel):
    """How many instruments see each hazard in a town, and how many of them are heard."""

    area: str
    name_zh: str
    name_en: str
    area_km2: float | None
    people: int | None
    sensors: dict[str, int]
    heard: dict[str, int]


class Gap(BaseModel):
    """A cell that no instrument reaches, with how far the nearest one is; null if there is none at all."""

    lon: float
    lat: float
    people: float
    nearest_m: float | None


class Coverage(BaseModel):
    """Coverage of an area: towns for every hazard, gaps for one, those with most people first."""

    area: str
    hazard: str
    hazards: list[str]
    towns: list[TownCoverage]
    cell_m: float
    cells: int
    people: float
    people_covered: float
    land_km2: float
    land_covered_km2: float
    gaps: list[Gap]
    gaps_left_out: int
    synthetic: bool


@router.get("/coverage")
def show_coverage(reader: CoverageReader, area: str | None = None, hazard: str | None = None) -> Coverage:
    """Show where instruments would see a hazard, and where none would."""
    found = queries.coverage(reader, area, hazard)
    cells, covered = found.cells, found.gaps.covered
    most = int(reader.catalog.setting("coverage.gaps_shown"))
    uncovered = np.flatnonzero(~covered)
    order = uncovered[np.argsort(-cells.people[uncovered], kind="stable")]
    return Coverage(
        area=found.area,
        hazard=found.hazard,
        hazards=list(found.hazards),
        towns=[TownCoverage(**vars(town)) for town in found.towns],
        cell_m=found.cell_m,
        cells=len(cells),
        people=float(cells.people.sum()),
        people_covered=float(cells.people[covered].sum()),
        land_km2=float(cells.land_km2.sum()),
        land_covered_km2=float(cells.land_km2[covered].sum()),
        gaps=[_gap(found, row) for row in order[:most].tolist()],
        gaps_left_out=max(0, len(order) - most),
        synthetic=found.synthetic,
    )


def _gap(found: queries.Cover, row: int) -> Gap:
    nearest = float(found.gaps.nearest_m[row])
    return Gap(
        lon=round(float(found.cells.lon[row]), 6),
        lat=round(float(found.cells.lat[row]), 6),
        people=round(float(found.cells.people[row]), 1),
        nearest_m=round(nearest, 1) if np.isfinite(nearest) else None,
    )
