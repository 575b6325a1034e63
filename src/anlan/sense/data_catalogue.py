"""The catalogue of data resources with what the history says of their quality."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from anlan.catalog.schema.data_catalogue import DataResource
from anlan.sense.city_state import CityState
from anlan.sense.history.quality import DayQuality
from anlan.sense.stream.batch import Int32s
from anlan.sense.stream.latest import NEVER_US
from anlan.sense.stream.registry import Bools


@dataclass(frozen=True)
class Quality:
    """How good the data of some sensors were over a span; shares are None where there was nothing to count.

    Attributes
    ----------
    sensors, heard : int
        Those that are registered, and those heard of late.
    rows, expected : int
        What came, and what their cadences let expect; no expectation where no cadence is known.
    good, suspect, missing, out_of_range, late : float
        Shares of the rows.
    newest_us : int
        When the newest observation was made.
    """

    sensors: int
    heard: int
    rows: int
    expected: int | None
    good: float | None
    suspect: float | None
    missing: float | None
    out_of_range: float | None
    late: float | None
    newest_us: int | None

    @property
    def complete(self) -> float | None:
        """The share of what was expected that came, at most 1."""
        return None if not self.expected else min(1.0, self.rows / self.expected)


def resource_of_sensors(state: CityState, inside: Bools) -> list[str]:
    """Return the data resource that each sensor belongs to, by its number; empty for none, or where it is not inside.

    Parameters
    ----------
    state : CityState
    inside : (n,) array of bool
        Which sensors the reader may see.
    """
    of_quantity = {q: resource.id for resource in state.catalog.data_resources.values() for q in resource.quantities}
    table = np.array([*(of_quantity.get(text, "") for text in state.registry.quantity.texts), ""], dtype=object)
    own = table[state.registry.quantity.code]
    own[~inside | state.registry.retired] = ""
    names: list[str] = own.tolist()
    return names


def resources(
    state: CityState, names: Sequence[str], days: Iterable[DayQuality], span_s: float
) -> Iterator[tuple[DataResource, Quality | None]]:
    """Yield every resource of the catalog with its quality; None for one that no instruments observe.

    Parameters
    ----------
    state : CityState
    names : sequence of str
        The resource of each sensor, by its number.
    days : iterable of DayQuality
        What was observed of each resource in the span, by day.
    span_s : float
        How long the span is.
    """
    told = list(days)
    own = np.array(names, dtype=object)
    for resource in state.catalog.data_resources.values():
        if not resource.quantities:
            yield resource, None
            continue
        numbers = np.flatnonzero(own == resource.id).astype(np.int32)
        yield resource, quality_of(state, numbers, [day for day in told if day.kind == resource.id], span_s)


def quality_of(state: CityState, numbers: Int32s, days: Sequence[DayQuality], span_s: float) -> Quality:
    """Return how good the data of some sensors were, from what was counted of them by day."""
    rows = sum(day.rows for day in days)
    counted = ("good", "suspect", "missing", "out_of_range", "late")
    shares = {name: sum(getattr(day, name) for day in days) / rows if rows else None for name in counted}
    cadence = state.registry.cadence_s[numbers]
    known = np.isfinite(cadence) & (cadence > 0)
    newest = int(state.time_us[numbers].max(initial=NEVER_US))
    return Quality(
        sensors=len(numbers),
        heard=int(state.heard[numbers].sum()),
        rows=rows,
        expected=round(float((span_s / cadence[known]).sum())) if known.all() and known.any() else None,
        newest_us=None if newest == NEVER_US else newest,
        **shares,
    )
