"""The verbs that make sensors known, take them out of use, and plan their maintenance."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Annotated, Any, Self

import sqlalchemy as sa
from pydantic import AwareDatetime, Field, StringConstraints, model_validator

from anlan.catalog.catalog import Catalog
from anlan.catalog.texts import near
from anlan.city.city import City
from anlan.kernel.access import AreaTree
from anlan.kernel.actions import Action, AreaCode, Args, BulkMark, Effect, Tx
from anlan.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Place
from anlan.sense.areas import act_area
from anlan.sense.model import maintenance, plan_changes, sensors

SensorId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:/-]{0,119}$")]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]

MOST_AT_ONCE = 20_000
"""Sensors in one act."""

_FAULTS_SHOWN = 100
_SQL_LIST = 1000


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
    kind: Annotated[str, StringConstraints(max_length=60)] | None = None
    cadence_s: float | None = Field(default=None, gt=0, le=31_622_400)
    low: float | None = None
    high: float | None = None
    owner: Annotated[str, StringConstraints(max_length=200)] | None = None
    calibrated_on: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")] | None = None

    @model_validator(mode="after")
    def _range_is_one(self) -> Self:
        if self.low is not None and self.high is not None and self.low >= self.high:
            raise ValueError(f"low {self.low:g} is not below high {self.high:g}")
        return self


class RegisterSensors(Args):
    """Make sensors known, or correct what is known of them."""

    items: Annotated[list[SensorItem], Field(min_length=1, max_length=MOST_AT_ONCE), BulkMark()]


def register(tx: Tx, args: RegisterSensors) -> Effect:
    """Write all sensors, or none if one is faulty."""
    _check(tx, args.items)
    rows = [item.model_dump() | {"asset_type": _asset_type(tx.city, item)} for item in args.items]
    ids = [row["id"] for row in rows]
    known = known_sensors(tx.conn, ids)
    if any(not tx.scope.covers(row.area) for row in known.values()):
        raise Forbidden("sensor.elsewhere", at="args.items")
    _same_quantities(args.items, known)
    new = [row for row in rows if row["id"] not in known]
    changed = [row | {"key": row["id"]} for row in rows if row["id"] in known]
    if new:
        last = tx.conn.scalar(sa.select(sa.func.max(sensors.c.number)))
        first = 0 if last is None else last + 1
        tx.conn.execute(sa.insert(sensors), [row | {"number": first + place} for place, row in enumerate(new)])
    if changed:
        columns: dict[str, Any] = {name: sa.bindparam(name) for name in SensorItem.model_fields if name != "id"}
        tx.conn.execute(sa.update(sensors).where(sensors.c.id == sa.bindparam("key")).values(columns), changed)
    change_plan(tx)
    data = {"sensors": len(rows), "new": len(new), "synthetic": sum(item.synthetic for item in args.items)}
    return Effect(tx.new_id("sensors"), act_area(tx, (item.area for item in args.items)), data)


def _check(tx: Tx, items: list[SensorItem]) -> None:
    """Refuse with every faulty place: areas, quantities, units, and ids given twice."""
    seen: set[str] = set()
    places: list[Place] = []
    for number, item in enumerate(items):
        if tx.city.contains(item.area):
            tx.require(item.area)
        own = [*item_faults(tx.catalog, tx.city, item)]
        if item.id in seen:
            own.append(Place("id", item.id, "sensor.twice"))
        seen.add(item.id)
        places += [replace(place, at=f"args.items.{number}.{place.at}") for place in own]
    if places:
        raise Invalid("sensor.faulty", at=places[0].at, params={"count": len(places)}, places=places[:_FAULTS_SHOWN])


def item_faults(catalog: Catalog, tree: AreaTree, item: SensorItem) -> Iterator[Place]:
    """Yield the fields of a sensor that do not fit the city and the catalog; near values stand in brackets."""
    if not tree.contains(item.area):
        yield Place("area", item.area, "area.unknown")
    if _asset_type(tree, item) is None:
        yield Place("asset_type", item.asset, "sensor.asset_type")
    if item.kind is not None and item.kind not in catalog.sensor_kinds:
        yield Place("kind", f"{item.kind} ({', '.join(near(item.kind, catalog.sensor_kinds))})", "sensor.kind")
    quantity = catalog.quantities.get(item.quantity)
    if quantity is None:
        guess = ", ".join(near(item.quantity, catalog.quantities))
        yield Place("quantity", f"{item.quantity} ({guess})", "sensor.quantity")
        return
    unit = catalog.units[quantity.unit]
    if item.unit not in {unit.id, unit.ucum, unit.sign}:
        yield Place("unit", f"{item.unit} ({unit.ucum})", "sensor.unit")


def _asset_type(tree: AreaTree, item: SensorItem) -> str | None:
    """Return the type that is given, or that of the city's asset of this id."""
    if item.asset_type is None and isinstance(tree, City) and item.asset in tree.assets:
        return tree.assets.asset(item.asset).type
    return item.asset_type


def _same_quantities(items: list[SensorItem], known: Mapping[str, Any]) -> None:
    """Refuse to make a sensor measure something else: what it observed before would be read as that."""
    for number, item in enumerate(items):
        if item.id in known and known[item.id].quantity != item.quantity:
            at = f"args.items.{number}.quantity"
            raise Conflict("sensor.other_quantity", at=at, value=item.id, params={"quantity": known[item.id].quantity})


def known_sensors(conn: sa.Connection, ids: list[str]) -> dict[str, Any]:
    """Return those of some sensors that are registered, by id: area and quantity."""
    found: dict[str, Any] = {}
    for some in chunks(ids):
        query = sa.select(sensors.c.id, sensors.c.area, sensors.c.quantity).where(sensors.c.id.in_(some))
        found.update({row.id: row for row in conn.execute(query)})
    return found


class RetireSensors(Args):
    """Take sensors out of use for good: their observations stay, new ones are refused, no rule watches them."""

    sensors: Annotated[list[SensorId], Field(min_length=1, max_length=MOST_AT_ONCE)]
    reason: Annotated[str, StringConstraints(min_length=1, max_length=500)]


def retire(tx: Tx, args: RetireSensors) -> Effect:
    """Retire all of them, or none if one is not known."""
    known = known_sensors(tx.conn, args.sensors)
    for place, name in enumerate(args.sensors):
        if name not in known or not tx.scope.covers(known[name].area):
            raise NotFound("sensor.unknown", at=f"args.sensors.{place}", value=name)
    for some in chunks(args.sensors):
        tx.conn.execute(sa.update(sensors).where(sensors.c.id.in_(some)).values(retired_at=tx.now))
    change_plan(tx)
    data = {"sensors": sorted(known), "reason": args.reason}
    return Effect(tx.new_id("sensors"), act_area(tx, (row.area for row in known.values())), data)


class MaintainSensor(Args):
    """Plan the maintenance of a sensor: alarms that open in the meantime are suppressed by design."""

    sensor: SensorId
    begins: AwareDatetime
    ends: AwareDatetime
    reason: Annotated[str, StringConstraints(min_length=1, max_length=500)]


def maintain(tx: Tx, args: MaintainSensor) -> Effect:
    """Note the window; it must end in the future and after it begins, and last no longer than policy allows."""
    known = known_sensors(tx.conn, [args.sensor]).get(args.sensor)
    if known is None or not tx.scope.covers(known.area):
        raise NotFound("sensor.unknown", at="args.sensor", value=args.sensor)
    longest = float(tx.catalog.setting("sensor.maintenance_max_h"))
    hours = (args.ends - args.begins).total_seconds() / 3600
    if not (0 < hours <= longest and args.ends > tx.now):
        raise Invalid("sensor.maintenance", at="args.ends", value=args.ends, params={"hours": f"{longest:g}"})
    row = {"id": tx.new_id("maintenance"), "area": known.area, "by": tx.actor.id, **args.model_dump()}
    tx.conn.execute(sa.insert(maintenance).values(row))
    data = {"sensor": args.sensor, "begins": args.begins, "ends": args.ends, "reason": args.reason}
    return Effect(row["id"], known.area, {name: str(value) for name, value in data.items()})


def change_plan(tx: Tx) -> None:
    """Note that this act changes what is watched, so that the station reads it anew."""
    tx.conn.execute(sa.insert(plan_changes).values(seq=tx.seq))


def chunks(names: Iterable[str]) -> Iterator[list[str]]:
    """Yield names in lists short enough for one query."""
    everything = list(names)
    for start in range(0, len(everything), _SQL_LIST):
        yield everything[start : start + _SQL_LIST]


ACTIONS = {
    "sensor.register": Action("sensor.register", RegisterSensors, register),
    "sensor.retire": Action("sensor.retire", RetireSensors, retire),
    "sensor.maintain": Action("sensor.maintain", MaintainSensor, maintain),
}
