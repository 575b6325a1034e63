"""From a need to who goes where and what goes where: the proposal's arithmetic, without a write.

1. The people of each town are assigned to shelters, nearest first, within places.
2. Each shelter needs goods for the people that it gets; people without a place, and assets under water, are served
   from their town's depot.
3. Item by item, stock goes to those places, nearest first; what already lies there counts first.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from anlan.catalog.catalog import Catalog
from anlan.city.city import City
from anlan.supply import norms
from anlan.supply.ledger import Holding, Key
from anlan.supply.matching import Match, Place, Way, rank, send_goods, shelter_people
from anlan.supply.sites import Site


@dataclass(frozen=True)
class Town:
    """What a town of a need asks for, by one bound of its people."""

    area: str
    people: int
    grade: str | None
    assets: Mapping[str, int]


@dataclass(frozen=True)
class Resources:
    """What there is to give: shelters with their places, depots, and what lies where."""

    shelters: Mapping[str, tuple[Site, int]]
    depots: Sequence[Site]
    held: Mapping[Key, Holding]


@dataclass(frozen=True)
class Proposal:
    """Who goes where, what goes where, and what is left."""

    people: Match
    goods: tuple[tuple[str, Way], ...]
    unmet: Mapping[str, int]


@dataclass
class _Target:
    """A place to which goods go."""

    place: Place
    goods: Counter[str]
    grade: str | None


def propose(catalog: Catalog, city: City, towns: Sequence[Town], days: int, there: Resources) -> Proposal:
    """Match a need with what there is."""
    people = _people(catalog, city, towns, there)
    targets = list(_targets(catalog, city, towns, days, there, people).values())
    goods: list[tuple[str, Way]] = []
    unmet: dict[str, int] = {}
    for item in sorted({item for target in targets for item in target.goods}):
        match = _send(item, targets, there)
        goods += [(item, way) for way in match.ways]
        if match.missing:
            unmet[item] = match.missing
    return Proposal(people, tuple(goods), unmet)


def _people(catalog: Catalog, city: City, towns: Sequence[Town], there: Resources) -> Match:
    sites = list(there.shelters.values())
    return shelter_people(
        [_label(city, town.area) for town in towns],
        [town.people for town in towns],
        [town.grade for town in towns],
        [_stand(site) for site, _ in sites],
        [places for _, places in sites],
        float(catalog.setting("supply.shelter_reach_m")),
    )


def _label(city: City, code: str) -> Place:
    """Return the place of an area's label; of one without a label, that of the area above."""
    area = city.area(code)
    while (area.lon is None or area.lat is None) and area.parent is not None:
        area = city.area(area.parent)
    return Place(code, area.lon or 0.0, area.lat or 0.0)


def _stand(site: Site) -> Place:
    return Place(site.id, site.asset.lon, site.asset.lat)


def _targets(
    catalog: Catalog, city: City, towns: Sequence[Town], days: int, there: Resources, people: Match
) -> dict[str, _Target]:
    """Return the places that need goods, by site."""
    found: dict[str, _Target] = {}
    grades = {town.area: town.grade for town in towns}
    sheltered: defaultdict[str, int] = defaultdict(int)
    for way in people.ways:
        sheltered[way.target] += way.amount
        _target(found, there.shelters[way.target][0], grades[way.source])
    for site, number in sheltered.items():
        found[site].goods.update(norms.for_people(catalog, number, days))
    for town in towns:
        goods = norms.together(
            norms.for_people(catalog, people.left.get(town.area, 0), days), norms.for_assets(catalog, town.assets)
        )
        if goods and (depot := _depot(city, town.area, there.depots)):
            _target(found, depot, town.grade).goods.update(goods)
    return found


def _target(found: dict[str, _Target], site: Site, grade: str | None) -> _Target:
    target = found.setdefault(site.id, _Target(_stand(site), Counter(), grade))
    target.grade = max(target.grade, grade, key=rank)
    return target


def _depot(city: City, town: str, depots: Sequence[Site]) -> Site | None:
    """Return the depot that serves a town: its own, or else the nearest."""
    own = [depot for depot in depots if depot.area == town]
    if own or not depots:
        return own[0] if own else None
    label = _label(city, town)
    return min(depots, key=lambda d: ((d.asset.lon - label.lon) ** 2 + (d.asset.lat - label.lat) ** 2, d.id))


def _send(item: str, targets: Sequence[_Target], there: Resources) -> Match:
    asking = [target for target in targets if target.goods[item]]
    sources = list(_sources(item, asking, there))
    return send_goods(
        [_stand(site) for site in sources],
        [there.held[site.id, item].quantity for site in sources],
        [target.place for target in asking],
        [target.goods[item] for target in asking],
        [target.grade for target in asking],
        frozenset(there.shelters),
    )


def _sources(item: str, asking: Sequence[_Target], there: Resources) -> Iterator[Site]:
    """Yield the sites that may give an item: depots, and the shelters that ask for it, to themselves."""
    wanted = {target.place.id for target in asking}
    shelters = (site for site, _ in there.shelters.values() if site.id in wanted)
    for site in (*there.depots, *shelters):
        held = there.held.get((site.id, item))
        if held and held.quantity:
            yield site


def summary(proposal: Proposal, shelters: Mapping[str, tuple[Site, int]]) -> dict[str, Any]:
    """Return what the timeline and the reactions need of a proposal."""
    into: Counter[str] = Counter()
    for way in proposal.people.ways:
        into[way.target] += way.amount
    return {
        "flows": len(proposal.goods),
        "sites": len({way.target for _, way in proposal.goods}),
        "quantity": sum(way.amount for _, way in proposal.goods),
        "placed": sum(into.values()),
        "unplaced": proposal.people.missing,
        "shelters": [
            {"shelter": site, "people": n, "area": shelters[site][0].area} for site, n in sorted(into.items())
        ],
        "unmet": [{"item": item, "quantity": n} for item, n in sorted(proposal.unmet.items())],
    }
