"""What can be asked of supply: sites, stock and its ledger, shelters, needs, allocations."""

from collections.abc import Iterator, Sequence
from typing import Any, Literal

import sqlalchemy as sa

from anlan.city.city import City, city_of
from anlan.kernel.access import Scope, jurisdiction
from anlan.kernel.actions import Reader
from anlan.kernel.errors import NotFound
from anlan.supply import norms
from anlan.supply.model import (
    ShelterState,
    allocations,
    flows,
    need_towns,
    needs,
    placements,
    shelters,
    stock,
    stock_moves,
)
from anlan.supply.sites import KINDS, SHELTER, Site, SiteKind, places, site_of, sites_in
from anlan.supply.views import (
    Allocation,
    End,
    Flow,
    Goods,
    LedgerRow,
    Need,
    NeedTown,
    Placement,
    ShelterRow,
    SiteLine,
    StockRow,
)

MOST = 1000
"""Rows in one answer."""


def sites(reader: Reader, *, kind: SiteKind | None = None, area: str | None = None) -> list[SiteLine]:
    """Return the sites in sight."""
    lines = dict(_items(reader))
    people = _people(reader)
    found = []
    for site in _sites(reader, (kind,) if kind else KINDS, area):
        own = people.get(site.id)
        shelter = site.kind == SHELTER
        state = (own["state"] if own else ShelterState.CLOSED) if shelter else None
        found.append(
            SiteLine(
                **_own(site),
                kind=site.kind,
                town=site.town,
                tier=site.asset.attributes.get("tier"),
                items=lines.get(site.id, 0),
                capacity=_capacity(reader, site, own) if shelter else None,
                occupants=(own["occupants"] if own else 0) if shelter else None,
                state=state,
            )
        )
    return found


def _own(site: Site) -> dict[str, Any]:
    asset = site.asset
    place = {"id": asset.id, "zh": asset.zh, "en": asset.en, "lon": asset.lon, "lat": asset.lat}
    return place | {"area": site.area, "synthetic": asset.synthetic}


def _sites(reader: Reader, kinds: Sequence[SiteKind], area: str | None) -> Iterator[Site]:
    city = city_of(reader)
    return (
        site for kind in kinds for site in sites_in(city, area or city.root, kind) if reader.scope.covers(site.area)
    )


def _items(reader: Reader) -> Iterator[tuple[str, int]]:
    some = sa.and_(reader.scope.where(stock.c.area), stock.c.quantity > 0)
    query = sa.select(stock.c.site, sa.func.count()).where(some).group_by(stock.c.site)
    return ((row[0], int(row[1])) for row in reader.conn.execute(query))


def _people(reader: Reader) -> dict[str, sa.RowMapping]:
    query = sa.select(shelters).where(reader.scope.where(shelters.c.area))
    return {row["site"]: row for row in reader.conn.execute(query).mappings()}


def _capacity(reader: Reader, site: Site, row: sa.RowMapping | None) -> int:
    return int(row["capacity"]) if row and row["state"] == ShelterState.OPEN else places(reader.catalog, site.asset)


def stock_rows(
    reader: Reader, *, site: str | None = None, item: str | None = None, area: str | None = None
) -> list[StockRow]:
    """Return what lies where, of items that there is some of."""
    where = [reader.scope.where(stock.c.area), stock.c.quantity > 0]
    if site is not None:
        where.append(stock.c.site == site)
    if item is not None:
        where.append(stock.c.item == item)
    if area is not None:
        where.append(Scope((jurisdiction(area),)).where(stock.c.area))
    query = sa.select(stock).where(*where).order_by(stock.c.site, stock.c.item)
    city = city_of(reader)
    return [_stock_row(reader, city, row) for row in reader.conn.execute(query).mappings()]


def _stock_row(reader: Reader, city: City, row: sa.RowMapping) -> StockRow:
    asset, item = city.assets.asset(row["site"]), reader.catalog.supply_items[row["item"]]
    return StockRow(
        site=asset.id,
        site_zh=asset.zh,
        site_en=asset.en,
        area=row["area"],
        item=item.id,
        item_zh=item.zh,
        item_en=item.en,
        quantity=row["quantity"],
        unit=item.unit,
        synthetic=row["synthetic"],
    )


def ledger(
    reader: Reader,
    *,
    after: tuple[int, int] = (0, 0),
    limit: int = MOST,
    site: str | None = None,
    item: str | None = None,
) -> list[LedgerRow]:
    """Return the ledger's lines that touch the reader's areas, oldest first, after a journal entry and line."""
    inside = sa.or_(reader.scope.where(stock_moves.c.area), reader.scope.where(stock_moves.c.to_area))
    seq, line = stock_moves.c.seq, stock_moves.c.line
    where = [inside, sa.or_(seq > after[0], sa.and_(seq == after[0], line > after[1]))]
    if site is not None:
        where.append(sa.or_(stock_moves.c.from_site == site, stock_moves.c.to_site == site))
    if item is not None:
        where.append(stock_moves.c.item == item)
    names = list(LedgerRow.__dataclass_fields__)
    query = sa.select(*(stock_moves.c[name] for name in names)).where(*where)
    rows = reader.conn.execute(query.order_by(seq, line).limit(min(limit, MOST)))
    return [LedgerRow(**row) for row in rows.mappings()]


def shelter_rows(
    reader: Reader, *, area: str | None = None, state: Literal["open", "closed"] | None = None
) -> list[ShelterRow]:
    """Return the shelters in sight; one that was never opened is closed."""
    people = _people(reader)
    rows = (_shelter_row(reader, site, people.get(site.id)) for site in _sites(reader, (SHELTER,), area))
    return [row for row in rows if state is None or row.state == state]


def _shelter_row(reader: Reader, site: Site, row: sa.RowMapping | None) -> ShelterRow:
    capacity, occupants = _capacity(reader, site, row), int(row["occupants"]) if row else 0
    attributes = site.asset.attributes
    return ShelterRow(
        **_own(site),
        state=str(row["state"]) if row else ShelterState.CLOSED,
        capacity=capacity,
        occupants=occupants,
        free=capacity - occupants,
        shelter_class=attributes.get("shelter_class"),
        indoor=attributes.get("indoor"),
        opened_at=row["opened_at"] if row else None,
        closed_at=row["closed_at"] if row else None,
    )


def need_list(reader: Reader, *, area: str | None = None, state: str | None = None, limit: int = MOST) -> list[Need]:
    """Return needs, the newest first."""
    where = [reader.scope.where(needs.c.area)]
    if area is not None:
        where.append(Scope((jurisdiction(area),)).where(needs.c.area))
    if state is not None:
        where.append(needs.c.state == state)
    query = sa.select(needs).where(*where).order_by(needs.c.seq.desc()).limit(min(limit, MOST))
    return [_need(reader, row) for row in reader.conn.execute(query).mappings().all()]


def need(reader: Reader, id_: str) -> Need:
    """Return one need.

    Raises
    ------
    NotFound
        ``supply.need_unknown``.
    Forbidden
        If it lies outside the reader's areas.
    """
    row = reader.conn.execute(sa.select(needs).where(needs.c.id == id_)).mappings().one_or_none()
    if row is None:
        raise NotFound("supply.need_unknown", at="need", value=id_)
    reader.require(row["area"])
    return _need(reader, row)


def _need(reader: Reader, row: sa.RowMapping) -> Need:
    query = sa.select(need_towns).where(need_towns.c.need == row["id"]).order_by(need_towns.c.area)
    rows = reader.conn.execute(query).mappings().all()
    names = ("area", "grade", "low", "best", "high")
    city = city_of(reader)
    towns = [NeedTown(**{n: t[n] for n in names}, zh=city.name(t["area"]), en=city.name(t["area"], "en")) for t in rows]
    goods = norms.for_towns(reader.catalog, rows, row["days"])
    own = {n: row[n] for n in ("id", "area", "state", "at", "forecast", "grade", "days", "share")}
    people = {bound: sum(t[bound] for t in rows) for bound in ("low", "best", "high")}
    return Need(**own, **people, towns=towns, items=[_goods(reader, i, n) for i, n in goods.items()])


def _goods(reader: Reader, item: str, quantity: int) -> Goods:
    entry = reader.catalog.supply_items[item]
    return Goods(item, entry.zh, entry.en, quantity, entry.unit)


def allocation_list(
    reader: Reader, *, need: str | None = None, state: str | None = None, limit: int = MOST
) -> list[Allocation]:
    """Return allocations, the newest first."""
    where = [reader.scope.where(allocations.c.area)]
    if need is not None:
        where.append(allocations.c.need == need)
    if state is not None:
        where.append(allocations.c.state == state)
    query = sa.select(allocations).where(*where).order_by(allocations.c.seq.desc()).limit(min(limit, MOST))
    return [_allocation(reader, row) for row in reader.conn.execute(query).mappings().all()]


def allocation(reader: Reader, id_: str) -> tuple[Allocation, list[Flow], list[Placement]]:
    """Return one allocation with what goes where and who goes where.

    Raises
    ------
    NotFound
        ``supply.allocation_unknown``.
    Forbidden
        If it lies outside the reader's areas.
    """
    row = reader.conn.execute(sa.select(allocations).where(allocations.c.id == id_)).mappings().one_or_none()
    if row is None:
        raise NotFound("supply.allocation_unknown", at="allocation", value=id_)
    reader.require(row["area"])
    return _allocation(reader, row), list(_flows(reader, id_)), list(_placements(reader, id_))


def _allocation(reader: Reader, row: sa.RowMapping) -> Allocation:
    sent = sa.select(sa.func.count()).where(flows.c.allocation == row["id"])
    people = sa.select(sa.func.coalesce(sa.func.sum(placements.c.people), 0)).where(
        placements.c.allocation == row["id"]
    )
    own = {name: row[name] for name in ("id", "area", "need", "state", "at", "bound")}
    return Allocation(
        **own,
        unmet=[_goods(reader, line["item"], line["quantity"]) for line in row["unmet"]],
        flows=reader.conn.scalar(sent) or 0,
        people=int(reader.conn.scalar(people) or 0),
    )


def _flows(reader: Reader, allocation: str) -> Iterator[Flow]:
    query = sa.select(flows).where(flows.c.allocation == allocation)
    for row in reader.conn.execute(query.order_by(flows.c.from_site, flows.c.to_site, flows.c.item)).mappings():
        source, target = _site_end(reader, row["from_site"]), _site_end(reader, row["to_site"])
        item = _goods(reader, row["item"], row["quantity"])
        yield Flow(item, source, target, row["moved"], row["distance_m"])


def _placements(reader: Reader, allocation: str) -> Iterator[Placement]:
    query = sa.select(placements).where(placements.c.allocation == allocation)
    for row in reader.conn.execute(query.order_by(placements.c.town, placements.c.shelter)).mappings():
        town = city_of(reader).area(row["town"])
        start = End(town.code, town.zh, town.en, town.lon or 0.0, town.lat or 0.0)
        yield Placement(start, _site_end(reader, row["shelter"]), row["people"], row["distance_m"])


def _site_end(reader: Reader, site: str) -> End:
    asset = site_of(city_of(reader), site, "site").asset
    return End(asset.id, asset.zh, asset.en, asset.lon, asset.lat)
