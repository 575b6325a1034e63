"""Warning signals of the bodies that issue them; what is computed here is a candidate and never the signal itself."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Literal

from anlan.catalog.schema.base import GRADES, Entry, EventTypeId, FrozenMap, Grade, Model, Sourced
from anlan.catalog.schema.conditions import Condition

Issuer = Literal[
    "meteorological_station", "flood_control_office", "ecology_bureau", "forestry_bureau", "natural_resources_bureau"
]


class SignalLevel(Sourced):
    """One colour of a signal: what is expected within ``lead_h`` or has come and may go on."""

    lead_h: int | None = None
    when: Condition
    text: str


class WarningSignal(Entry, Sourced):
    """A signal with a condition for each colour.

    Weather signals are issued by the meteorological station alone (Meteorological Disaster Prevention
    Regulations art. 30), so ``use`` knows one word only.
    """

    hands_down: ClassVar[tuple[str, ...]] = ("levels",)

    event_type: EventTypeId | None
    issuer: Issuer
    use: Literal["candidate"]
    applies: Condition | None = None
    levels: FrozenMap[Grade, SignalLevel]

    def grade(self, values: Mapping[str, Any]) -> Grade | None:
        """Return the most severe colour whose condition holds for forecast or observed values."""
        if self.applies is not None and not self.applies.holds(values):
            return None
        return next((g for g in GRADES if g in self.levels and self.levels[g].when.holds(values)), None)


def candidates(signals: Iterable[WarningSignal], values: Mapping[str, Any]) -> dict[str, Grade]:
    """Return the colour of every signal that the values would call for, by the signal's identifier."""
    graded = ((signal.id, signal.grade(values)) for signal in signals)
    return {name: grade for name, grade in graded if grade is not None}


class FormerLevel(Model):
    """A level that was in force before, or that another text states."""

    value: float
    note: str


class GaugeStation(Entry, Sourced):
    """A tide or river gauge with its warning level above its own datum."""

    warning_level_m: float
    datum: str
    lon: float | None = None
    lat: float | None = None
    former: tuple[FormerLevel, ...] = ()
