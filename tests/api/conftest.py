"""A server around a world on SQLite, and clients that are signed in."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from anlan.api.app import create_app
from anlan.kernel.access import Actor, Grant
from anlan.kernel.clock import SimClock
from anlan.kernel.world import World
from anlan.root import WorldFile, open_world

PASSWORD = "a river runs past the door"
ADMIN = Actor("admin", (Grant("administrator", "310000"),))
USERS = {
    "city.duty": ("duty_officer", "310000"),
    "city.audit": ("auditor", "310000"),
    "sj.duty": ("duty_officer", "310117"),
    "pd.duty": ("duty_officer", "310115"),
    "gauge": ("instrument", "310117"),
}

SignIn = Callable[[str], TestClient]


@pytest.fixture
def served(tmp_path: Path, clock: SimClock) -> Iterator[World]:
    WorldFile(seed=1, start=clock.now().isoformat()).write(tmp_path)
    world = open_world(tmp_path, clock=clock)
    for user, (role, area) in USERS.items():
        world.act(ADMIN, "user.create", {"user": user, "name": user, "area": area, "password": PASSWORD})
        world.act(ADMIN, "user.grant", {"user": user, "role": role, "area": area})
    yield world
    world.close()


@pytest.fixture
def app(served: World) -> FastAPI:
    return create_app(served, pump=False)


@pytest.fixture
def anonymous(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app) as client:
        yield client


@pytest.fixture
def sign_in(app: FastAPI) -> Iterator[SignIn]:
    opened: list[TestClient] = []

    def make(user: str) -> TestClient:
        client = TestClient(app)
        client.__enter__()
        opened.append(client)
        assert client.post("/api/v1/session", json={"user": user, "password": PASSWORD}).status_code == 200
        return client

    yield make
    for client in opened:
        client.__exit__(None, None, None)
