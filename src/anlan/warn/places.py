"""The areas of a warning: which one it belongs to, and who lives in them."""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from anlan.kernel.access import AreaTree, Scope, jurisdiction
from anlan.warn.model import warned_areas


def without_inner(areas: Iterable[str]) -> tuple[str, ...]:
    """Return the areas in order of their codes, leaving out those that lie inside another of them."""
    kept: list[str] = []
    for area in sorted(set(areas), key=lambda code: (len(jurisdiction(code)), code)):
        if not any(jurisdiction(area).startswith(jurisdiction(outer)) for outer in kept):
            kept.append(area)
    return tuple(sorted(kept))


def home(city: AreaTree, areas: Sequence[str]) -> str:
    """Return the area that a warning belongs to: the district that holds all its areas, else the city."""
    districts = {_district(city, area) for area in areas}
    return districts.pop() if len(districts) == 1 else city.root


def _district(city: AreaTree, area: str) -> str:
    above = city.parent(area)
    while above is not None and above != city.root:
        area, above = above, city.parent(above)
    return area


def covers(outer: Iterable[str], inner: Iterable[str]) -> bool:
    """Tell whether every inner area lies inside one of the outer ones."""
    reaches = tuple(jurisdiction(area) for area in outer)
    return all(jurisdiction(area).startswith(reaches) for area in inner)


def keep(conn: sa.Connection, subject: str, areas: Sequence[str]) -> None:
    """Note the areas of a subject, in place of those noted before."""
    conn.execute(sa.delete(warned_areas).where(warned_areas.c.subject == subject))
    conn.execute(sa.insert(warned_areas), [{"subject": subject, "area": a, "reach": jurisdiction(a)} for a in areas])


def touching(subject: sa.ColumnElement[str], scope: Scope) -> sa.ColumnElement[bool]:
    """Return the condition that one of a subject's areas lies in a scope, or a scope in one of its areas."""
    outer = {prefix[:length] for prefix in scope.prefixes for length in range(len(prefix) + 1)}
    near = sa.or_(scope.where(warned_areas.c.area), warned_areas.c.reach.in_(sorted(outer)))
    return sa.exists().where(warned_areas.c.subject == subject, near)
