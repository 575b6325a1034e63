"""Desks: a role at an area. Whose move a task is, and who takes it over."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from anlan.catalog.catalog import Catalog
from anlan.city.city import City
from anlan.kernel.access import Actor, jurisdiction

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


def sits_at(actor: Actor, task: Mapping[str, Any]) -> bool:
    """Tell whether somebody holds the role that a task was given to, over its area, or that of its present desk."""
    desks_of = ((task["role"], task["area"]), (task["desk_role"], task["desk_area"]))
    return any(
        grant.role == role and jurisdiction(area).startswith(jurisdiction(grant.area))
        for grant in actor.grants
        for role, area in desks_of
    )
