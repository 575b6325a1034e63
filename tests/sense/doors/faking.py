"""A station that keeps everything in a list, and says when it is durable."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from anlan.sense.doors.taker import Done
from anlan.sense.stream.admission import Receipt, Source
from anlan.sense.stream.batch import Refusal, Rows

Taken = tuple[str, str | int, int, float]


@dataclass
class FakeTaker:
    """Takes what comes from sensors that it knows (all, if it was told none).

    With ``hold`` set, what is taken soon waits until :meth:`release`; with ``fault`` it is not durable.
    """

    known: frozenset[str] | None = None
    hold: bool = False
    fault: Exception | None = None
    rows: list[Taken] = field(default_factory=list)
    messages: int = 0
    position: int = 0
    _held: list[tuple[Receipt, Done]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def registry(self) -> None:
        """Nothing is known of numbers here: names are left to :meth:`take`."""
        return

    def take(self, source: Source, rows: Rows) -> Receipt:
        with self._lock:
            place = np.arange(len(rows)) if rows.place is None else rows.place
            refused: list[Refusal] = list(rows.refused)
            accepted = 0
            columns = (list(rows.sensor), rows.time_us.tolist(), rows.value.tolist(), place.tolist())
            for sensor, at, value, where in zip(*columns, strict=True):
                if self.known is not None and sensor not in self.known:
                    refused.append(Refusal(where, "observation.sensor", "", str(sensor)))
                    continue
                accepted += 1
                self.rows.append((source.id, sensor, at, value))
            self.messages += 1
            self.position += 1
            return Receipt(self.position, accepted, tuple(sorted(refused, key=lambda refusal: refusal.row)))

    def take_soon(self, source: Source, rows: Rows, done: Done) -> None:
        if self.fault is not None:
            done(self.fault)
            return
        receipt = self.take(source, rows)
        with self._lock:
            if self.hold:
                self._held.append((receipt, done))
                return
        threading.Thread(target=done, args=(receipt,)).start()

    def release(self) -> None:
        """Say of everything held that it is durable."""
        with self._lock:
            held, self._held, self.hold = self._held, [], False
        for receipt, done in held:
            done(receipt)

    def values(self, source: str | None = None) -> list[float]:
        """Return what was taken, in its order."""
        with self._lock:
            return [value for who, _, _, value in self.rows if source in {None, who}]


def distinct(values: Iterable[float]) -> list[float]:
    return sorted(set(values))
