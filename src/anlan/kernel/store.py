"""Where a world's state lives: SQLite (WAL) with nothing to install, or PostgreSQL by URL.

Writers take turns: SQLite by ``BEGIN IMMEDIATE``, PostgreSQL by one advisory lock, because every write
appends to one journal. Readers see a snapshot and wait for nobody.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from anlan.kernel.canonical import stamp

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""All tables of all rooms; each room's ``model.py`` adds its own."""

Json = sa.JSON().with_variant(JSONB(), "postgresql")
"""A column that holds a JSON value."""

_WRITERS = 0x616E6C616E  # the advisory lock's number: "anlan" in ASCII


class Moment(sa.types.TypeDecorator[datetime]):
    """A zone-aware moment, stored as UTC text of fixed width, so that text order is time order in any database."""

    impl = sa.String(27)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> str | None:
        """Write the moment as UTC text."""
        del dialect
        return None if value is None else stamp(value)

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> datetime | None:
        """Read the moment back."""
        del dialect
        return None if value is None else datetime.fromisoformat(value)


class Store:
    """One database: transactions for writing, snapshots for reading."""

    def __init__(self, url: str) -> None:
        self.url = sa.make_url(url)
        self.sqlite = self.url.get_backend_name() == "sqlite"
        self._lock = threading.RLock()
        self.engine = _sqlite_engine(self.url) if self.sqlite else _postgres_engine(self.url)

    @classmethod
    def at(cls, folder: Path) -> "Store":
        """Open the SQLite store of a data folder."""
        return cls(f"sqlite:///{folder / 'anlan.db'}")

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """Give the one writing transaction; it commits at the end of the block, or rolls back on an error."""
        with self._lock, self.engine.connect() as conn, conn.begin():
            if self.sqlite:
                conn.exec_driver_sql("BEGIN IMMEDIATE")
            else:
                conn.execute(sa.select(sa.func.pg_advisory_xact_lock(_WRITERS)))
            yield conn

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """Give a read-only snapshot."""
        with self.engine.connect() as conn, conn.begin():
            if self.sqlite:
                conn.exec_driver_sql("BEGIN")
            else:
                conn.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield conn

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()


def _sqlite_engine(url: sa.URL) -> sa.Engine:
    engine = sa.create_engine(url, connect_args={"check_same_thread": False, "timeout": 30})

    @sa.event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        # The driver's own transaction handling is off: we say BEGIN ourselves, so that
        # a writer takes its lock at once and a reader keeps one snapshot.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")  # what was acknowledged survives a power cut
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA busy_timeout=30000")
        cursor.close()

    return engine


def _postgres_engine(url: sa.URL) -> sa.Engine:
    return sa.create_engine(url.set(drivername="postgresql+psycopg"), pool_pre_ping=True)
