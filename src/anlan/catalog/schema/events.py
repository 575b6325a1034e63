"""What can happen: types of events and warnings, levels, and the scales that set a level from consequences."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from anlan.catalog.schema.base import (
    EVENT_LEVELS,
    Entry,
    EventLevel,
    EventTypeId,
    FrozenMap,
    Grade,
    Model,
    Sourced,
)


class EventType(Entry, Sourced):
    """One code of the national five-character family: class (x000), group (letter and 00) or type."""

    tier: Literal["class", "group", "type"]
    parent: EventTypeId | None = None
    uses: tuple[Literal["event", "warning"], ...]
    key: str | None = None
    scope: str | None = None


class EventLevelName(Entry, Sourced):
    """One of the four levels of events; the colour and the CAP severity are those it is shown with."""

    rank: int
    roman: str
    law_name: str
    grade: Grade
    cap_severity: Literal["Extreme", "Severe", "Moderate", "Minor"]
    led_by: str


class Metric(Model):
    """A consequence that a scale counts."""

    zh: str
    unit: str


class ScaleLevel(Sourced):
    """Lower bounds, each included: one reached is enough."""

    at_least: FrozenMap[str, int | float]
    zh: str | None = None


class EventScale(Entry, Sourced):
    """A scale from consequences to a level: the highest level that any criterion reaches.

    "At or above" includes the number (State Council Order 493, art. 3, last paragraph).
    """

    hands_down: ClassVar[tuple[str, ...]] = ("levels",)

    sets: Literal["event_level", "response_level"] = "event_level"
    applies_to: tuple[EventTypeId, ...] = ()
    metrics: FrozenMap[str, Metric]
    levels: FrozenMap[EventLevel, ScaleLevel]

    def level(self, consequences: Mapping[str, float]) -> EventLevel | None:
        """Return the level that the consequences reach, or None if they reach none.

        Examples
        --------
        A scale with 30 deaths at its top gives ``extraordinary`` for ``{"deaths": 30}`` and not for 29.
        """
        for level in EVENT_LEVELS:
            bounds = self.levels[level].at_least if level in self.levels else {}
            if any(consequences.get(metric, float("-inf")) >= bound for metric, bound in bounds.items()):
                return level
        return None
