"""What all instruments say at one moment, sector by sector: vital signs, data catalogue and coverage count it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from anlan.catalog.catalog import Catalog
from anlan.catalog.schema.sectors import Sector
from anlan.sense.stream.batch import GOOD, Floats, Int32s, Int64s
from anlan.sense.stream.latest import NEVER_US, Latest
from anlan.sense.stream.registry import Bools, Registry

_A = TypeVar("_A", bound=np.generic)


@dataclass(frozen=True)
class OpenAlarm:
    """What of an open alarm is counted."""

    rule: str
    about: str
    quantity: str
    asset_type: str | None
    area: str
    grade: str


@dataclass(frozen=True)
class CityState:
    """The sensors, what they told last, and the open alarms.

    Attributes
    ----------
    catalog : Catalog
    registry : Registry
    latest : Latest
        May be shorter than the registry: the newest sensors have told nothing.
    alarms : sequence of OpenAlarm
    now_us : int
    """

    catalog: Catalog
    registry: Registry
    latest: Latest
    alarms: Sequence[OpenAlarm]
    now_us: int

    @cached_property
    def time_us(self) -> Int64s:
        """When each sensor was heard last."""
        return _filled(self.latest.time_us, len(self.registry), NEVER_US)

    @cached_property
    def value(self) -> Floats:
        """What each sensor told last."""
        return _filled(self.latest.value, len(self.registry), np.nan)

    @cached_property
    def heard(self) -> Bools:
        """Which sensors were heard within the silence that policy permits: some cadences, never less than a time."""
        setting = self.catalog.setting
        least_s = float(setting("ingest.stale_min")) * 60.0
        allowed_s = np.fmax(least_s, float(setting("vital.silent_cadences")) * self.registry.cadence_s)
        age_s = (self.now_us - np.maximum(self.time_us, 0)) / 1e6
        return np.asarray((self.time_us != NEVER_US) & (age_s <= allowed_s))

    @cached_property
    def tells(self) -> Bools:
        """Which sensors were heard and told a good value."""
        quality = _filled(self.latest.quality, len(self.registry), GOOD)
        return np.asarray(self.heard & (quality == GOOD) & np.isfinite(self.value))

    @cached_property
    def sector_sensors(self) -> Mapping[str, Bools]:
        """Which sensors belong to each sector: those of its quantities at its types of assets."""
        return {name: self._of(sector) for name, sector in self.catalog.sectors.items()}

    def _of(self, sector: Sector) -> Bools:
        own = self.registry.quantity.among(sector.quantities) & self.registry.asset_type.among(sector.asset_types)
        return np.asarray(own & ~self.registry.retired)

    @cached_property
    def alarm_sectors(self) -> Sequence[frozenset[str]]:
        """The sectors of each alarm: those that name its rule, or else those of its quantity."""
        return [sectors_of(self.catalog, alarm) for alarm in self.alarms]

    def numbers_within(self, heads: Iterable[str]) -> Int32s:
        """Return the numbers of sensors in areas whose codes begin with one of some heads."""
        begins = tuple(heads)
        inside = self.registry.area.where([text.startswith(begins) for text in self.registry.area.texts])
        return np.flatnonzero(inside & ~self.registry.retired).astype(np.int32)


def sectors_of(catalog: Catalog, alarm: OpenAlarm) -> frozenset[str]:
    """Return the sectors that an alarm counts in; one about an instrument counts in none."""
    if alarm.about != "hazard":
        return frozenset()
    named = {name for name, sector in catalog.sectors.items() if alarm.rule in sector.rules}
    fitting = {
        name
        for name, sector in catalog.sectors.items()
        if alarm.quantity in sector.quantities and alarm.asset_type in {None, *sector.asset_types}
    }
    return frozenset(named & fitting or named or fitting)


def _filled(values: npt.NDArray[_A], count: int, missing: float) -> npt.NDArray[_A]:
    """Return values for all sensors: those that came since have told nothing."""
    out = np.full(count, missing, values.dtype)
    out[: min(count, len(values))] = values[:count]
    return out
