"""What the service asks of the house: the registered sensors, what they observed, and the ways to change both."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from anlan.catalog.catalog import Catalog
from anlan.city.city import City
from anlan.kernel.access import Scope
from anlan.kernel.errors import AnlanError
from anlan.sense.stream.batch import Batch, Bytes, Floats, Int32s, Int64s, Refusal, Rows
from anlan.sense.stream.registry import Registry

NEVER_US = -(2**63)
"""The time of the newest observation of a sensor that has none."""


class Latest(Protocol):
    """The newest observation of every sensor, by number."""

    @property
    def time_us(self) -> Int64s:
        """Microseconds since 1970; :data:`NEVER_US` for none."""
        ...

    @property
    def value(self) -> Floats:
        """NaN: the instrument had none."""
        ...

    @property
    def quality(self) -> Bytes:
        """Places in :data:`anlan.sense.stream.batch.QUALITIES`."""
        ...


class Backend(Protocol):
    """The house as one asker sees it, for one request."""

    @property
    def registry(self) -> Registry:
        """The sensors; the same object as long as nothing changes."""
        ...

    @property
    def latest(self) -> Latest:
        """The newest observations."""
        ...

    @property
    def sensor_scope(self) -> Scope:
        """The areas whose sensors the asker may see."""
        ...

    @property
    def observation_scope(self) -> Scope:
        """The areas whose observations the asker may see."""
        ...

    @property
    def acting_scope(self) -> Scope:
        """The areas whose sensors the asker may see or act on."""
        ...

    @property
    def ingest_scope(self) -> Scope:
        """The areas of whose sensors the asker may hand in observations."""
        ...

    @property
    def horizon_us(self) -> int:
        """The latest time of an observation that is believed, microseconds since 1970."""
        ...

    def unreadable(self, noun: str) -> AnlanError:
        """Return the error for an asker who may see a noun nowhere."""
        ...

    @property
    def catalog(self) -> Catalog:
        """Policy: quantities, units, types of assets, settings."""
        ...

    @property
    def city(self) -> City:
        """The city, for names of assets and the areas of places."""
        ...

    @property
    def now_us(self) -> int:
        """The present moment of the world, microseconds since 1970."""
        ...

    def names(self, numbers: Int64s, lang: str) -> list[str]:
        """Return the names of sensors in one language."""
        ...

    def details(self, numbers: Int64s) -> list[Mapping[str, Any]]:
        """Return what else is registered of sensors: ``owner``, ``calibrated_on``; None where nobody said."""
        ...

    def days(self, since_us: int, until_us: int) -> Sequence[tuple[int, int]]:
        """Return spans, both ends included, one after the other, that hold all that was observed within a span."""
        ...

    def rows(self, sensors: Int32s, since_us: int, until_us: int) -> Batch:
        """Return all observations of sensors within a span, both ends included, by sensor and time."""
        ...

    def take(self, rows: Rows) -> Sequence[Refusal]:
        """Hand in observations; on return they are durable, but for those that are refused."""
        ...

    def register(self, items: Sequence[Mapping[str, Any]], *, dry_run: bool = False) -> None:
        """Make sensors known, or correct what is known, through the gate: all of them or none."""
        ...

    def retire(self, sensors: Sequence[str]) -> None:
        """Take sensors out of service for good, through the gate."""
        ...
