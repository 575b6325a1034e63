"""The two clocks: a real one, and a simulated one that a drill or a replay can drive.

This is the only module that reads the system clock.
"""

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """What a world knows of time."""

    @property
    def simulated(self) -> bool:
        """Whether this time is played, not lived."""
        ...

    def now(self) -> datetime:
        """Return the present moment, zone-aware UTC."""
        ...

    def wait(self, until: datetime, wake: threading.Event) -> None:
        """Sleep until that moment, or until ``wake`` is set."""
        ...


class RealClock:
    """The clock on the wall."""

    simulated = False

    def now(self) -> datetime:
        """Return the system's time in UTC."""
        return datetime.now(UTC)

    def wait(self, until: datetime, wake: threading.Event) -> None:
        """Sleep until that moment, or until ``wake`` is set."""
        wake.wait(max(0.0, (until - self.now()).total_seconds()))


class SimClock:
    """A clock that starts anywhere, runs at any speed, pauses, and can be stepped.

    Speed 0 stands still, so that only :meth:`advance_to` moves it: this is the deterministic mode.
    Speed 60 shows an hour in a minute.
    """

    simulated = True

    def __init__(self, start: datetime, speed: float = 0.0) -> None:
        if start.tzinfo is None:
            raise ValueError("a simulated clock needs a zone-aware start")
        self._lock = threading.Lock()
        self._base = start.astimezone(UTC)
        self._mark = time.monotonic()
        self._speed = speed
        self._paused = False
        self._hold: datetime | None = None

    @property
    def speed(self) -> float:
        """Simulated seconds in one second of the wall clock."""
        return self._speed

    @property
    def paused(self) -> bool:
        """Whether the clock stands still until resumed."""
        return self._paused

    def now(self) -> datetime:
        """Return the simulated moment in UTC."""
        with self._lock:
            return self._now()

    def _now(self) -> datetime:
        if self._paused or self._speed == 0:
            return self._base
        moment = self._base + timedelta(seconds=(time.monotonic() - self._mark) * self._speed)
        return moment if self._hold is None else max(self._base, min(moment, self._hold))

    def _rebase(self) -> None:
        self._base, self._mark = self._now(), time.monotonic()

    def set_speed(self, speed: float) -> None:
        """Run at another speed from now on; 0 stands still."""
        if speed < 0:
            raise ValueError("time does not run backwards")
        with self._lock:
            self._rebase()
            self._speed = speed

    def pause(self) -> None:
        """Stand still until :meth:`resume`."""
        with self._lock:
            self._rebase()
            self._paused = True

    def resume(self) -> None:
        """Run on from where it stood."""
        with self._lock:
            self._rebase()
            self._paused = False

    def hold_at(self, moment: datetime | None) -> None:
        """Do not run past a moment until told another: what is due then gets the time that it takes."""
        with self._lock:
            self._rebase()
            self._hold = moment

    def advance_to(self, moment: datetime) -> None:
        """Jump forward; a moment that has passed already leaves the clock alone."""
        with self._lock:
            self._base = max(self._now(), moment.astimezone(UTC))
            self._mark = time.monotonic()

    def wait(self, until: datetime, wake: threading.Event) -> None:
        """Sleep in wall time until the simulated moment comes, or until ``wake`` is set."""
        if self._paused or self._speed == 0:
            wake.wait(0.2)
            return
        wake.wait(min(1.0, max(0.0, (until - self.now()).total_seconds() / self._speed)))


def stopwatch() -> float:
    """Return seconds of a clock that only goes forward, for measuring how long something took."""
    return time.perf_counter()
