"""HTTP of a forecast's map: what it can show and its legends, its tiles, a place, arrivals, closed roads."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel

from anlan.assess import map_queries, queries
from anlan.assess.picture import Bounds
from anlan.assess.routes import AssetView, Harm
from anlan.assess.tiles import FARTHEST, NEAREST, PALETTES, SIDE, layers
from anlan.city.city import city_of
from anlan.kernel.actions import Reader
from anlan.kernel.http import reads

router = APIRouter(prefix="/api/v1/assess/forecasts/{forecast_id}", tags=["assess"])

ForecastReader = Annotated[Reader, Depends(reads("forecast"))]
_KEEP = {"Cache-Control": "private, max-age=86400"}
_UNITS = {"depth": "m", "chance": "%", "arrival": "min"}


class LegendClass(BaseModel):
    """One colour of a legend: from which value on it is used, and its opacity from 0 to 1."""

    at_least: float
    colour: str
    opacity: float


class Legend(BaseModel):
    """What the colours of a layer mean."""

    unit: str
    classes: list[LegendClass]


class LayerView(BaseModel):
    """One layer: what it shows (a legend's name), and the depth whose chance it is."""

    id: str
    legend: Literal["depth", "chance", "arrival"]
    threshold_m: float | None


class MadeBy(BaseModel):
    """What made a forecast's map."""

    model: str
    maturity: str
    members: int
    failed_members: list[str]
    synthetic: bool


class MapView(BaseModel):
    """What a forecast's map can show; ``tiles`` is the address of its tiles."""

    id: str
    area: str
    at: datetime
    valid_from: datetime
    valid_to: datetime
    bounds: Bounds | None
    tiles: str
    tile_px: int
    zooms: tuple[int, int]
    frames: list[datetime]
    layers: list[LayerView]
    legends: dict[str, Legend]
    made_by: MadeBy


class DepthChance(BaseModel):
    """The chance, 0 to 1, that water stands at least so deep."""

    depth_m: float
    chance: float


class FrameDepth(BaseModel):
    """The control's depth at a moment."""

    at: datetime
    depth_m: float


class PlaceView(BaseModel):
    """What a forecast says of a place; ``told`` is false where it says nothing: on rivers and outside its area."""

    lon: float
    lat: float
    town: str | None
    told: bool
    depth_m: Harm
    chance: list[DepthChance]
    arrival: datetime | None
    frames: list[FrameDepth]


class ArrivalView(AssetView):
    """One asset that stands in water, when the water comes (by the control), and chances of depths."""

    arrival: datetime | None
    chance: list[DepthChance]


class ArrivalList(BaseModel):
    """Assets in order of the water's arrival; those that it may reach come last."""

    arrival_m: float
    items: list[ArrivalView]


class RoadView(BaseModel):
    """What is said of a closed edge; ``closes`` is the first moment at which the control closes it."""

    network: Literal["expressways", "center"]
    edge: int
    name: str
    kind: str
    length_m: float
    wet_m: float
    lon: float
    lat: float
    depth_m: float
    chance: float
    closes: datetime | None


class LineString(BaseModel):
    """A line in degrees."""

    type: Literal["LineString"] = "LineString"
    coordinates: list[tuple[float, float]]


class RoadFeature(BaseModel):
    """One closed edge of a road graph; ``lon`` and ``lat`` are where it stands deepest, ``wet_m`` is what closes it."""

    type: Literal["Feature"] = "Feature"
    id: str
    properties: RoadView
    geometry: LineString


class ClosedRoads(BaseModel):
    """Closed edges as GeoJSON, and by which rule they count as closed."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    features: list[RoadFeature]
    closed_m: float
    closed_chance: float
    total_km: float
    maturity: str


@router.get("/map")
def show_map(reader: ForecastReader, forecast_id: str) -> MapView:
    """Tell a map's layers, legends and moments, and what made it."""
    row = queries.forecast(reader, forecast_id)
    found = map_queries.laid(reader, forecast_id)
    footprint, told = found.sheet.footprint, row["told"]
    shown = layers(footprint)
    return MapView(
        **{name: row[name] for name in ("id", "area", "at", "valid_from", "valid_to")},
        bounds=queries.bounds(reader, row["area"]),
        tiles=f"/api/v1/assess/forecasts/{forecast_id}/tiles/{{layer}}/{{z}}/{{x}}/{{y}}.png?v={found.version}",
        tile_px=SIDE,
        zooms=(FARTHEST, NEAREST),
        frames=map_queries.frames(footprint),
        layers=[
            LayerView(id=layer, legend=legend, threshold_m=_threshold(layer, footprint.thresholds_m))
            for layer, legend in shown.items()
        ],
        legends={legend: _legend(reader, legend) for legend in PALETTES},
        made_by=MadeBy(
            **{name: told[name] for name in ("model", "maturity", "members", "synthetic")},
            failed_members=row["inputs"]["failed_members"],
        ),
    )


def _threshold(layer: str, thresholds_m: tuple[float, ...]) -> float | None:
    return thresholds_m[int(layer.removeprefix("chance_"))] if layer.startswith("chance_") else None


def _legend(reader: Reader, shown: str) -> Legend:
    colours = PALETTES[shown][1:]  # the first is dry ground
    bounds = map_queries.classes_of(reader.catalog, shown)
    return Legend(
        unit=_UNITS[shown],
        classes=[
            LegendClass(
                at_least=least, colour="#{:02x}{:02x}{:02x}".format(*colour[:3]), opacity=round(colour[3] / 255, 2)
            )
            for least, colour in zip(bounds, colours, strict=False)
        ],
    )


@router.get("/tiles/{layer}/{z}/{x}/{y}.png", response_class=Response)
def show_tile(
    reader: ForecastReader,
    forecast_id: str,
    layer: str,
    z: int,
    x: int,
    y: int,
    frame: Annotated[int, Query(description="which moment, from 0, of the layer `frame`")] = 0,
) -> Response:
    """Show a tile of a layer in web Mercator, clear where it is dry."""
    image = map_queries.tile_png(reader, forecast_id, layer, (z, x, y), frame)
    return Response(image, media_type="image/png", headers=_KEEP)


@router.get("/at")
def show_place(
    reader: ForecastReader,
    forecast_id: str,
    lon: Annotated[float, Query(ge=-180, le=180)],
    lat: Annotated[float, Query(gt=-90, lt=90)],
) -> PlaceView:
    """Tell depth, chances, arrival and frames at a place."""
    found = map_queries.at_place(reader, forecast_id, lon, lat)
    low, best, high = found["depth_m"]
    return PlaceView(**found | {"depth_m": Harm(low=low, best=best, high=high)})


@router.get("/arrivals")
def list_arrivals(reader: ForecastReader, forecast_id: str) -> ArrivalList:
    """List assets that stand in water, in order of its arrival."""
    thresholds = map_queries.laid(reader, forecast_id).sheet.footprint.thresholds_m
    return ArrivalList(
        arrival_m=float(reader.catalog.setting("forecast.arrival_m")),
        items=[_arrival(reader, row, thresholds) for row in map_queries.arrivals(reader, forecast_id)],
    )


def _arrival(reader: Reader, row: dict[str, Any], thresholds_m: tuple[float, ...]) -> ArrivalView:
    own = city_of(reader).assets.asset(row["asset"])
    harm = None if row["best"] is None else Harm(**{name: row[name] for name in ("low", "best", "high")})
    chances = zip(thresholds_m, row["chance"] or (), strict=False)
    return ArrivalView(
        **{**row, "chance": [DepthChance(depth_m=depth, chance=chance) for depth, chance in chances]},
        name_zh=own.zh,
        name_en=own.en,
        lon=own.lon,
        lat=own.lat,
        synthetic=own.synthetic,
        harm=harm,
    )


@router.get("/roads")
def show_roads(reader: ForecastReader, forecast_id: str) -> ClosedRoads:
    """Show the roads that a forecast closes, and when."""
    told = queries.forecast(reader, forecast_id)["told"]
    rule = map_queries.rule_of(reader.catalog)
    features = map_queries.closed_roads(reader, forecast_id)
    return ClosedRoads(
        features=[RoadFeature(**one) for one in features],
        closed_m=rule.depth_m,
        closed_chance=rule.chance,
        total_km=round(sum(one["properties"]["length_m"] for one in features) / 1000, 1),
        maturity=told["maturity"],
    )
