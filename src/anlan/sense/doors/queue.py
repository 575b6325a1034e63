"""Messages that wait on a door's loop: gathered by source, offered to the intake, held while a quota is used up."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Generic, Literal, TypeVar

from anlan.sense.doors.intake import Intake
from anlan.sense.doors.message import Message
from anlan.sense.doors.senders import Senders

Token = TypeVar("Token")
"""By what a door knows a message again."""

Why = Literal["done", "fault", "wait"]
"""Of a message: it is dealt with and may be acknowledged; it could not be made durable; there was no room for it."""

_GATHER_S = 0.005  # long enough that singles share a record of the log, far below what anybody notices
_AT_ONCE, _BYTES_AT_ONCE = 2000, 8_000_000
_LOOK_AGAIN_S = 1.0


@dataclass
class _Waiting(Generic[Token]):
    """The messages of one source, oldest first, and the timer that looks at them next."""

    messages: deque[Message] = field(default_factory=deque)
    tokens: deque[Token] = field(default_factory=deque)
    timer: asyncio.TimerHandle | None = None


class SourceQueue(Generic[Token]):
    """Hands messages on, each source in its own order; used from the door's loop alone.

    Parameters
    ----------
    settle
        Told what became of messages, on the loop.
    keep
        How many messages of one source may wait; beyond it the oldest is settled with ``wait``.
    """

    def __init__(
        self,
        intake: Intake,
        senders: Senders,
        loop: asyncio.AbstractEventLoop,
        settle: Callable[[Sequence[Token], Why], None],
        keep: int,
    ) -> None:
        self._intake, self._senders, self._loop, self._settle, self._keep = intake, senders, loop, settle, keep
        self._sources: dict[str, _Waiting[Token]] = {}
        self._closed = False

    def add(self, message: Message, token: Token) -> None:
        """Have a message taken soon, together with others of its source."""
        waiting = self._sources.get(message.source)
        if waiting is None:
            waiting = self._sources[message.source] = _Waiting()
        waiting.messages.append(message)
        waiting.tokens.append(token)
        count = len(waiting.messages)
        if count > self._keep:
            waiting.messages.popleft()
            self._settle([waiting.tokens.popleft()], "wait")
        if waiting.timer is None:
            self._look(message.source, waiting, _GATHER_S)
        elif count == _AT_ONCE and waiting.timer.when() < self._loop.time() + _GATHER_S:
            waiting.timer.cancel()
            self._look(message.source, waiting, 0.0)

    def _look(self, source: str, waiting: _Waiting[Token], after_s: float) -> None:
        waiting.timer = self._loop.call_later(after_s, self._offer, source, waiting)

    def _offer(self, source: str, waiting: _Waiting[Token]) -> None:
        waiting.timer = None
        if self._closed:
            return
        messages = _first(waiting.messages)
        tokens = [waiting.tokens.popleft() for _ in messages]
        sender = self._senders.find(source)
        if sender is None:
            for message in messages:
                self._intake.stranger(message)
            self._settle(tokens, "done")
        else:
            wait_s = self._intake.take_soon(messages, sender, partial(self._finished, tokens))
            if wait_s > 0:
                waiting.messages.extendleft(reversed(messages))
                waiting.tokens.extendleft(reversed(tokens))
                self._look(source, waiting, min(wait_s, _LOOK_AGAIN_S))
                return
        if waiting.messages:
            self._look(source, waiting, 0.0)
        else:
            self._sources.pop(source, None)

    def _finished(self, tokens: list[Token], error: Exception | None) -> None:
        """Pass the word to the loop; called from the thread that made the messages durable."""
        try:
            self._loop.call_soon_threadsafe(self._settle, tokens, "done" if error is None else "fault")
        except RuntimeError:  # the loop has ended: nothing is acknowledged, and the sender sends again
            return

    def close(self) -> None:
        """Offer nothing more; what waits is not acknowledged."""
        self._closed = True
        for waiting in self._sources.values():
            if waiting.timer is not None:
                waiting.timer.cancel()
        self._sources.clear()


def _first(waiting: deque[Message]) -> list[Message]:
    """Take the messages that are offered together: at least one, and not too many or too large."""
    messages: list[Message] = []
    size = 0
    while waiting and len(messages) < _AT_ONCE and (not messages or size + len(waiting[0].payload) <= _BYTES_AT_ONCE):
        size += len(waiting[0].payload)
        messages.append(waiting.popleft())
    return messages
