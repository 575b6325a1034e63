"""What compound rules need of a city: the areas around areas, and the networks between assets."""

from collections.abc import Mapping, Sequence

from anlan.city.city import City
from anlan.sense.stream.plan import Places


def places_of(city: City | None, areas: Sequence[str]) -> Places:
    """Return the places of a city, as far as the sensors' areas need them."""
    if city is None:
        return Places({}, {})
    around: dict[str, dict[str, str]] = {}
    for area in areas:
        above: str | None = area
        while above is not None:
            around.setdefault(city.level(above), {})[area] = above
            above = city.parent(above)
    return Places(around, _networks(city))


def _networks(city: City) -> Mapping[str, Sequence[tuple[str, str]]]:
    return city.networks
