"""The plan as the store, the catalog and the city have it at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from anlan.catalog.catalog import Catalog
from anlan.catalog.schema.detectors import Detector
from anlan.city.city import City
from anlan.kernel.access import AreaTree
from anlan.sense.detectors import Arrays, Detectors
from anlan.sense.model import plan_changes
from anlan.sense.rules import rules_in_force
from anlan.sense.stream.places import places_of
from anlan.sense.stream.plan import Places, Watched, watch
from anlan.sense.stream.registry import Registry


@dataclass(frozen=True)
class Planned:
    """The sensors, and what watches them; ``seq`` is the journal entry that changed either last, 0 if none has."""

    seq: int
    registry: Registry
    watched: Watched
    places: Places
    detectors: Mapping[str, Detector]

    def detect(self, held: Arrays) -> Detectors:
        """Return the detectors over these sensors, with what they remember."""
        return Detectors.build(self.detectors, self.registry, self.places, held)


def last_change(conn: sa.Connection) -> int:
    """Return the number of the entry that last changed what is watched; 0 if none has."""
    return int(conn.scalar(sa.select(sa.func.max(plan_changes.c.seq))) or 0)


def planned(conn: sa.Connection, catalog: Catalog, tree: AreaTree, offset_s: int) -> Planned:
    """Return the plan that is in force now."""
    cadences = {name: one.cadence_s for name, one in catalog.sensor_kinds.items()}
    registry = Registry.read(conn, {name: one.valid for name, one in catalog.quantities.items()}, cadences)
    places = places_of(tree if isinstance(tree, City) else None, registry.area.texts)
    watched = watch(rules_in_force(conn, catalog), registry, places, offset_s)
    return Planned(last_change(conn), registry, watched, places, catalog.detectors)


def utc_offset_s(tree: AreaTree, now: datetime) -> int:
    """Return the city's local time less UTC, s; a change of it (summer time) counts from the next start."""
    if not isinstance(tree, City):
        return 0
    return round((now.astimezone(ZoneInfo(tree.package.timezone)).utcoffset() or timedelta()).total_seconds())
