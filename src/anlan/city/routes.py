"""The city over HTTP. Base map layers are public; lists and assets are scoped."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from fastapi.responses import FileResponse
from pydantic import BaseModel

from anlan.city import queries
from anlan.city.areas import Level
from anlan.city.assets import Asset
from anlan.city.city import city_of
from anlan.city.queries import AreaLine, AreaPage, Bounds
from anlan.kernel.actions import Reader
from anlan.kernel.errors import Invalid
from anlan.kernel.http import WorldDep, reads

router = APIRouter(prefix="/api/v1/city", tags=["city"])
AreaReader = Annotated[Reader, Depends(reads("area"))]
AssetReader = Annotated[Reader, Depends(reads("asset"))]


class CityLine(BaseModel):
    """What a page must know of the city before anybody signs in."""

    code: str
    zh: str
    en: str
    timezone: str
    bounds: Bounds
    layers: list[str]
    credits: list[str]
    synthetic: list[str]


class AreaList(BaseModel):
    """Areas in sight."""

    items: list[AreaLine]


class Feature(BaseModel):
    """One thing on the map."""

    type: Literal["Feature"] = "Feature"
    id: str
    properties: Mapping[str, Any]
    geometry: Mapping[str, Any] | None


class AssetCollection(BaseModel):
    """Assets as GeoJSON; ``total`` counts those beyond the limit too."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    features: list[Feature]
    total: int


@router.get("")
def describe_city(world: WorldDep) -> CityLine:
    """Return the city's name, zone, extent, map layers and the notices that a map must show."""
    city = city_of(world)
    root = city.area(city.root)
    west, south, east, north = root.geometry.bounds if root.geometry is not None else (0.0, 0.0, 0.0, 0.0)
    files = city.package.files
    return CityLine(
        code=root.code,
        zh=root.zh,
        en=root.en,
        timezone=city.package.timezone,
        bounds=(west, south, east, north),
        layers=[
            name.removeprefix("layers/").removesuffix(".geojson")
            for name in sorted(files)
            if name.startswith("layers/")
        ],
        credits=list(city.package.credits()),
        synthetic=sorted(name for name, entry in files.items() if entry["synthetic"]),
    )


@router.get("/layers/{name}.geojson", response_class=FileResponse)
def map_layer(world: WorldDep, name: str) -> FileResponse:
    """Return one base map layer: boundaries, metro, expressways, waterways, land."""
    path = city_of(world).package.path(f"layers/{name}.geojson")
    return FileResponse(path, media_type="application/geo+json", headers={"Cache-Control": "public, max-age=3600"})


@router.get("/areas")
def list_areas(reader: AreaReader, level: Level | None = None, parent: str | None = None) -> AreaList:
    """Return the areas in sight, of one level or right below one area."""
    return AreaList(items=queries.list_areas(reader, level=level, parent=parent))


@router.get("/areas/{code}")
def one_area(reader: AreaReader, code: str) -> AreaPage:
    """Return one area with what is above, below and around it."""
    return queries.area_page(reader, code)


@router.get("/areas/{code}/boundary")
def area_boundary(reader: AreaReader, code: str) -> Feature:
    """Return one area's exact boundary as GeoJSON."""
    return Feature(id=code, **queries.boundary(reader, code))


@router.get("/assets")
def list_assets(
    reader: AssetReader,
    type_: Annotated[str | None, Query(alias="type")] = None,
    area: str | None = None,
    bbox: Annotated[str | None, Query(description="west,south,east,north in degrees")] = None,
    limit: Annotated[int, Query(ge=1, le=queries.MOST)] = 5000,
) -> AssetCollection:
    """Return the assets in sight as GeoJSON, by type, area or bounds."""
    bounds = _bounds(bbox) if bbox is not None else None
    found, total = queries.find_assets(reader, type_=type_, area=area, bounds=bounds, limit=limit)
    return AssetCollection(features=[_feature(asset) for asset in found], total=total)


@router.get("/assets/{asset_id}")
def one_asset(reader: AssetReader, asset_id: str) -> Feature:
    """Return one asset as GeoJSON."""
    return _feature(queries.one_asset(reader, asset_id))


def _feature(asset: Asset) -> Feature:
    properties = {
        name: getattr(asset, name) for name in ("type", "zh", "en", "area", "attributes", "synthetic", "source")
    }
    point = {"type": "Point", "coordinates": [asset.lon, asset.lat]}
    return Feature(id=asset.id, properties=properties, geometry=point)


def _bounds(text: str) -> Bounds:
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        raise Invalid("city.bounds.malformed", at="bbox", value=text) from None
    return west, south, east, north
