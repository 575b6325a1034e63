"""Sites: the warehouses and shelters among the city's assets, who answers for them, and how many people they take."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from anlan.catalog.catalog import Catalog
from anlan.city.areas import LEVELS
from anlan.city.assets import Asset
from anlan.city.city import City
from anlan.kernel.access import jurisdiction
from anlan.kernel.errors import Invalid

SiteKind = Literal["warehouse", "shelter"]
WAREHOUSE: SiteKind = "warehouse"
SHELTER: SiteKind = "shelter"
KINDS = (WAREHOUSE, SHELTER)
"""Asset types that hold stock."""


@dataclass(frozen=True)
class Site:
    """A place that holds stock.

    ``area`` is whose it is: a municipal depot belongs to the city, whatever town it stands in. ``town`` is where it
    stands.
    """

    asset: Asset
    area: str

    @property
    def id(self) -> str:
        """The asset's id."""
        return self.asset.id

    @property
    def town(self) -> str:
        """Code of the town that it stands in."""
        return self.asset.area

    @property
    def kind(self) -> str:
        """``warehouse`` or ``shelter``."""
        return self.asset.type


def site_of(city: City, site: str, at: str, kind: SiteKind | None = None) -> Site:
    """Return a site by id.

    Raises
    ------
    Invalid
        ``supply.site_unknown`` where no warehouse or shelter (or none of this kind) has the id.
    """
    if site in city.assets and (asset := city.assets.asset(site)).type in ((kind,) if kind else KINDS):
        return Site(asset, owner(city, asset))
    raise Invalid("supply.site_unknown", at=at, value=site, params={"kinds": kind or ", ".join(KINDS)})


def owner(city: City, asset: Asset) -> str:
    """Return the area that answers for an asset: that of its tier, or the town that it stands in."""
    tier = asset.attributes.get("tier")
    line = (asset.area, *city.areas.ancestors(asset.area))
    return next((code for code in line if tier in LEVELS and city.level(code) == tier), asset.area)


def sites_in(city: City, area: str, kind: SiteKind) -> Iterator[Site]:
    """Yield the sites that belong to an area or to one inside it, in the order of the city's assets."""
    prefix = jurisdiction(area)
    # Who answers for a site is at or above where it stands, so nothing outside the area belongs to it.
    for row in city.by_area(area, kind):
        site = Site(asset := city.assets.at(int(row)), owner(city, asset))
        if site.area.startswith(prefix):
            yield site


def places(catalog: Catalog, shelter: Asset) -> int:
    """Return how many people a shelter takes: its own figure, but no more than its class has room for.

    The class's square metres per person are the catalog's; the letters of local registers are told by its code list
    ``shelter_class_letters``.
    """
    told = int(shelter.attributes.get(catalog.asset_types[SHELTER].capacity or "", 0))
    letters = catalog.code_lists["shelter_class_letters"].codes
    named = str(shelter.attributes.get("shelter_class", ""))
    norm = catalog.shelter_classes.get(letters.get(named, named))
    area_m2 = shelter.attributes.get("effective_area_m2")
    if norm is None or area_m2 is None:
        return told
    return min(told, math.floor(float(area_m2) / norm.area_per_person_m2))


def common_area(city: City, *areas: str) -> str:
    """Return the smallest area that holds all of some areas.

    Examples
    --------
    Of two towns of one district it is the district; of one area, itself.
    """
    first = areas[0]
    for code in (first, *city.areas.ancestors(first)):
        if all(area.startswith(jurisdiction(code)) for area in areas):
            return code
    return city.root
