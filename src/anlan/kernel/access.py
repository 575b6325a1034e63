"""Who is acting, in which roles, and how far each role reaches.

Jurisdiction is a prefix of the area code (GB/T 2260 and the statistical 9- and 12-digit codes): ``310000`` (a
city) reaches every code that starts with ``31``, ``310117`` (a district) every code that starts with ``310117``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Protocol

import sqlalchemy as sa

from anlan.catalog.schema.access import Role


def jurisdiction(code: str) -> str:
    """Return the prefix that an area code governs: trailing pairs of zeros of the six-digit division fall away."""
    if len(code) > 6:
        return code
    while code.endswith("00"):
        code = code[:-2]
    return code


@dataclass(frozen=True)
class Scope:
    """The areas that somebody may see or touch, as code prefixes."""

    prefixes: tuple[str, ...]

    def covers(self, area: str) -> bool:
        """Tell whether an area lies inside."""
        own = jurisdiction(area)
        return any(own.startswith(prefix) for prefix in self.prefixes)

    def where(self, column: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
        """Return the SQL condition that a column's area lies inside."""
        if "" in self.prefixes:
            return sa.true()
        # A city's own code ends in zeros that are not part of its prefix; a district's prefix must not
        # reach its city, so the comparison is on the code itself, which always starts with its prefix.
        return sa.or_(sa.false(), *(column.startswith(p, autoescape=True) for p in self.prefixes))

    def __bool__(self) -> bool:
        return bool(self.prefixes)


NOWHERE = Scope(())


@dataclass(frozen=True)
class Grant:
    """One role held over one area."""

    role: str
    area: str


@dataclass(frozen=True)
class Actor:
    """Who acts or reads: a person, a machine client, or Anlan itself."""

    id: str
    grants: tuple[Grant, ...]
    name: str = ""

    def reach(self, roles: Mapping[str, Role], verb: str) -> Scope:
        """Return the areas where this actor may run a verb."""
        return self._scope(roles, [r.id for r in roles.values() if _matches(verb, r.verbs)])

    def sight(self, roles: Mapping[str, Role], noun: str) -> Scope:
        """Return the areas where this actor may read a noun."""
        return self._scope(roles, [r.id for r in roles.values() if _matches(noun, r.reads)])

    def _scope(self, roles: Mapping[str, Role], allowed: Sequence[str]) -> Scope:
        prefixes = {jurisdiction(g.area) for g in self.grants if g.role in roles and g.role in allowed}
        return Scope(tuple(sorted(prefixes)))


def _matches(name: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


class AreaTree(Protocol):
    """What the kernel needs to know of a city."""

    @property
    def root(self) -> str:
        """Code of the whole city."""
        ...

    def contains(self, code: str) -> bool:
        """Tell whether the city has this area."""
        ...

    def parent(self, code: str) -> str | None:
        """Return the code of the area above, or None for the city."""
        ...

    def name(self, code: str, lang: str) -> str:
        """Return an area's name."""
        ...

    def near(self, code: str) -> Sequence[str]:
        """Return codes or names that the writer may have meant."""
        ...
