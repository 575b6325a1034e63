"""Forms of the store, and the step from each to the next (Alembic)."""

from importlib import resources
from pathlib import Path

import sqlalchemy as sa

from anlan.kernel.store import Store, metadata

HEAD = "0003"
"""The newest form; a store that has it is opened without loading Alembic."""


def current(store: Store) -> str | None:
    """Return the form that a store has, or None for an empty one."""
    with store.engine.connect() as conn:
        if not sa.inspect(conn).has_table("alembic_version"):
            return None
        found: str | None = conn.scalar(sa.text("SELECT version_num FROM alembic_version"))
        return found


def upgrade(store: Store) -> None:
    """Bring a store to the newest form; an empty one is made in it at once, without loading Alembic."""
    form = current(store)
    if form == HEAD:
        return
    if form is None:
        _make(store)
        return
    walk(store)


def walk(store: Store) -> None:
    """Go every step that a store has not gone yet."""
    from alembic import command  # noqa: PLC0415  # loaded only when there is something to do
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(str(resources.files(__package__)))))
    with store.engine.connect() as conn, conn.begin():
        if store.sqlite:
            conn.exec_driver_sql("BEGIN IMMEDIATE")
        config.attributes["connection"] = conn
        command.upgrade(config, "head")


def _make(store: Store) -> None:
    """Make all tables as they are now; a test holds them against the steps that lead here."""
    with store.write() as conn:
        metadata.create_all(conn)
        conn.execute(sa.text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
        conn.execute(sa.text("INSERT INTO alembic_version VALUES (:head)"), {"head": HEAD})
