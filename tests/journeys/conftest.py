"""A night that was played once, copied for every test that looks at it."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from anlan.demo.night import headless
from anlan.kernel.world import World
from anlan.root import open_world


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """The folder of a whole night and what the command printed of it."""
    folder = tmp_path_factory.mktemp("night") / "world"
    return folder, headless("bebinca", folder=folder, seed=2024, until=None)


@pytest.fixture
def night(played: tuple[Path, dict[str, Any]], tmp_path: Path) -> Iterator[World]:
    """A world of its own after that night."""
    folder = tmp_path / "world"
    shutil.copytree(played[0], folder)
    world = open_world(folder)
    yield world
    world.close()
