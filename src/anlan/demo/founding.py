"""The world at dusk: people who can sign in, sensors, opening stock."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from anlan.city.city import City, city_of
from anlan.demo.tables import table
from anlan.kernel.access import Actor, Grant
from anlan.kernel.world import World
from anlan.supply.opening import opening_rows

_SENSORS_AT_ONCE = 5000


@cache
def _table() -> Mapping[str, Any]:
    found: Mapping[str, Any] = table("desks.yaml")
    return found


def desks() -> list[Mapping[str, str]]:
    """Return role and area of everybody who can sign in to the demo."""
    return list(_table()["desks"])


def password() -> str:
    """Return the password of all of them, which the sign-in page shows."""
    return str(_table()["password"])


def founder(world: World) -> Actor:
    """Return the actor that sets a demo up; it holds what its verbs need and acts before the night begins."""
    root = world.city.root
    return Actor(
        "system:demo", (Grant("administrator", root), Grant("supply_officer", root), Grant("instrument", root))
    )


def add_users(world: World) -> None:
    """Create the people who can sign in, each named after role and area as the habits name them."""
    boss = founder(world)
    for desk in desks():
        user, area = f"{desk['role']}.{desk['area']}", desk["area"]
        role = world.catalog.roles[desk["role"]]
        name = f"{world.city.name(area, 'zh')} · {role.zh}"
        world.act(boss, "user.create", {"user": user, "name": name, "area": area, "password": password()})
        world.act(boss, "user.grant", {"user": user, "role": desk["role"], "area": area})


def sensor_items(world: World) -> list[dict[str, Any]]:
    """Return the city's sensors as rows of ``sensor.register``."""
    city = city_of(world)
    return [_sensor(world, city, row) for row in range(len(city.sensors.id))]


def _sensor(world: World, city: City, row: int) -> dict[str, Any]:
    own = city.sensors
    asset = city.assets.at(city.assets.row(str(own.asset[row])))
    quantity = world.catalog.quantities[str(own.quantity[row])]
    return {
        "id": str(own.id[row]),
        "asset": asset.id,
        "asset_type": asset.type,
        "quantity": str(own.quantity[row]),
        "unit": str(own.unit[row]),
        "area": str(own.area[row]),
        "lon": float(own.lon[row]),
        "lat": float(own.lat[row]),
        "name_zh": f"{asset.zh} {quantity.zh}",
        "name_en": f"{asset.en} {quantity.en}",
        "synthetic": asset.synthetic,
    }


def add_sensors(world: World) -> None:
    """Register all sensors of the city."""
    items = sensor_items(world)
    for start in range(0, len(items), _SENSORS_AT_ONCE):
        world.act(founder(world), "sensor.register", {"items": items[start : start + _SENSORS_AT_ONCE]})


def add_stock(world: World) -> None:
    """Put the opening stock into the warehouses."""
    world.act(founder(world), "stock.open", {"rows": opening_rows(world.catalog, city_of(world))})
