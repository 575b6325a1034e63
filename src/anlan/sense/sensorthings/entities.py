"""The entity sets of the Sensing part and how they are linked (18-088 clause 8.2)."""

from dataclasses import dataclass
from enum import StrEnum


class Set(StrEnum):
    """The entity sets, by the names that stand in addresses."""

    THINGS = "Things"
    LOCATIONS = "Locations"
    HISTORICAL_LOCATIONS = "HistoricalLocations"
    DATASTREAMS = "Datastreams"
    SENSORS = "Sensors"
    OBSERVED_PROPERTIES = "ObservedProperties"
    OBSERVATIONS = "Observations"
    FEATURES = "FeaturesOfInterest"


@dataclass(frozen=True)
class Link:
    """A navigation property: its name, where it leads, and whether to many entities."""

    name: str
    target: Set
    many: bool


def _links(**targets: tuple[Set, bool]) -> dict[str, Link]:
    return {name: Link(name, target, many) for name, (target, many) in targets.items()}


LINKS: dict[Set, dict[str, Link]] = {
    Set.THINGS: _links(
        Locations=(Set.LOCATIONS, True),
        HistoricalLocations=(Set.HISTORICAL_LOCATIONS, True),
        Datastreams=(Set.DATASTREAMS, True),
    ),
    Set.LOCATIONS: _links(Things=(Set.THINGS, True), HistoricalLocations=(Set.HISTORICAL_LOCATIONS, True)),
    Set.HISTORICAL_LOCATIONS: _links(Thing=(Set.THINGS, False), Locations=(Set.LOCATIONS, True)),
    Set.DATASTREAMS: _links(
        Thing=(Set.THINGS, False),
        Sensor=(Set.SENSORS, False),
        ObservedProperty=(Set.OBSERVED_PROPERTIES, False),
        Observations=(Set.OBSERVATIONS, True),
    ),
    Set.SENSORS: _links(Datastreams=(Set.DATASTREAMS, True)),
    Set.OBSERVED_PROPERTIES: _links(Datastreams=(Set.DATASTREAMS, True)),
    Set.OBSERVATIONS: _links(Datastream=(Set.DATASTREAMS, False), FeatureOfInterest=(Set.FEATURES, False)),
    Set.FEATURES: _links(Observations=(Set.OBSERVATIONS, True)),
}
"""The links of each set, by name."""

AT_ASSETS = frozenset({Set.THINGS, Set.LOCATIONS, Set.HISTORICAL_LOCATIONS, Set.FEATURES})
"""The sets of which every asset is one: it stands still, so that it has one place, ever."""

AT_SENSORS = frozenset({Set.DATASTREAMS, Set.SENSORS})
"""The sets of which every registered sensor is one."""
