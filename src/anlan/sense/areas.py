"""Which area an act on many things belongs to."""

from collections.abc import Iterable

from anlan.kernel.access import AreaTree
from anlan.kernel.actions import Tx


def common_area(city: AreaTree, areas: Iterable[str]) -> str:
    """Return the smallest area that holds all of some areas; the city if there are none."""
    shared: list[str] | None = None
    for area in set(areas):
        chain = _chain(city, area)
        shared = chain if shared is None else [code for code in shared if code in chain]
    return shared[0] if shared else city.root


def act_area(tx: Tx, areas: Iterable[str]) -> str:
    """Return the area of an act on things in some areas: what holds them all, or else the actor's own."""
    named = set(areas)
    area = common_area(tx.city, named)
    if named and tx.scope.covers(area):
        return area
    return tx.scope.prefixes[0].ljust(6, "0")


def _chain(city: AreaTree, area: str) -> list[str]:
    """Return an area and those above it, itself first."""
    chain: list[str] = []
    above: str | None = area
    while above is not None:
        chain.append(above)
        above = city.parent(above)
    return chain
