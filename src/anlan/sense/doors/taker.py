"""What the doors ask of the station."""

from collections.abc import Callable, Sequence
from typing import Protocol

from anlan.sense.stream.admission import Receipt, Source
from anlan.sense.stream.batch import Rows

Done = Callable[[Receipt | Exception], None]


class Known(Protocol):
    """A snapshot of the sensors that are known."""

    @property
    def ids(self) -> Sequence[str]:
        """Their names; the place of each is its number."""
        ...


class Taker(Protocol):
    """Takes messages into the log; what it says it accepted is durable."""

    @property
    def registry(self) -> Known | None:
        """The sensors that are known, replaced as a whole when they change; None: names are left to the taker."""
        ...

    def take(self, source: Source, rows: Rows) -> Receipt:
        """Take a message; what is accepted is durable on return."""
        ...

    def take_soon(self, source: Source, rows: Rows, done: Done) -> None:
        """Take a message without waiting; ``done`` is called, from another thread or this one, when it is durable."""
        ...
