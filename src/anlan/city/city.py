"""The city as one immutable value in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

import numpy.typing as npt
from shapely.geometry.base import BaseGeometry

from anlan.city.areas import Area, Areas, Level
from anlan.city.assets import Assets, Floats, Rows, Sensors, Texts
from anlan.city.bluespots import load_bluespots
from anlan.city.networks import load_networks
from anlan.city.package import Package
from anlan.city.projection import Projection
from anlan.city.roads import Roads, load_roads
from anlan.city.spatial import Spatial
from anlan.city.terrain import Terrain, load_terrain
from anlan.kernel.access import AreaTree
from anlan.science.bluespots import Bluespots


@dataclass(frozen=True)
class City:
    """One city, loaded from its package by :func:`anlan.city.load.load_city`.

    It satisfies :class:`anlan.kernel.access.AreaTree`. Terrain, roads and spatial indexes are
    read when first asked for.
    """

    package: Package = field(repr=False)
    areas: Areas = field(repr=False)
    assets: Assets = field(repr=False)
    sensors: Sensors = field(repr=False)

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

    @cached_property
    def projection(self) -> Projection:
        """Between degrees and the city's metric system."""
        return Projection(self.crs)

    @cached_property
    def spatial(self) -> Spatial:
        """Spatial indexes over towns and assets."""
        return Spatial(self.areas, self.assets, self.projection)

    @cached_property
    def terrain(self) -> Terrain:
        """The ground on a grid."""
        return load_terrain(self.package, self.projection)

    @cached_property
    def bluespots(self) -> Bluespots:
        """Hollows of the ground, their catchments and where they spill, as analysed when the package was built."""
        return load_bluespots(self.package)

    @cached_property
    def expressways(self) -> Roads:
        """Skeleton of the expressways and elevated roads; direction is not known."""
        return load_roads(self.package, "expressways")

    @cached_property
    def center_roads(self) -> Roads:
        """All streets of the city's middle."""
        return load_roads(self.package, "center")

    @cached_property
    def networks(self) -> Mapping[str, Sequence[tuple[str, str]]]:
        """Networks between assets by name, as edges from upstream to downstream; empty without such a file."""
        return load_networks(self.package)

    def locate(self, lon: npt.ArrayLike, lat: npt.ArrayLike) -> Texts:
        """Return the code of the town that each point lies in; see :meth:`Spatial.locate`."""
        return self.spatial.locate(lon, lat)

    def within(self, polygon: BaseGeometry, type_: str | None = None) -> Rows:
        """Return the rows of the assets inside a polygon; see :meth:`Spatial.within`."""
        return self.spatial.within(polygon, type_)

    def nearest(
        self, lon: npt.ArrayLike, lat: npt.ArrayLike, type_: str | None = None, k: int = 1
    ) -> tuple[Rows, Floats]:
        """Return the nearest assets to each point and their distance in metres; see :meth:`Spatial.nearest`."""
        return self.spatial.nearest(lon, lat, type_, k)

    def by_area(self, code: str, type_: str | None = None) -> Rows:
        """Return the rows of the assets within an area's jurisdiction; see :meth:`Assets.by_area`."""
        return self.assets.by_area(code, type_)


class HasCity(Protocol):
    """What carries a city: a reader, a transaction, a world."""

    @property
    def city(self) -> AreaTree:
        """The city, as far as the kernel knows it."""
        ...


def city_of(holder: HasCity) -> City:
    """Return the whole city of a reader, a transaction or a world, of which the kernel knows only the tree of areas."""
    if not isinstance(holder.city, City):
        raise TypeError(f"this world's city is a {type(holder.city).__name__}, and no anlan.city.City")
    return holder.city
