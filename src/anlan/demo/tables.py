"""The demo's own YAML files, read as the catalog reads its own (YAML 1.2: ``on`` is a word)."""

from importlib import resources
from typing import Any

from anlan.catalog.documents import parse
from anlan.catalog.faults import CatalogError


def table(name: str) -> Any:
    """Return the value of a YAML file of the demo.

    Raises
    ------
    CatalogError
        With every fault of the file.
    """
    document, faults = parse((resources.files(__package__) / name).read_bytes(), name)
    if faults:
        raise CatalogError(faults)
    return document.value
