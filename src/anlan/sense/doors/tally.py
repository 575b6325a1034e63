"""What came from each source, counted: for the screen that shows how ingest is doing."""

import math
import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from anlan.sense.stream.batch import Refusal

UNKNOWN = "?"
"""Under this name stands what came from nobody who is registered: names made up by strangers cost no memory."""

_FADES_S = 60.0  # the rate is a mean that forgets: what is older than this weighs 1/e


@dataclass
class Count:
    """What came from one source since this process began.

    Attributes
    ----------
    messages, rows, bytes
        Messages; observations accepted; bytes as they came.
    refused
        Observations refused, by rule; a message refused as a whole counts one.
    held
        Times that a message had to wait because the quota was used up.
    last_received_us, last_at_us
        When something came last, and the newest moment of an observation accepted; None: nothing yet.
    per_s
        Observations a second, a mean over about the last minute as of ``last_received_us``.
    """

    door: str = ""
    messages: int = 0
    rows: int = 0
    bytes: int = 0
    held: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    last_received_us: int | None = None
    last_at_us: int | None = None
    per_s: float = 0.0

    @property
    def lag_s(self) -> float | None:
        """How far the newest observation lay behind its receipt, s."""
        if self.last_at_us is None or self.last_received_us is None:
            return None
        return (self.last_received_us - self.last_at_us) / 1e6

    def rate(self, now_us: int) -> float:
        """Return the observations a second of about the last minute, as of now."""
        if self.last_received_us is None:
            return 0.0
        return self.per_s * math.exp(-max(0.0, (now_us - self.last_received_us) / 1e6) / _FADES_S)


class Tally:
    """The counts of all sources; safe for many threads."""

    def __init__(self) -> None:
        self._counts: dict[str, Count] = {}
        self._lock = threading.Lock()

    def came(
        self,
        source: str,
        door: str,
        received_us: int,
        *,
        size: int,
        messages: int = 1,
        accepted: int = 0,
        newest_us: int | None = None,
        refused: Iterable[Refusal] = (),
    ) -> None:
        """Count messages that were dealt with."""
        with self._lock:
            count = self._counts.setdefault(source, Count())
            count.per_s = count.rate(received_us) + accepted / _FADES_S
            count.door, count.last_received_us = door, received_us
            count.messages += messages
            count.bytes += size
            count.rows += accepted
            if newest_us is not None:
                count.last_at_us = newest_us if count.last_at_us is None else max(count.last_at_us, newest_us)
            count.refused.update(refusal.rule for refusal in refused)

    def held(self, source: str) -> None:
        """Count a message that had to wait."""
        with self._lock:
            self._counts.setdefault(source, Count()).held += 1

    def of(self, source: str) -> Count:
        """Return a copy of what was counted of one source."""
        with self._lock:
            count = self._counts.get(source, Count())
            return replace(count, refused=Counter(count.refused))

    def sources(self) -> tuple[str, ...]:
        """Return the names of all that something came from."""
        with self._lock:
            return tuple(self._counts)
