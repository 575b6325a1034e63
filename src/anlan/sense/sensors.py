"""The verb that makes sensors known."""

from collections.abc import Mapping
from itertools import islice
from typing import Annotated, Any

import sqlalchemy as sa
from pydantic import Field, StringConstraints

from anlan.catalog.catalog import Catalog
from anlan.catalog.texts import near
from anlan.city.city import City
from anlan.kernel.actions import AreaCode, Args, BulkMark, Effect, Tx
from anlan.kernel.errors import Conflict, Forbidden, Invalid, Place
from anlan.sense.areas import act_area
from anlan.sense.model import sensors

SensorId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:/-]{0,119}$")]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]

_FAULTS_SHOWN = 100


class SensorItem(Args):
    """One sensor: what it measures, at which asset, where; the type of an asset that the city knows may be left out."""

    id: SensorId
    asset: Annotated[str, StringConstraints(min_length=1, max_length=120)]
    asset_type: Annotated[str, StringConstraints(min_length=1, max_length=60)] | None = None
    quantity: str
    unit: str
    area: AreaCode
    lon: float = Field(ge=-180, le=180)
    lat: float = Field(ge=-90, le=90)
    name_zh: Name
    name_en: Name
    synthetic: bool = False


class RegisterSensors(Args):
    """Make sensors known, or correct what is known of them."""

    items: Annotated[list[SensorItem], Field(min_length=1, max_length=20_000), BulkMark()]


def register(tx: Tx, args: RegisterSensors) -> Effect:
    """Write all sensors, or none if one is faulty."""
    _check(tx, args.items)
    rows = [item.model_dump() | {"asset_type": _asset_type(tx, item)} for item in args.items]
    ids = [row["id"] for row in rows]
    known = _known(tx.conn, ids)
    if any(not tx.scope.covers(row.area) for row in known.values()):
        raise Forbidden("sensor.elsewhere", at="args.items")
    _same_quantities(args.items, known)
    new = [row for row in rows if row["id"] not in known]
    changed = [row | {"key": row["id"]} for row in rows if row["id"] in known]
    if new:
        tx.conn.execute(sa.insert(sensors), new)
    if changed:
        columns: dict[str, Any] = {name: sa.bindparam(name) for name in SensorItem.model_fields if name != "id"}
        tx.conn.execute(sa.update(sensors).where(sensors.c.id == sa.bindparam("key")).values(columns), changed)
    data = {"sensors": len(rows), "new": len(new), "synthetic": sum(item.synthetic for item in args.items)}
    return Effect(tx.new_id("sensors"), act_area(tx, (item.area for item in args.items)), data)


def _check(tx: Tx, items: list[SensorItem]) -> None:
    """Refuse with every faulty place: areas, quantities, units, and ids given twice."""
    seen: set[str] = set()
    places: list[Place] = []
    for number, item in enumerate(items):
        at = f"args.items.{number}"
        if not tx.city.contains(item.area):
            places.append(Place(f"{at}.area", item.area, "area.unknown"))
        else:
            tx.require(item.area)
        if item.id in seen:
            places.append(Place(f"{at}.id", item.id, "sensor.twice"))
        if _asset_type(tx, item) is None:
            places.append(Place(f"{at}.asset_type", item.asset, "sensor.asset_type"))
        seen.add(item.id)
        places += _quantity_faults(tx.catalog, item, at)
    if places:
        raise Invalid("sensor.faulty", at=places[0].at, params={"count": len(places)}, places=places[:_FAULTS_SHOWN])


def _asset_type(tx: Tx, item: SensorItem) -> str | None:
    """Return the type that is given, or that of the city's asset of this id."""
    if item.asset_type is None and isinstance(tx.city, City) and item.asset in tx.city.assets:
        return tx.city.assets.asset(item.asset).type
    return item.asset_type


def _quantity_faults(catalog: Catalog, item: SensorItem, at: str) -> list[Place]:
    quantity = catalog.quantities.get(item.quantity)
    if quantity is None:
        guess = ", ".join(near(item.quantity, catalog.quantities))
        return [Place(f"{at}.quantity", f"{item.quantity} ({guess})", "sensor.quantity")]
    unit = catalog.units[quantity.unit]
    if item.unit not in {unit.id, unit.ucum, unit.sign}:
        return [Place(f"{at}.unit", f"{item.unit} ({unit.ucum})", "sensor.unit")]
    return []


def _same_quantities(items: list[SensorItem], known: Mapping[str, Any]) -> None:
    """Refuse to make a sensor measure something else: what it observed before would be read as that."""
    for number, item in enumerate(items):
        if item.id in known and known[item.id].quantity != item.quantity:
            at = f"args.items.{number}.quantity"
            raise Conflict("sensor.other_quantity", at=at, value=item.id, params={"quantity": known[item.id].quantity})


def _known(conn: sa.Connection, ids: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    rest = iter(ids)
    while some := list(islice(rest, 1000)):
        query = sa.select(sensors.c.id, sensors.c.area, sensors.c.quantity).where(sensors.c.id.in_(some))
        found.update({row.id: row for row in conn.execute(query)})
    return found
