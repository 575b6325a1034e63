"""Forms of the store, and the step from each to the next (Alembic)."""

from importlib import resources
from pathlib import Path

import sqlalchemy as sa

from anlan.kernel.store import Store

HEAD = "0001"
"""The newest form; a store that has it is opened without loading Alembic."""


def current(store: Store) -> str | None:
    """Return the form that a store has, or None for an empty one."""
    with store.engine.connect() as conn:
        if not sa.inspect(conn).has_table("alembic_version"):
            return None
        found: str | None = conn.scalar(sa.text("SELECT version_num FROM alembic_version"))
        return found


def upgrade(store: Store) -> None:
    """Bring a store to the newest form."""
    if current(store) == HEAD:
        return
    from alembic import command  # noqa: PLC0415  # loaded only when there is something to do
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(str(resources.files(__package__)))))
    with store.engine.connect() as conn, conn.begin():
        if store.sqlite:
            conn.exec_driver_sql("BEGIN IMMEDIATE")
        config.attributes["connection"] = conn
        command.upgrade(config, "head")
