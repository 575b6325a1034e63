"""What all tests share: the servers that are there, stores of both kinds, worlds on them."""

import os
import shutil
import socket
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import settings

from anlan import root
from anlan.catalog.catalog import Catalog, builtin_layers, load_catalog
from anlan.city.city import City
from anlan.city.load import load_city
from anlan.kernel.access import Actor, Grant
from anlan.kernel.clock import SimClock
from anlan.kernel.entropy import SeededEntropy
from anlan.kernel.store import Store, metadata
from anlan.kernel.world import World

settings.register_profile("house", deadline=None)  # how long a machine takes is measured in benchmarks
settings.load_profile("house")

START = datetime(2024, 9, 15, 8, 0, tzinfo=UTC)
POSTGRES = os.environ.get("ANLAN_TEST_POSTGRES", "postgresql://127.0.0.1:5432/postgres")
PORTS = {"mosquitto": 1883, "nats": 4222}
CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)


@cache
def server_found(name: str) -> bool:
    """Tell whether a server that some tests need answers on this machine."""
    if name == "chromium":
        return CHROMIUM is not None
    if name in PORTS:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", PORTS[name])) == 0
    if name == "postgres":
        engine = sa.create_engine(_postgres_url())
        try:
            engine.connect().close()
        except sa.exc.OperationalError:
            return False
        finally:
            engine.dispose()
        return True
    raise ValueError(f"no test knows a server {name!r}")


def _postgres_url() -> sa.URL:
    return sa.make_url(POSTGRES).set(drivername="postgresql+psycopg")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for mark in item.iter_markers("needs"):
            for server in mark.args:
                if not server_found(server):
                    item.add_marker(pytest.mark.skip(reason=f"no {server} on this machine"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    left_out = sorted(report.nodeid for report in terminalreporter.stats.get("skipped", []))
    if left_out:
        terminalreporter.section("left out, because their server was not found")
        for name in left_out:
            terminalreporter.line(name)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("ANLAN_TEST_ALL") and exitstatus == 0 and reporter and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return load_catalog(*builtin_layers("songjiang"))


@pytest.fixture(scope="session")
def city() -> City:
    return load_city("shanghai")


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("template")
    store = Store.at(folder)
    metadata.create_all(store.engine)
    store.close()
    return folder / "anlan.db"


@contextmanager
def _database() -> Iterator[str]:
    """Make an empty PostgreSQL database, and drop it afterwards."""
    name = f"anlan_test_{uuid.uuid4().hex[:12]}"
    admin = sa.create_engine(_postgres_url(), isolation_level="AUTOCOMMIT")
    with admin.connect() as conn:
        conn.exec_driver_sql(f"CREATE DATABASE {name}")
    yield sa.make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)
    with admin.connect() as conn:
        conn.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    admin.dispose()


@pytest.fixture(scope="session")
def _postgres_database() -> Iterator[str]:
    with _database() as url:
        store = Store(url)
        metadata.create_all(store.engine)
        store.close()
        yield url


@pytest.fixture
def _fresh_postgres() -> Iterator[str]:
    """An empty database of its own, for a world that is opened as in real life."""
    with _database() as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.needs("postgres"))])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("_sqlite_template"), tmp_path / "anlan.db")
        opened = Store.at(tmp_path)
    else:
        opened = Store(request.getfixturevalue("_postgres_database"))
        names = ", ".join(f'"{table.name}"' for table in metadata.sorted_tables)
        with opened.engine.begin() as conn:
            conn.exec_driver_sql(f"TRUNCATE {names} CASCADE")
    yield opened
    opened.close()


@pytest.fixture
def clock() -> SimClock:
    return SimClock(START)


@pytest.fixture
def world(store: Store, clock: SimClock, catalog: Catalog, city: City, tmp_path: Path) -> Iterator[World]:
    """A whole world of all rooms on an empty store, without reactions: what a verb does, it does alone."""
    built = root.build_world(
        folder=tmp_path,
        store=store,
        catalog=replace(catalog, reactions={}),
        city=city,
        clock=clock,
        entropy=SeededEntropy(7),
    )
    yield built
    built.close()


@pytest.fixture
def live_world(store: Store, clock: SimClock, catalog: Catalog, city: City, tmp_path: Path) -> Iterator[World]:
    """A whole world with the catalog's reactions; ``world.settle()`` runs them."""
    built = root.build_world(
        folder=tmp_path, store=store, catalog=catalog, city=city, clock=clock, entropy=SeededEntropy(7)
    )
    yield built
    built.close()


def holder(role: str, area: str = "310000", name: str | None = None) -> Actor:
    """Return somebody who holds one role over one area."""
    return Actor(name or f"{role}@{area}", (Grant(role, area), Grant("public", "310000")))
