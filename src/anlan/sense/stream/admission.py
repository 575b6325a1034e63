"""What may enter the log: rows of sensors that are known, in the source's areas, and not from the future."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from anlan.kernel.access import Scope
from anlan.sense.stream.batch import MISSING, Batch, Int64s, Refusal, Rows
from anlan.sense.stream.registry import Bools, Registry


@dataclass(frozen=True)
class Source:
    """Who sends, and the areas in which its sensors may lie."""

    id: str
    scope: Scope
    actor: str


@dataclass(frozen=True)
class Receipt:
    """What became of a message: the log's position of what was accepted (0: nothing was), and what was refused."""

    position: int
    accepted: int
    refused: tuple[Refusal, ...]


class Admission:
    """Decides for one registry; which sensors a source reaches is worked out once."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self._reached: dict[Scope, Bools] = {}

    def admit(self, source: Source, rows: Rows, horizon_us: int) -> tuple[Batch, tuple[Refusal, ...]]:
        """Return what is accepted, and all refusals of the message.

        Parameters
        ----------
        horizon_us
            The latest time that is believed, µs since 1970 UTC.
        """
        numbers = rows.sensor if isinstance(rows.sensor, np.ndarray) else self.registry.numbers(rows.sensor)
        count = len(self.registry)
        known = (numbers >= 0) & (numbers < count)
        reached = np.append(self._reach(source.scope), False)[np.where(known, numbers, count)]
        future = rows.time_us > horizon_us
        quality = np.where(np.isnan(rows.value), np.uint8(MISSING), rows.quality)
        batch = Batch.of(numbers, rows.time_us, rows.value, quality)
        good = reached & ~future
        if good.all():
            return batch, rows.refused
        told = (*rows.refused, *_refusals(rows, reached, future))
        return batch.where(good), tuple(sorted(told, key=lambda refusal: refusal.row))

    def _reach(self, scope: Scope) -> Bools:
        """Tell which sensors a scope reaches; one that is retired is reached by nobody."""
        known = self._reached.get(scope)
        if known is None:
            known = self._reached[scope] = self.registry.within(scope) & ~self.registry.retired
        return known


def _refusals(rows: Rows, reached: Bools, future: npt.NDArray[np.bool_]) -> list[Refusal]:
    """Name the rows that are not taken; whether a sensor is unknown or elsewhere is not told."""
    place: Int64s = np.arange(len(rows)) if rows.place is None else rows.place
    return [
        Refusal(
            int(place[row]),
            "observation.future" if reached[row] else "observation.sensor",
            str(int(rows.time_us[row])) if reached[row] else "",
            str(rows.sensor[row]),
        )
        for row in np.flatnonzero(~reached | future).tolist()
    ]
