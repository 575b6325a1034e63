"""The city as one immutable value in memory."""

from collections.abc import Sequence
from dataclasses import dataclass

from anlan.city.areas import Area, Areas, Level
from anlan.city.package import Package


@dataclass(frozen=True)
class City:
    """One city, loaded from its package by :func:`anlan.city.load.load_city`.

    It satisfies :class:`anlan.kernel.access.AreaTree`.
    """

    package: Package
    areas: Areas

    @property
    def root(self) -> str:
        """Code of the whole city."""
        return self.areas.root

    @property
    def crs(self) -> str:
        """Metric coordinate reference system of lengths and grids."""
        return self.package.crs

    def contains(self, code: str) -> bool:
        """Tell whether the city has this area."""
        return code in self.areas

    def area(self, code: str) -> Area:
        """Return one area; :class:`NotFound` ``city.area.unknown`` with suggestions where there is none."""
        return self.areas.area(code)

    def parent(self, code: str) -> str | None:
        """Return the code of the area above, or None for the city."""
        return self.areas.area(code).parent

    def level(self, code: str) -> Level:
        """Return ``city``, ``district``, ``town`` or ``village``."""
        return self.areas.area(code).level

    def name(self, code: str, lang: str = "zh") -> str:
        """Return an area's name in one language."""
        return self.areas.area(code).name(lang)

    def children(self, code: str) -> tuple[str, ...]:
        """Return the codes right below an area."""
        return self.areas.children(code)

    def descendants(self, code: str, level: Level | None = None) -> tuple[str, ...]:
        """Return the codes of everything below an area, of one level or all, itself left out."""
        return self.areas.descendants(code, level)

    def neighbours(self, town: str) -> tuple[str, ...]:
        """Return the codes of the towns that share a border with one."""
        return self.areas.neighbours(town)

    def near(self, code: str) -> Sequence[str]:
        """Return codes or names that the writer may have meant, best first."""
        return self.areas.near(code)
