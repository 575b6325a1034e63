"""Desks: a role at an area. Whose move a task is, and who takes it over."""

from dataclasses import dataclass

from anlan.catalog.catalog import Catalog
from anlan.city.areas import LEVELS, Level
from anlan.kernel.access import AreaTree

DESK_ABOVE = "desk_above"
"""The catalog's code list from level to the role that takes over there."""


@dataclass(frozen=True)
class Desk:
    """A role at an area."""

    area: str
    role: str


def level_of(tree: AreaTree, area: str) -> Level:
    """Return the level of an area: how many areas stand above it."""
    depth, above = 0, tree.parent(area)
    while above is not None:
        depth, above = depth + 1, tree.parent(above)
    return LEVELS[depth]


def above(catalog: Catalog, tree: AreaTree, area: str) -> Desk | None:
    """Return the desk that takes over from an area: the catalog's role at the parent; None above the city."""
    parent = tree.parent(area)
    if parent is None:
        return None
    return Desk(parent, catalog.code_lists[DESK_ABOVE].codes[level_of(tree, parent)])


def verifying(catalog: Catalog, tree: AreaTree, area: str) -> Desk:
    """Return the desk that verifies what was done at an area: the one above, or the city's own."""
    own = Desk(area, catalog.code_lists[DESK_ABOVE].codes["city"])
    return above(catalog, tree, area) or own
