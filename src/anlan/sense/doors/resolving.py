"""Names of sensors turned into their numbers before the station is asked, and back again in what it refuses."""

import threading
from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from anlan.sense.doors.decode.columns import some_of
from anlan.sense.doors.limits import shown
from anlan.sense.doors.names import NameIndex
from anlan.sense.doors.taker import Known
from anlan.sense.stream.batch import Refusal, Rows

_UNKNOWN = "observation.sensor"


class Resolver:
    """Resolves by the newest snapshot of the sensors; numbers never change, so that an older one does no harm."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: Known | None = None
        self._index: NameIndex | None = None

    def prepare(self, known: Known | None) -> None:
        """Make the index of a snapshot."""
        if known is not None:
            self._index_of(known)

    def resolved(self, rows: Rows, known: Known | None) -> Rows:
        """Return rows by numbers, those of unknown sensors refused; rows by numbers, and without a snapshot, as is."""
        if known is None or isinstance(rows.sensor, np.ndarray) or not len(rows):
            return rows
        numbers = self._index_of(known).numbers(rows.sensor)
        unknown = np.flatnonzero(numbers < 0)
        if not len(unknown):
            return replace(rows, sensor=numbers)
        place = np.arange(len(rows)) if rows.place is None else rows.place
        names = zip(place[unknown].tolist(), some_of(rows.sensor, unknown), strict=True)
        refused = [*rows.refused, *(Refusal(row, _UNKNOWN, "", shown(name)) for row, name in names)]
        chosen = np.flatnonzero(numbers >= 0)
        return Rows(
            numbers[chosen],
            rows.time_us[chosen],
            rows.value[chosen],
            rows.quality[chosen],
            tuple(sorted(refused, key=lambda refusal: refusal.row)),
            place[chosen],
        )

    def _index_of(self, known: Known) -> NameIndex:
        index = self._index
        if index is not None and self._known is known:
            return index
        with self._lock:
            if self._index is None or self._known is not known:
                self._index, self._known = NameIndex(known.ids), known
            return self._index


def named(refused: Iterable[Refusal], known: Known | None) -> tuple[Refusal, ...]:
    """Return refusals of the station with names in place of numbers."""
    if known is None:
        return tuple(refused)
    return tuple(replace(one, sensor=_name(one.sensor, known)) for one in refused)


def _name(sensor: str, known: Known) -> str:
    return known.ids[int(sensor)] if sensor.isdecimal() and int(sensor) < len(known.ids) else sensor
