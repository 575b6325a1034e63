"""Verbs on allocations: propose one for a need, confirm it; confirming moves the stock and files the deliveries."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

import sqlalchemy as sa
from pydantic import StringConstraints

from anlan.catalog.texts import text
from anlan.city.city import City, city_of
from anlan.kernel.actions import AreaCode, Args, Effect, Tx
from anlan.kernel.canonical import JSON
from anlan.kernel.errors import Conflict, NotFound
from anlan.supply.allocation import Proposal, Resources, Town, propose, summary
from anlan.supply.ledger import holdings
from anlan.supply.model import (
    AllocationState,
    NeedState,
    ShelterState,
    allocations,
    flows,
    need_towns,
    needs,
    placements,
    shelters,
)
from anlan.supply.sites import SHELTER, WAREHOUSE, Site, common_area, places, site_of, sites_in

Id = Annotated[str, StringConstraints(max_length=40)]
Pair = tuple[str, str]
"""From site, to site."""


class ProposeAllocation(Args):
    """Propose who goes to which shelter and what goes where, for a need."""

    need: Id
    stock_area: AreaCode | None = None
    bound: Literal["low", "best", "high"] = "best"


def propose_allocation(tx: Tx, args: ProposeAllocation) -> Effect:
    """Match the need with stock and places, and keep the proposal; an older one for the need gives way."""
    need = _need(tx, args.need)
    if need["state"] == NeedState.SUPERSEDED:
        raise Conflict("supply.need_superseded", at="args.need", value=args.need)
    city = city_of(tx)
    drawn = args.stock_area or _drawn_on(tx, city, need["area"])
    tx.require(drawn)
    there = _resources(tx, city, drawn, frozenset(need["flooded"]))
    proposal = propose(tx.catalog, city, _towns(tx, args.need, args.bound), need["days"], there)
    allocation, area = tx.new_id("allocation"), common_area(city, need["area"], drawn)
    told = summary(proposal, there.shelters)
    _supersede(tx, args.need)
    row = {"id": allocation, "seq": tx.seq, "area": area, "need": args.need, "state": AllocationState.PROPOSED}
    row |= {"at": tx.now, "bound": args.bound, "unmet": told["unmet"]}
    tx.conn.execute(sa.insert(allocations).values(row))
    _keep(tx, allocation, proposal)
    own: dict[str, JSON] = {"allocation": allocation, "need": args.need, "state": AllocationState.PROPOSED}
    return Effect(allocation, area, own | {"grade": need["grade"], "stock_area": drawn} | told)


def _need(tx: Tx, need: str) -> dict[str, Any]:
    row = tx.conn.execute(sa.select(needs).where(needs.c.id == need)).mappings().one_or_none()
    if row is None:
        raise NotFound("supply.need_unknown", at="args.need", value=need)
    tx.require(row["area"])
    return dict(row)


def _drawn_on(tx: Tx, city: City, area: str) -> str:
    """Return the area whose stock an allocation draws on: the area above at the level that policy names."""
    level = tx.catalog.setting("supply.draw_on_level")
    return next((code for code in (area, *city.areas.ancestors(area)) if city.level(code) == level), area)


def _towns(tx: Tx, need: str, bound: str) -> list[Town]:
    query = sa.select(need_towns).where(need_towns.c.need == need).order_by(need_towns.c.area)
    return [Town(row["area"], row[bound], row["grade"], row["assets"]) for row in tx.conn.execute(query).mappings()]


def _resources(tx: Tx, city: City, area: str, flooded: frozenset[str]) -> Resources:
    """Return what an area has to give, without what stands in water."""
    opened = sa.select(shelters.c.site, shelters.c.capacity).where(shelters.c.state == ShelterState.OPEN)
    capacity = {row.site: row.capacity for row in tx.conn.execute(opened)}
    rooms = {
        site.id: (site, capacity.get(site.id, places(tx.catalog, site.asset)))
        for site in sites_in(city, area, SHELTER)
        if site.id not in flooded
    }
    depots = [site for site in sites_in(city, area, WAREHOUSE) if site.id not in flooded]
    return Resources(rooms, depots, holdings(tx.conn, [*rooms, *(d.id for d in depots)]))


def _supersede(tx: Tx, need: str) -> None:
    older = sa.and_(allocations.c.need == need, allocations.c.state == AllocationState.PROPOSED)
    tx.conn.execute(sa.update(allocations).where(older).values(state=AllocationState.SUPERSEDED))


def _keep(tx: Tx, allocation: str, proposal: Proposal) -> None:
    sent = [
        {"allocation": allocation, "from_site": w.source, "to_site": w.target, "item": item}
        | {"quantity": w.amount, "moved": None, "distance_m": w.distance_m}
        for item, w in proposal.goods
    ]
    placed = [
        {"allocation": allocation, "town": w.source, "shelter": w.target}
        | {"people": w.amount, "distance_m": w.distance_m}
        for w in proposal.people.ways
    ]
    if sent:
        tx.conn.execute(sa.insert(flows), sent)
    if placed:
        tx.conn.execute(sa.insert(placements), placed)


class ConfirmAllocation(Args):
    """Confirm a proposed allocation: the stock moves, and each delivery becomes a task."""

    allocation: Id


def confirm_allocation(tx: Tx, args: ConfirmAllocation) -> Effect:
    """Move every flow that still has stock, one move for each pair of sites, and file one task for each target."""
    row = _allocation(tx, args.allocation)
    need = _need(tx, row["need"])
    if row["state"] != AllocationState.PROPOSED:
        params = {"state": row["state"]}
        raise Conflict("supply.allocation_done", at="args.allocation", value=args.allocation, params=params)
    moved, gone = _move(tx, args.allocation)
    tasks = _deliveries(tx, args.allocation, moved, need["grade"])
    state = AllocationState.PARTIAL if gone else AllocationState.CONFIRMED
    tx.conn.execute(sa.update(allocations).where(allocations.c.id == args.allocation).values(state=state))
    tx.conn.execute(sa.update(needs).where(needs.c.id == row["need"]).values(state=NeedState.ALLOCATED))
    told: dict[str, JSON] = {"allocation": args.allocation, "need": row["need"], "state": state, "moves": len(moved)}
    told |= {"quantity": sum(sum(goods.values()) for goods in moved.values()), "tasks": tasks, "grade": need["grade"]}
    told |= {
        "gone": [{"item": i, "quantity": n} for i, n in sorted(gone.items())],
        "shelters": _sheltering(tx, args.allocation),
    }
    return Effect(args.allocation, row["area"], told)


def _allocation(tx: Tx, allocation: str) -> dict[str, Any]:
    row = tx.conn.execute(sa.select(allocations).where(allocations.c.id == allocation)).mappings().one_or_none()
    if row is None:
        raise NotFound("supply.allocation_unknown", at="args.allocation", value=allocation)
    tx.require(row["area"])
    return dict(row)


def _move(tx: Tx, allocation: str) -> tuple[dict[Pair, dict[str, int]], Counter[str]]:
    """Move what is still there; return what moved by pair of sites, and what had gone by item."""
    query = sa.select(flows).where(flows.c.allocation == allocation)
    planned = tx.conn.execute(query.order_by(flows.c.from_site, flows.c.to_site, flows.c.item)).mappings().all()
    left = {key: held.quantity for key, held in holdings(tx.conn, {f["from_site"] for f in planned}).items()}
    moved: defaultdict[Pair, dict[str, int]] = defaultdict(dict)
    gone: Counter[str] = Counter()
    for flow in planned:
        key = (flow["from_site"], flow["item"])
        quantity = min(flow["quantity"], left.get(key, 0))
        left[key] = left.get(key, 0) - quantity
        if quantity:
            moved[flow["from_site"], flow["to_site"]][flow["item"]] = quantity
        if quantity < flow["quantity"]:
            gone[flow["item"]] += flow["quantity"] - quantity
        same = sa.and_(*(flows.c[name] == flow[name] for name in ("allocation", "from_site", "to_site", "item")))
        tx.conn.execute(sa.update(flows).where(same).values(moved=quantity))
    for (source, target), goods in moved.items():
        lines = [{"item": item, "quantity": quantity} for item, quantity in goods.items()]
        tx.act("stock.move", {"from_site": source, "to_site": target, "lines": lines, "reason": allocation})
    return dict(moved), gone


def _deliveries(tx: Tx, allocation: str, moved: Mapping[Pair, Mapping[str, int]], grade: str | None) -> int:
    """File one task for each site that gets goods, and return how many."""
    city = city_of(tx)
    by_target: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for (_, target), goods in moved.items():
        by_target[target].update(goods)
    for target, goods in sorted(by_target.items()):
        tx.act("task.open", _delivery(tx, allocation, site_of(city, target, "args.allocation"), goods, grade))
    return len(by_target)


def _delivery(tx: Tx, allocation: str, site: Site, goods: Mapping[str, int], grade: str | None) -> dict[str, JSON]:
    items = tx.catalog.supply_items
    lines = [f"{items[item].zh} {quantity} {items[item].unit}" for item, quantity in sorted(goods.items())]
    return {
        "title_zh": text("supply.delivery", "zh", site=site.asset.zh),
        "title_en": text("supply.delivery", "en", site=site.asset.en),
        "detail": "; ".join(lines),
        "evidence": text("supply.delivery_evidence", "zh"),
        "area": site.town,
        "role": str(tx.catalog.setting("supply.delivery_role")),
        "due": tx.now + timedelta(minutes=float(tx.catalog.setting("supply.delivery_min"))),
        "grade": grade,
        "source": f"{allocation}/{site.id}",
        "subject": site.id,
    }


def _sheltering(tx: Tx, allocation: str) -> list[JSON]:
    """Return the shelters that are to take more people than they have or were told of before, and how many more."""
    planned = _planned(tx, allocations.c.id == allocation)
    confirmed = allocations.c.state.in_((AllocationState.CONFIRMED, AllocationState.PARTIAL))
    before = _planned(tx, sa.and_(confirmed, allocations.c.id != allocation))
    query = sa.select(shelters).where(shelters.c.site.in_([site for site, _ in planned]))
    rows = {row["site"]: row for row in tx.conn.execute(query).mappings()}
    found: list[JSON] = []
    for (site, _), people in planned.items():
        row = rows.get(site)
        closed = row["closed_at"] if row else None
        told = [n for (other, at), n in before.items() if other == site and (closed is None or at > closed)]
        more = people - max(told, default=0)
        if row and row["state"] == ShelterState.OPEN:
            more = min(more, people - row["occupants"])
        if more > 0:
            found.append({"shelter": site, "people": more, "planned": people, "open": bool(told) or _is_open(row)})
    return found


def _planned(tx: Tx, which: sa.ColumnElement[bool]) -> dict[tuple[str, datetime], int]:
    """Return how many people allocations plan for each shelter, by shelter and the moment of the allocation."""
    people = sa.func.sum(placements.c.people).label("people")
    joined = sa.select(placements.c.shelter, allocations.c.at, people).join(allocations).where(which)
    rows = tx.conn.execute(joined.group_by(placements.c.shelter, allocations.c.at).order_by(placements.c.shelter))
    return {(row.shelter, row.at): int(row.people) for row in rows}


def _is_open(row: sa.RowMapping | None) -> bool:
    return row is not None and row["state"] == ShelterState.OPEN
