"""The verb ``need.estimate``: who must be sheltered and what they need, town by town, from a forecast or by hand."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Self

import sqlalchemy as sa
from pydantic import Field, StringConstraints, model_validator

from anlan.catalog.schema.base import Grade
from anlan.city.city import city_of
from anlan.kernel.access import jurisdiction
from anlan.kernel.actions import AreaCode, Args, Effect, Tx
from anlan.kernel.canonical import JSON
from anlan.kernel.errors import Invalid
from anlan.supply import norms
from anlan.supply.ledger import holdings
from anlan.supply.matching import rank
from anlan.supply.model import AllocationState, NeedState, allocations, need_towns, needs
from anlan.supply.risk import Risk, TownRisk, of_forecast
from anlan.supply.sites import SHELTER, WAREHOUSE, sites_in

BOUNDS = ("low", "best", "high")
People = Annotated[int, Field(ge=0, le=100_000_000)]


class Range(Args):
    """A number of people with its uncertainty."""

    low: People
    best: People
    high: People

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.low <= self.best <= self.high:
            raise ValueError("low, best and high must not fall")
        return self


class TownAtRisk(Args):
    """People at risk in one area, by hand."""

    area: AreaCode
    people: Range
    grade: Grade | None = None


class EstimateNeed(Args):
    """Estimate what the people at risk need: from a forecast, or from numbers by hand."""

    forecast: Annotated[str, StringConstraints(max_length=40)] | None = None
    area: AreaCode | None = None
    towns: tuple[TownAtRisk, ...] = Field(default=(), max_length=500)
    days: int | None = Field(default=None, ge=1, le=100)
    share: float | None = Field(default=None, ge=0, le=1, description="of the people at risk who need a shelter")

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if (self.forecast is None) == (self.area is None or not self.towns):
            raise ValueError("give either a forecast, or an area and towns")
        return self


def estimate_need(tx: Tx, args: EstimateNeed) -> Effect:
    """Write the need of every town; an older need of the same area that nobody acted on gives way to it.

    A forecast that a need was estimated from already is not estimated again.
    """
    risk = _risk(tx, args)
    tx.require(risk.area)
    if args.forecast and (known := _estimated(tx, args.forecast)):
        data = {"need": known.id, "forecast": args.forecast, "grade": known.grade, "days": known.days}
        return Effect(known.id, known.area, data | {"state": known.state, "short": False, "reused": True})
    share = float(tx.catalog.setting("supply.shelter_share")) if args.share is None else args.share
    days = args.days or int(tx.catalog.setting("supply.days"))
    need = tx.new_id("need")
    _supersede(tx, risk.area)
    grade = max((town.grade for town in risk.towns), key=rank, default=None)
    row = {"id": need, "seq": tx.seq, "area": risk.area, "state": NeedState.OPEN, "at": tx.now, "grade": grade}
    row |= {"forecast": args.forecast, "days": days, "share": share, "flooded": list(risk.flooded)}
    tx.conn.execute(sa.insert(needs).values(row))
    towns = [_town(need, town, share, risk.assets.get(town.area, {})) for town in risk.towns]
    if towns:
        tx.conn.execute(sa.insert(need_towns), towns)
    people = {bound: sum(town[bound] for town in towns) for bound in BOUNDS}
    goods = norms.for_towns(tx.catalog, towns, days)
    items: list[JSON] = [
        {"item": item, "quantity": quantity, "unit": tx.catalog.supply_items[item].unit}
        for item, quantity in goods.items()
    ]
    told = {"need": need, "forecast": args.forecast, "grade": grade, "days": days, "people": people, "items": items}
    short = _short(tx, risk.area, towns, days)
    return Effect(need, risk.area, told | {"n_towns": len(towns), "short": short, "state": NeedState.OPEN})


def _risk(tx: Tx, args: EstimateNeed) -> Risk:
    if args.forecast is None and args.area is not None:
        for number, town in enumerate(args.towns):
            if not town.area.startswith(jurisdiction(args.area)):
                at = f"args.towns.{number}.area"
                raise Invalid("supply.town_elsewhere", at=at, value=town.area, params={"area": args.area})
        return Risk(args.area, [TownRisk(t.area, t.grade, **t.people.model_dump()) for t in args.towns])
    return of_forecast(tx, args.forecast or "")


def _town(need: str, town: TownRisk, share: float, assets: Mapping[str, int]) -> dict[str, JSON]:
    people = {bound: math.ceil(getattr(town, bound) * share) for bound in BOUNDS}
    return {"need": need, "area": town.area, "grade": town.grade, **people, "assets": dict(assets)}


def _estimated(tx: Tx, forecast: str) -> sa.Row[Any] | None:
    """Return the need that a forecast led to, if it still stands."""
    stands = sa.and_(needs.c.forecast == forecast, needs.c.state != NeedState.SUPERSEDED)
    return tx.conn.execute(sa.select(needs).where(stands)).one_or_none()


def _supersede(tx: Tx, area: str) -> None:
    """Close what an older estimate of this area left open, and the proposals made for it."""
    old = sa.select(needs.c.id).where(needs.c.area == area, needs.c.state == NeedState.OPEN)
    proposed = sa.and_(allocations.c.need.in_(old), allocations.c.state == AllocationState.PROPOSED)
    tx.conn.execute(sa.update(allocations).where(proposed).values(state=AllocationState.SUPERSEDED))
    is_old = sa.and_(needs.c.area == area, needs.c.state == NeedState.OPEN)
    tx.conn.execute(sa.update(needs).where(is_old).values(state=NeedState.SUPERSEDED))


def _short(tx: Tx, area: str, towns: Sequence[Mapping[str, JSON]], days: int) -> bool:
    """Tell whether shelters lack anything for the people, or all sites of the area anything for the assets."""
    city = city_of(tx)
    inside = [site.id for site in sites_in(city, area, SHELTER)]
    everywhere = inside + [site.id for site in sites_in(city, area, WAREHOUSE)]
    people = norms.together(*(norms.for_people(tx.catalog, town["best"], days) for town in towns))
    assets = norms.together(*(norms.for_assets(tx.catalog, town["assets"]) for town in towns))
    return _lacks(tx, inside, people) or _lacks(tx, everywhere, assets)


def _lacks(tx: Tx, sites: Sequence[str], goods: norms.Goods) -> bool:
    have: Counter[str] = Counter()
    for (_, item), held in holdings(tx.conn, sites).items():
        have[item] += held.quantity
    return any(have[item] < quantity for item, quantity in goods.items())
