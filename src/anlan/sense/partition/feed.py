"""Reading a stream of JetStream from a position on: one ask for a bounded number of messages is always open."""

import json
import threading
from collections import deque

from nats.aio.msg import Msg
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy

from anlan.sense.partition.link import Link
from anlan.sense.stream.records import Record, unpack
from anlan.sense.stream.segments import LogFault

_AT_ONCE = 256  # messages asked for together; of 1 000 rows they take 5 MB
_OPEN_S = 5
_FORGET_S = 60.0  # after so long without us the server forgets that we read
_NOTHING_YET = ("404", "408", "409")


class Feed:
    """Records of a stream, in order and without a gap.

    Parameters
    ----------
    position
        Sequence number of the first one wanted; it must be there, or be the next to come.
    """

    def __init__(self, link: Link, stream: str, position: int) -> None:
        self._link, self._stream, self.next = link, stream, position
        self._state = threading.Condition()
        self._held: deque[Record] = deque()
        self._expected, self._wanted, self._fault = position, 0, ""
        link.on_loss(self._fail)
        link.run(self._open(position))

    async def _open(self, position: int) -> None:
        client = self._link.client
        form = ConsumerConfig(
            deliver_policy=DeliverPolicy.BY_START_SEQUENCE,
            opt_start_seq=position,
            ack_policy=AckPolicy.NONE,
            inactive_threshold=_FORGET_S,
        )
        info = await self._link.streams.add_consumer(self._stream, form)
        self._ask_at = f"$JS.API.CONSUMER.MSG.NEXT.{self._stream}.{info.name}"
        self._inbox = client.new_inbox()
        self._subscription = await client.subscribe(self._inbox, cb=self._hear)
        await self._ask()

    async def _ask(self) -> None:
        with self._state:
            if self._wanted or len(self._held) >= _AT_ONCE or self._fault:
                return
            self._wanted = _AT_ONCE
        ask = {"batch": _AT_ONCE, "expires": _OPEN_S * 10**9}
        await self._link.client.publish(self._ask_at, json.dumps(ask).encode(), reply=self._inbox)

    async def _hear(self, message: Msg) -> None:
        status = (message.headers or {}).get("Status")
        if status is None:
            self._take(message)
        elif status in _NOTHING_YET:
            with self._state:
                self._wanted = 0
        else:
            self._fail(f"status {status}")
        await self._ask()

    def _take(self, message: Msg) -> None:
        sequence = message.metadata.sequence.stream
        record = unpack(message.data, sequence)
        with self._state:
            if sequence != self._expected:
                self._fault = self._fault or f"message {sequence} came where {self._expected} was due"
            elif record is None:
                self._fault = self._fault or f"message {sequence} is damaged"
            else:
                self._expected += 1
                self._wanted -= 1
                self._held.append(record)
            self._state.notify_all()

    def _fail(self, reason: str) -> None:
        with self._state:
            self._fault = self._fault or reason
            self._state.notify_all()

    def take(self, wait_s: float, most: int = _AT_ONCE) -> list[Record]:
        """Return the next records, waiting for the first of them for so long; none if none came.

        Raises
        ------
        LogFault
            ``log.feed`` if the connection is lost, a message is damaged, or one is missing.
        """
        with self._state:
            self._state.wait_for(lambda: self._held or self._fault, wait_s)
            found = [self._held.popleft() for _ in range(min(most, len(self._held)))]
            if not found and self._fault:
                raise LogFault("log.feed", value=self._stream, params={"reason": self._fault})
            drained = not self._wanted and len(self._held) < _AT_ONCE
        if drained:
            self._link.run(self._ask())
        if found:
            self.next = found[-1].position + 1
        return found

    def close(self) -> None:
        """Stop reading."""
        if not self._link.lost:
            self._link.run(self._subscription.unsubscribe())
