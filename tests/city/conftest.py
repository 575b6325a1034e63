"""The built-in city, loaded once for all tests of this room."""

import sys
from pathlib import Path

import pytest

from anlan.city.city import City
from anlan.city.load import load_city

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))  # the builder's steps are under test too


@pytest.fixture(scope="session")
def shanghai() -> City:
    return load_city()
