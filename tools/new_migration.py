"""Write the next Alembic step from the difference between the newest form and the tables as they are."""

import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.config import Config

from anlan import migrations, root
from anlan.kernel.store import Store


def main(revision: str, message: str) -> None:
    """Upgrade a scratch store and write what is missing as revision ``revision``."""
    assert root.ROOMS
    with tempfile.TemporaryDirectory() as name:
        store = Store.at(Path(name))
        config = Config()
        config.set_main_option("script_location", str(Path(migrations.__file__).parent))
        with store.engine.connect() as conn, conn.begin():
            conn.exec_driver_sql("BEGIN IMMEDIATE")
            config.attributes["connection"] = conn
            command.upgrade(config, "head")
            command.revision(config, message=message, rev_id=revision, autogenerate=True)
        store.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
