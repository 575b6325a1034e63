"""A world behind a real server on the loopback, with people who are signed in."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import uvicorn

from anlan.api.app import create_app
from anlan.api.rooms import ROUTERS
from anlan.kernel.access import Actor, Grant
from anlan.kernel.clock import SimClock
from anlan.kernel.world import World
from anlan.root import WorldFile, open_world
from anlan.sense.sensorthings.routes import PREFIX, router

ADMIN = Actor("admin", (Grant("administrator", "310000"),))
START = datetime(2024, 9, 15, 8, 0, tzinfo=UTC)
PASSWORD = "a river runs past the door"
USERS = {
    "city": [("administrator", "310000"), ("auditor", "310000"), ("instrument", "310000")],
    "sj": [("duty_officer", "310117")],
    "gauge": [("instrument", "310117")],
    "pd.gauge": [("instrument", "310115")],
}


@dataclass
class Served:
    """The world, the address of its SensorThings service, and the keys of its users."""

    world: World
    url: str
    keys: dict[str, str]


def free_port() -> int:
    """Return a port that nobody listens on, below those that the system gives away."""
    for port in range(21_800, 32_000, 7):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError("no port is free")


def answers(port: int) -> bool:
    """Tell whether a server listens on a port of this machine."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def sensor_items() -> list[dict[str, object]]:
    """Return three sensors: two of Songjiang, one of Pudong."""

    def item(id_: str, asset: str, quantity: str, unit: str, area: str, lon: float, lat: float) -> dict[str, object]:
        names = {"name_zh": f"测点{id_}", "name_en": f"point {id_}", "asset_type": "underpass", "synthetic": True}
        place = {"area": area, "lon": lon, "lat": lat}
        return {"id": id_, "asset": asset, "quantity": quantity, "unit": unit, **names, **place}

    return [
        item("under-1/level", "under-1", "water_level", "m", "310117001", 121.22, 31.01),
        item("under-1/pond", "under-1", "ponding_depth", "m", "310117001", 121.22, 31.01),
        item("pump-1/flow", "pump-1", "pump_flow", "m3/s", "310115004", 121.52, 31.22),
    ]


def people(world: World) -> dict[str, str]:
    """Make the users known, and return their session keys."""
    keys = {}
    for user, roles in USERS.items():
        world.act(ADMIN, "user.create", {"user": user, "name": user, "area": "310000", "password": PASSWORD})
        for role, area in roles:
            world.act(ADMIN, "user.grant", {"user": user, "role": role, "area": area})
        done = world.act(world.anonymous(), "session.open", {"user": user, "password": PASSWORD})
        keys[user] = str(done.secret["key"])
    return keys


@contextmanager
def serving(folder: Path) -> Iterator[Served]:
    """Serve a fresh world, whose clock stands at :data:`START`."""
    WorldFile(seed=1, start=START.isoformat()).write(folder)
    world = open_world(folder, clock=SimClock(START))
    keys = people(world)
    world.act(ADMIN, "sensor.register", {"items": sensor_items()})
    world.settle()
    app = create_app(world, extra=() if router in ROUTERS else (router,), pump=False)
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        while not server.started:
            threading.Event().wait(0.01)
        yield Served(world, f"http://127.0.0.1:{port}{PREFIX}", keys)
    finally:
        server.should_exit = True
        thread.join()
        world.close()
