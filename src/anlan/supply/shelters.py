"""Verbs on shelters: open, admit, close. A shelter never holds more people than it has places, nor fewer than none."""

from typing import Any

import sqlalchemy as sa
from pydantic import Field

from anlan.city.city import city_of
from anlan.kernel.actions import Args, Effect, Tx
from anlan.kernel.errors import Conflict, Invalid
from anlan.supply.model import ShelterState, shelters
from anlan.supply.sites import SHELTER, Site, places, site_of
from anlan.supply.stock import SiteId


class ShelterArgs(Args):
    """An act on one shelter."""

    shelter: SiteId


class OpenShelter(ShelterArgs):
    """Open a shelter."""


def open_shelter(tx: Tx, args: OpenShelter) -> Effect:
    """Open a shelter that is closed, empty, with the places that its class allows."""
    site, row = _find(tx, args.shelter)
    if row and row["state"] == ShelterState.OPEN:
        raise Conflict("supply.shelter_open", at="args.shelter", value=site.id)
    values = {"area": site.area, "state": ShelterState.OPEN, "capacity": places(tx.catalog, site.asset), "occupants": 0}
    values |= {"opened_at": tx.now, "opened_by": tx.actor.id, "closed_at": None}
    if row:
        tx.conn.execute(_update(site).values(values))
    else:
        tx.conn.execute(sa.insert(shelters).values(values | {"site": site.id}))
    return _effect(site, values)


class AdmitPeople(ShelterArgs):
    """Note that people came into an open shelter, or left it (a negative number)."""

    people: int = Field(ge=-100_000, le=100_000)


def admit_people(tx: Tx, args: AdmitPeople) -> Effect:
    """Change the number of people, within none and the shelter's places."""
    site, row = _find(tx, args.shelter)
    if row is None or row["state"] != ShelterState.OPEN:
        raise Conflict("supply.shelter_closed", at="args.shelter", value=site.id)
    inside = row["occupants"] + args.people
    if args.people == 0:
        raise Invalid("supply.nobody", at="args.people", value=0)
    if inside > row["capacity"]:
        params = {"free": row["capacity"] - row["occupants"], "shelter": site.id}
        raise Conflict("supply.shelter_full", at="args.people", value=args.people, params=params)
    if inside < 0:
        params = {"occupants": row["occupants"], "shelter": site.id}
        raise Conflict("supply.shelter_too_few", at="args.people", value=args.people, params=params)
    tx.conn.execute(_update(site).values(occupants=inside))
    return _effect(site, row | {"occupants": inside}, people=args.people)


class CloseShelter(ShelterArgs):
    """Close a shelter; people still inside must be told to leave by ``empty``, or the act is refused."""

    empty: bool = False


def close_shelter(tx: Tx, args: CloseShelter) -> Effect:
    """Close a shelter that is open."""
    site, row = _find(tx, args.shelter)
    if row is None or row["state"] != ShelterState.OPEN:
        raise Conflict("supply.shelter_closed", at="args.shelter", value=site.id)
    left = row["occupants"]
    if left and not args.empty:
        raise Conflict("supply.shelter_occupied", at="args.shelter", value=site.id, params={"occupants": left})
    values = {"state": ShelterState.CLOSED, "occupants": 0, "closed_at": tx.now}
    tx.conn.execute(_update(site).values(values))
    return _effect(site, row | values, people=-left)


def _find(tx: Tx, shelter: str) -> tuple[Site, dict[str, Any] | None]:
    site = site_of(city_of(tx), shelter, "args.shelter", SHELTER)
    tx.require(site.area)
    row = tx.conn.execute(sa.select(shelters).where(shelters.c.site == site.id)).mappings().one_or_none()
    return site, dict(row) if row else None


def _update(site: Site) -> sa.Update:
    return sa.update(shelters).where(shelters.c.site == site.id)


def _effect(site: Site, row: dict[str, Any], **more: Any) -> Effect:
    """Return what the timeline and the map need of a shelter."""
    asset = site.asset
    told = {name: row[name] for name in ("state", "capacity", "occupants")}
    told |= {"shelter": site.id, "name_zh": asset.zh, "name_en": asset.en, "lon": asset.lon, "lat": asset.lat}
    return Effect(site.id, site.area, told | {"synthetic": asset.synthetic} | more)
