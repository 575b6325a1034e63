"""How a door is doing, for people; and how long it waits before it knocks again."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Literal, Protocol

from anlan.kernel.errors import AnlanError

_FIRST_S, _LONGEST_S = 0.5, 30.0


@dataclass
class DoorState:
    """One door: whether it is open, how often it was, and what went wrong last."""

    name: str
    kind: Literal["mqtt", "nats", "watch"]
    open: bool = False
    opened_count: int = 0
    error: str = ""

    def opened(self) -> None:
        """Note that the connection stands."""
        self.open, self.error = True, ""
        self.opened_count += 1

    def lost(self) -> None:
        """Note that the connection is gone."""
        self.open = False

    def failed(self, error: BaseException) -> None:
        """Note what went wrong; errors of connections name addresses and codes, and no secrets."""
        self.open = False
        self.error = error.code if isinstance(error, AnlanError) else f"{type(error).__name__}: {error}"[:200]


class Door(Protocol):
    """A door that stands open on the doors' loop."""

    state: DoorState

    @property
    def mappings(self) -> set[str | None]:
        """The payload mappings that it names."""
        ...

    async def run(self) -> None:
        """Stand open until cancelled."""
        ...


def backoff() -> Iterator[float]:
    """Yield how long to wait before each next attempt, s: twice as long each time, up to half a minute."""
    wait_s = _FIRST_S
    while True:
        yield wait_s
        wait_s = min(2 * wait_s, _LONGEST_S)


async def keep_open(session: Callable[[], Awaitable[None]], state: DoorState) -> None:
    """Run a session again and again, waiting longer each time that it fails; until cancelled."""
    waits = backoff()
    while True:
        try:
            await session()
            waits = backoff()
        except Exception as error:  # noqa: BLE001  # whatever went wrong, a door must not stay shut for good
            state.failed(error)
        await asyncio.sleep(next(waits))
