"""Supply over HTTP: sites and allocations as GeoJSON, stock, ledger, shelters and needs as lists."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel

from anlan.kernel.actions import Reader
from anlan.kernel.http import reads
from anlan.supply import queries
from anlan.supply.model import AllocationState, NeedState
from anlan.supply.sites import SiteKind
from anlan.supply.views import Allocation, End, Flow, LedgerRow, Need, Placement, ShelterRow, SiteLine, StockRow

router = APIRouter(prefix="/api/v1/supply", tags=["supply"])
StockReader = Annotated[Reader, Depends(reads("stock"))]
ShelterReader = Annotated[Reader, Depends(reads("shelter"))]
NeedReader = Annotated[Reader, Depends(reads("need"))]
AllocationReader = Annotated[Reader, Depends(reads("allocation"))]
Limit = Annotated[int, Query(ge=1, le=queries.MOST)]
Position = tuple[float, float]


class Point(BaseModel):
    """A GeoJSON point."""

    type: Literal["Point"] = "Point"
    coordinates: Position


class Line(BaseModel):
    """A GeoJSON line."""

    type: Literal["LineString"] = "LineString"
    coordinates: tuple[Position, Position]


class SiteFeature(BaseModel):
    """A site on the map."""

    type: Literal["Feature"] = "Feature"
    id: str
    properties: SiteLine
    geometry: Point


class SiteCollection(BaseModel):
    """Sites as GeoJSON."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    features: list[SiteFeature]


class FlowFeature(BaseModel):
    """Goods on their way, as a straight line: streets are not looked at."""

    type: Literal["Feature"] = "Feature"
    id: str
    properties: Flow
    geometry: Line


class FlowCollection(BaseModel):
    """Flows as GeoJSON."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    features: list[FlowFeature]


class PlacementFeature(BaseModel):
    """People on their way."""

    type: Literal["Feature"] = "Feature"
    id: str
    properties: Placement
    geometry: Line


class PlacementCollection(BaseModel):
    """Placements as GeoJSON."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    features: list[PlacementFeature]


class StockList(BaseModel):
    """What lies where."""

    items: list[StockRow]


class LedgerPage(BaseModel):
    """Lines of the ledger; for more, ask again after the last one's ``seq`` and ``line``."""

    items: list[LedgerRow]
    more: bool


class ShelterList(BaseModel):
    """Shelters, and what they come to."""

    items: list[ShelterRow]
    open: int
    places: int
    occupants: int


class NeedList(BaseModel):
    """Needs, the newest first."""

    items: list[Need]


class AllocationList(BaseModel):
    """Allocations, the newest first."""

    items: list[Allocation]


class AllocationDetail(BaseModel):
    """One allocation on the map."""

    allocation: Allocation
    flows: FlowCollection
    placements: PlacementCollection


@router.get("/sites")
def list_sites(reader: StockReader, kind: SiteKind | None = None, area: str | None = None) -> SiteCollection:
    """Return warehouses and shelters in sight."""
    found = queries.sites(reader, kind=kind, area=area)
    return SiteCollection(
        features=[SiteFeature(id=s.id, properties=s, geometry=Point(coordinates=(s.lon, s.lat))) for s in found]
    )


@router.get("/stock")
def list_stock(
    reader: StockReader, site: str | None = None, item: str | None = None, area: str | None = None
) -> StockList:
    """Return what lies where."""
    return StockList(items=queries.stock_rows(reader, site=site, item=item, area=area))


@router.get("/ledger")
def list_ledger(
    reader: StockReader,
    after: int = 0,
    line: int = 0,
    limit: Limit = 200,
    site: str | None = None,
    item: str | None = None,
) -> LedgerPage:
    """Return the ledger's lines after a journal entry and its line."""
    rows = queries.ledger(reader, after=(after, line), limit=limit, site=site, item=item)
    return LedgerPage(items=rows, more=len(rows) == limit)


@router.get("/shelters")
def list_shelters(
    reader: ShelterReader, area: str | None = None, state: Literal["open", "closed"] | None = None
) -> ShelterList:
    """Return shelters with their people."""
    rows = queries.shelter_rows(reader, area=area, state=state)
    opened = [row for row in rows if row.state == "open"]
    return ShelterList(
        items=rows,
        open=len(opened),
        places=sum(row.capacity for row in opened),
        occupants=sum(row.occupants for row in opened),
    )


@router.get("/needs")
def list_needs(
    reader: NeedReader, area: str | None = None, state: NeedState | None = None, limit: Limit = 100
) -> NeedList:
    """Return needs."""
    return NeedList(items=queries.need_list(reader, area=area, state=state, limit=limit))


@router.get("/needs/{need}")
def one_need(reader: NeedReader, need: str) -> Need:
    """Return one need."""
    return queries.need(reader, need)


@router.get("/allocations")
def list_allocations(
    reader: AllocationReader, need: str | None = None, state: AllocationState | None = None, limit: Limit = 100
) -> AllocationList:
    """Return allocations."""
    return AllocationList(items=queries.allocation_list(reader, need=need, state=state, limit=limit))


@router.get("/allocations/{allocation}")
def one_allocation(reader: AllocationReader, allocation: str) -> AllocationDetail:
    """Return one allocation with its flows and placements as lines."""
    found, sent, placed = queries.allocation(reader, allocation)
    goods = [
        FlowFeature(id=f"{f.source.id}/{f.target.id}/{f.item.item}", properties=f, geometry=_line(f.source, f.target))
        for f in sent
    ]
    people = [
        PlacementFeature(id=f"{p.source.id}/{p.target.id}", properties=p, geometry=_line(p.source, p.target))
        for p in placed
    ]
    return AllocationDetail(
        allocation=found, flows=FlowCollection(features=goods), placements=PlacementCollection(features=people)
    )


def _line(start: End, end: End) -> Line:
    return Line(coordinates=((start.lon, start.lat), (end.lon, end.lat)))
