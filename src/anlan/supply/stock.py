"""Verbs on stock: it comes in, goes from site to site, is used up. It never falls below zero, and none is lost."""

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from anlan.city.city import city_of
from anlan.kernel.actions import Args, BulkMark, Effect, Tx
from anlan.kernel.canonical import JSON
from anlan.kernel.errors import Invalid
from anlan.supply.ledger import ItemId, Posting, Quantity, StockLine, post
from anlan.supply.model import MoveKind
from anlan.supply.sites import WAREHOUSE, Site, common_area, site_of

SiteId = Annotated[str, StringConstraints(min_length=1, max_length=80)]
Reason = Annotated[str, StringConstraints(max_length=400)]


class ReceiveStock(StockLine):
    """Take goods into a warehouse."""

    warehouse: SiteId
    reason: Reason = ""


def receive_stock(tx: Tx, args: ReceiveStock) -> Effect:
    """Add to the stock of a warehouse."""
    site = site_of(city_of(tx), args.warehouse, "args.warehouse", WAREHOUSE)
    tx.require(site.area)
    post(tx, MoveKind.RECEIVE, [Posting(args, None, site)], args.reason)
    return Effect(site.id, site.area, _named("site", site) | _line(args))


class OpeningRow(StockLine):
    """What one warehouse has of one item at the beginning; synthetic where a script made the figure up."""

    site: SiteId
    synthetic: bool = False


class OpenStock(Args):
    """Enter the stock of many warehouses at once, such as the opening stock of a new world."""

    rows: Annotated[tuple[OpeningRow, ...], BulkMark(), Field(min_length=1, max_length=100_000)]
    reason: Reason = ""


def open_stock(tx: Tx, args: OpenStock) -> Effect:
    """Add every row to its warehouse."""
    city = city_of(tx)
    sites: dict[str, Site] = {}
    for number, row in enumerate(args.rows):
        if row.site not in sites:
            sites[row.site] = site_of(city, row.site, f"args.rows.{number}.site", WAREHOUSE)
            tx.require(sites[row.site].area)
    entries = [Posting(row, None, sites[row.site], row.synthetic) for row in args.rows]
    post(tx, MoveKind.RECEIVE, entries, args.reason)
    area = common_area(city, *(site.area for site in sites.values()))
    told: dict[str, JSON] = {"sites": len(sites), "rows": len(args.rows)}
    return Effect(tx.new_id("stock"), area, told | {"synthetic": any(row.synthetic for row in args.rows)})


class MoveStock(Args):
    """Send goods from one site to another: one item, or several lines at once."""

    from_site: SiteId
    to_site: SiteId
    item: ItemId | None = None
    quantity: Quantity | None = None
    lines: tuple[StockLine, ...] = Field(default=(), max_length=200)
    reason: Reason = ""

    @model_validator(mode="after")
    def _one_or_several(self) -> Self:
        if bool(self.lines) == (self.item is not None and self.quantity is not None):
            raise ValueError("give either item and quantity, or lines")
        return self

    def goods(self) -> tuple[StockLine, ...]:
        """Return what is sent, line by line."""
        if self.item is None or self.quantity is None:
            return self.lines
        return (StockLine(item=self.item, quantity=self.quantity),)


def move_stock(tx: Tx, args: MoveStock) -> Effect:
    """Take from one site and give to the other; all lines or none."""
    city = city_of(tx)
    source = site_of(city, args.from_site, "args.from_site")
    target = site_of(city, args.to_site, "args.to_site")
    if source.id == target.id:
        raise Invalid("supply.same_site", at="args.to_site", value=target.id)
    tx.require(source.area)
    tx.require(target.area)
    goods = args.goods()
    post(tx, MoveKind.MOVE, [Posting(line, source, target) for line in goods], args.reason)
    told = _named("from", source) | _named("to", target) | {"reason": args.reason}
    told |= {"lines": [_line(line) for line in goods], "quantity": sum(line.quantity for line in goods)}
    return Effect(source.id, common_area(city, source.area, target.area), told)


class ConsumeStock(StockLine):
    """Note that goods at a site were used up or handed out."""

    site: SiteId
    reason: Reason = ""


def consume_stock(tx: Tx, args: ConsumeStock) -> Effect:
    """Take from the stock of a site."""
    site = site_of(city_of(tx), args.site, "args.site")
    tx.require(site.area)
    post(tx, MoveKind.CONSUME, [Posting(args, site, None)], args.reason)
    return Effect(site.id, site.area, _named("site", site) | _line(args))


def _line(line: StockLine) -> dict[str, JSON]:
    return {"item": line.item, "quantity": line.quantity}


def _named(role: str, site: Site) -> dict[str, JSON]:
    return {role: site.id, f"{role}_name_zh": site.asset.zh, f"{role}_name_en": site.asset.en}
