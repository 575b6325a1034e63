"""Every form of the store: a step leads to the next, and the last one is what the tables say."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from anlan import migrations, root
from anlan.kernel.store import Store, metadata

assert root.ROOMS  # importing the root brings every room's tables
VERSIONS = Path(migrations.__file__).parent / "versions"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.needs("postgres"))])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    opened = Store.at(tmp_path) if request.param == "sqlite" else Store(request.getfixturevalue("_fresh_postgres"))
    yield opened
    opened.close()


@pytest.mark.parametrize("make", [migrations.upgrade, migrations.walk], ids=["at once", "step by step"])
def test_an_empty_store_gets_exactly_the_tables_of_the_rooms(empty: Store, make: Callable[[Store], None]) -> None:
    make(empty)
    with empty.engine.connect() as conn:
        differences = compare_metadata(MigrationContext.configure(conn), metadata)

    assert differences == []


def test_upgrading_twice_changes_nothing(empty: Store) -> None:
    migrations.upgrade(empty)
    migrations.upgrade(empty)

    assert migrations.current(empty) == migrations.HEAD


def test_the_head_named_in_code_is_the_last_step() -> None:
    revisions: dict[str, str | None] = {}
    for path in VERSIONS.glob("*.py"):
        named = [
            (node.targets[0].id, node.value)
            for node in ast.parse(path.read_text()).body
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
        ]
        values = {name: ast.literal_eval(value) for name, value in named if name in {"revision", "down_revision"}}
        revisions[values["revision"]] = values["down_revision"]

    assert set(revisions) - set(revisions.values()) == {migrations.HEAD}


def test_every_table_with_a_subject_names_its_area() -> None:
    """What belongs to an area can be scoped by it; the rest belongs to the kernel or hangs on a scoped row."""
    inspected = {t.name for t in metadata.sorted_tables if "area" in t.columns}

    assert {"journal", "tasks", "alarms"} & inspected >= {"journal"}
    assert all(isinstance(t.columns["area"].type, sa.String) for t in metadata.sorted_tables if t.name in inspected)
