"""The level of an incident, by the catalog's scales."""

from collections.abc import Mapping

from anlan.catalog.catalog import Catalog
from anlan.catalog.schema.base import EVENT_LEVELS, EventLevel
from anlan.catalog.schema.events import EventScale
from anlan.catalog.texts import near
from anlan.kernel.errors import Invalid

UNGRADED_CLASS = "14000"
"""Social security incidents, which the law does not grade (Emergency Response Law art. 3)."""


def lineage(catalog: Catalog, event_type: str) -> list[str]:
    """Return a type of event with its group and class, nearest first.

    Raises
    ------
    Invalid
        ``incident.event_type``, if the catalog has none such for events.
    """
    known = catalog.event_types
    if event_type not in known or "event" not in known[event_type].uses:
        params = {"near": ", ".join(near(event_type, [c for c, t in known.items() if "event" in t.uses]))}
        raise Invalid("incident.event_type", at="args.event_type", value=event_type, params=params)
    found, code = [event_type], known[event_type].parent
    while code is not None:
        found.append(code)
        code = known[code].parent
    return found


def scales_for(catalog: Catalog, event_type: str) -> list[EventScale]:
    """Return the scales of event levels for a type: its own, else those of its group, else of its class."""
    for code in lineage(catalog, event_type):
        fits = [s for s in catalog.event_scales.values() if s.sets == "event_level" and code in s.applies_to]
        if fits:
            return fits
    return []


def level_of(catalog: Catalog, event_type: str, consequences: Mapping[str, float]) -> EventLevel | None:
    """Return the most severe level that any scale for the type gives, or None."""
    reached = {scale.level(consequences) for scale in scales_for(catalog, event_type)}
    return next((level for level in EVENT_LEVELS if level in reached), None)


def decide(
    catalog: Catalog, event_type: str, consequences: Mapping[str, float], wanted: EventLevel | None
) -> EventLevel | None:
    """Return the level: what the scales say, or a graver one that people give.

    Raises
    ------
    Invalid
        If the law does not grade this type, or the level given is milder than the consequences make it.
    """
    if wanted is not None and UNGRADED_CLASS in lineage(catalog, event_type):
        raise Invalid("incident.not_graded", at="args.level", value=wanted)
    reached = level_of(catalog, event_type, consequences)
    if wanted is None or reached is None:
        return wanted or reached
    if EVENT_LEVELS.index(wanted) > EVENT_LEVELS.index(reached):
        raise Invalid("incident.level_low", at="args.level", value=wanted, params={"reached": reached})
    return wanted
