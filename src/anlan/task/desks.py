"""Desks: a role at an area. Whose move a task is, and who takes it over."""

from dataclasses import dataclass

from anlan.catalog.catalog import Catalog
from anlan.city.city import City

DESK_ABOVE = "desk_above"
"""The catalog's code list from level to the role that takes over there."""


@dataclass(frozen=True)
class Desk:
    """A role at an area."""

    area: str
    role: str


def above(catalog: Catalog, city: City, area: str) -> Desk | None:
    """Return the desk that takes over from an area: the catalog's role at the parent; None above the city."""
    parent = city.parent(area)
    if parent is None:
        return None
    return Desk(parent, catalog.code_lists[DESK_ABOVE].codes[city.level(parent)])


def verifying(catalog: Catalog, city: City, area: str) -> Desk:
    """Return the desk that verifies what was done at an area: the one above, or the city's own."""
    own = Desk(area, catalog.code_lists[DESK_ABOVE].codes["city"])
    return above(catalog, city, area) or own
