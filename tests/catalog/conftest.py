import pytest

from anlan.catalog import Catalog, builtin_layers, load_catalog


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return load_catalog(*builtin_layers("songjiang"))


@pytest.fixture(scope="session")
def nation() -> Catalog:
    return load_catalog(*builtin_layers("cn"))
