"""What an alarm is about: a sensor, an asset, an area, or a place in a network; described once, when it opens."""

from typing import Any, Literal

import sqlalchemy as sa

from anlan.catalog.schema.sensors import SensorRule
from anlan.city.city import City
from anlan.kernel.actions import Tx
from anlan.kernel.errors import NotFound
from anlan.sense.model import sensors
from anlan.sense.rules import rule_in_force

SubjectKind = Literal["sensor", "asset", "area", "network"]

_TOLD = ("asset", "asset_type", "quantity", "unit", "lon", "lat", "name_zh", "name_en", "synthetic", "area")


_SENSOR = sa.select(sensors).where(sensors.c.id == sa.bindparam("of"))


def describe(tx: Tx, kind: SubjectKind, subject: str, rule: SensorRule) -> dict[str, Any]:
    """Return the columns of an alarm that describe its subject.

    Raises
    ------
    NotFound
        If there is no such subject.
    """
    if kind == "sensor":
        return _sensor(tx, subject)
    if kind == "area":
        return _area(tx, subject, rule)
    return _asset(tx, subject, rule)


def _sensor(tx: Tx, subject: str) -> dict[str, Any]:
    row = tx.conn.execute(_SENSOR, {"of": subject}).one_or_none()
    if row is None:
        raise NotFound("sensor.unknown", at="args.subject", value=subject)
    return {name: getattr(row, name) for name in _TOLD}


def _of_rule(tx: Tx, rule: SensorRule) -> dict[str, Any]:
    """Return the quantity that a compound rule counts by: that of its first term; its unit is a number of places."""
    counted = rule_in_force(tx.conn, tx.catalog, rule.terms[0].rule) if rule.terms else None
    return {"quantity": rule.quantity if counted is None else counted.quantity, "unit": rule.unit}


def _area(tx: Tx, subject: str, rule: SensorRule) -> dict[str, Any]:
    tx.require(subject)
    city = tx.city
    here = city.area(subject) if isinstance(city, City) else None
    place = {"lon": 0.0 if here is None else here.lon or 0.0, "lat": 0.0 if here is None else here.lat or 0.0}
    names = {"name_zh": city.name(subject, "zh"), "name_en": city.name(subject, "en")}
    known = {"asset": None, "asset_type": None, "synthetic": False, "area": subject}
    return known | _of_rule(tx, rule) | place | names


def _asset(tx: Tx, subject: str, rule: SensorRule) -> dict[str, Any]:
    """Describe an asset that the city knows, or else by a sensor that stands at it."""
    if isinstance(tx.city, City) and subject in tx.city.assets:
        asset = tx.city.assets.asset(subject)
        known = {"asset": asset.id, "asset_type": asset.type, "synthetic": asset.synthetic, "area": asset.area}
        place = {"lon": asset.lon, "lat": asset.lat, "name_zh": asset.zh, "name_en": asset.en}
        return known | place | _of_rule(tx, rule)
    row = tx.conn.execute(sa.select(sensors).where(sensors.c.asset == subject).order_by(sensors.c.number)).first()
    if row is None:
        raise NotFound("alarm.asset", at="args.subject", value=subject)
    return {name: getattr(row, name) for name in _TOLD} | _of_rule(tx, rule)
