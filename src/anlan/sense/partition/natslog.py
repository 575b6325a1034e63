"""The log of observations as a stream of NATS JetStream: a message is a record, its sequence number the position.

A publish is acknowledged by the server when it has stored the message. What "stored" survives is the server's to say:
see `docs/decisions/0043-nats-partitions.md` for ``sync_interval`` and replicas.
"""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

from nats.aio.msg import Msg
from nats.js.errors import NotFoundError

from anlan.kernel.errors import Invalid
from anlan.sense.partition.feed import Feed
from anlan.sense.partition.link import Link
from anlan.sense.stream.batch import Batch
from anlan.sense.stream.records import Kind, Record, draft, pack, unpack
from anlan.sense.stream.segments import LogFault

_MOST_UNDERWAY = 1024
_MOST_BYTES = 1 << 25
# Messages, and bytes of them, without an answer before an appender waits.
_READ_WAIT_S = 5.0


class NatsLog:
    """The protocol of :class:`anlan.sense.stream.log.Log` over one subject with a stream of its own.

    Parameters
    ----------
    subject
        What is published to; the stream has the same name with ``_`` for ``.`` and takes ``subject.>`` as well.
    sender
        Last part of the subject under which this one publishes; empty: the subject itself.
    sole
        Nobody else appends: positions are exact, and the server refuses a second writer. Otherwise a position that
        :meth:`append` returns is the least that the record can have.
    ack_s
        How long an answer may take before the log gives up, s.
    """

    def __init__(
        self,
        link: Link,
        subject: str,
        *,
        sender: str = "",
        sole: bool = True,
        replicas: int = 1,
        ack_s: float = 30.0,
    ) -> None:
        self._link, self._sole, self._ack_s = link, sole, ack_s
        self.name = subject.replace(".", "_")
        self._subject = f"{subject}.{sender}" if sender else subject
        link.found(self.name, [subject, f"{subject}.>"], replicas=replicas)
        self._state = threading.Condition()
        self._next = self._last() + 1
        self._underway: dict[int, int] = {}  # bytes by position, in order
        self._bytes = 0
        self._fault = ""
        self._feed: Feed | None = None
        self._inbox = link.client.new_inbox()
        self._subscription = link.run(link.client.subscribe(f"{self._inbox}.*", cb=self._answered))
        link.on_loss(self._fail)

    def _info(self) -> tuple[int, int]:
        state = self._link.run(self._link.streams.stream_info(self.name)).state
        return state.first_seq, state.last_seq

    def _last(self) -> int:
        return self._info()[1]

    @property
    def begin(self) -> int:
        """Position of the first record that is kept."""
        return max(1, self._info()[0])

    @property
    def end(self) -> int:
        """Position that the next record will have, as far as is known here."""
        return max(self._next, self._last() + 1)

    @property
    def written(self) -> int:
        """Position that the next record of this writer will have."""
        return self._next

    def append(
        self,
        kind: Kind,
        batch: Batch,
        *,
        received_us: int,
        source: str,
        origin: int = 0,
        note: bytes = b"",
        key: str = "",
    ) -> int:
        """Take a record and return its position; it is stored after :meth:`sync` only.

        Parameters
        ----------
        key
            What the server knows the record by: a second one with it, within the stream's window, is dropped.

        Raises
        ------
        Invalid
            ``log.record_size`` if the server takes no message of this size.
        LogFault
            ``log.failed`` if something could not be stored; ask the stream anew what is there.
        """
        data = pack(draft(kind, batch, received_us=received_us, source=source, origin=origin, note=note))
        most = self._link.client.max_payload
        if len(data) > most:
            raise Invalid("log.record_size", value=len(data), params={"most": most})
        with self._state:
            if self._crowded(1):
                self._await(lambda: not self._crowded(2))
            self._refuse_if_broken()
            position = self._next
            self._next += 1
            self._underway[position] = len(data)
            self._bytes += len(data)
            self._link.loop.call_soon_threadsafe(self._post, position, data, key)
        return position

    def _crowded(self, parts: int) -> bool:
        return len(self._underway) >= _MOST_UNDERWAY // parts or self._bytes >= _MOST_BYTES // parts

    def _post(self, position: int, data: bytes, key: str) -> None:
        # Tasks of one loop start in the order in which they are made, and publishing does not yield before its bytes
        # stand in the connection's buffer: messages leave in the order of their positions.
        self._link.loop.create_task(self._publish(position, data, key)).add_done_callback(self._posted)

    async def _publish(self, position: int, data: bytes, key: str) -> None:
        headers = {"Nats-Msg-Id": key} if key else {}
        if self._sole:
            headers["Nats-Expected-Last-Sequence"] = str(position - 1)
        await self._link.client.publish(self._subject, data, f"{self._inbox}.{position}", headers or None)

    def _posted(self, task: asyncio.Task[None]) -> None:
        if (error := task.exception()) is not None:
            self._fail(f"{error!r}")

    async def _answered(self, message: Msg) -> None:
        position = int(message.subject.rsplit(".", 1)[1])
        nobody = {"error": {"description": "nobody stores this subject"}}
        answer: dict[str, Any] = json.loads(message.data) if message.data else nobody
        if "error" in answer:
            self._fail(str(answer["error"].get("description")))
        elif answer["seq"] != position and self._sole and not answer.get("duplicate"):
            self._fail(f"record {position} was stored as {answer['seq']}")
        with self._state:
            self._bytes -= self._underway.pop(position, 0)
            self._next = max(self._next, int(answer.get("seq", 0)) + len(self._underway) + 1)
            self._state.notify_all()

    def _fail(self, reason: str) -> None:
        with self._state:
            self._fault = self._fault or reason
            self._state.notify_all()

    def _refuse_if_broken(self) -> None:
        if self._fault:
            raise LogFault("log.failed", value=self.name, params={"reason": self._fault})

    def _await(self, done: Callable[[], bool]) -> None:
        """Wait, holding the lock, until something is so; a server that answers nothing any more is a fault."""
        while not done() and not self._fault:
            before = len(self._underway)
            if not self._state.wait(self._ack_s) and len(self._underway) == before:
                self._fault = f"no answer within {self._ack_s} s"
        self._refuse_if_broken()

    def sync(self, position: int) -> None:
        """Return when everything up to and with a position is stored.

        Raises
        ------
        ValueError
            If there is no such record.
        LogFault
            ``log.failed`` if the server refused it or did not answer.
        """
        with self._state:
            if position >= self._next:
                raise ValueError(f"the log has no record {position} yet")
            self._await(lambda: not self._underway or next(iter(self._underway)) > position)

    def read(self, position: int) -> Iterator[Record]:
        """Return an iterator over the records that are stored now, from a position on.

        Raises
        ------
        LogFault
            ``log.trimmed`` if the position has been forgotten; ``log.feed`` if the stream is damaged or out of reach.
        """
        first, last = self._info()
        if position < first:
            raise LogFault("log.trimmed", value=position, params={"begin": first})
        return self._read(position, last) if position <= last else iter(())

    def _read(self, position: int, last: int) -> Iterator[Record]:
        feed, self._feed = self._feed, None
        if feed is None or feed.next != position:
            if feed is not None:
                feed.close()
            feed = Feed(self._link, self.name, position)
        while feed.next <= last:
            found = feed.take(_READ_WAIT_S, last - feed.next + 1)
            if not found:
                raise LogFault("log.feed", value=self.name, params={"reason": "nothing came"})
            yield from found
        self._feed = feed

    def follow(self, position: int) -> Feed:
        """Return a feed of the records from a position on, those that are yet to come as well."""
        first = self._info()[0]
        if position < first:
            raise LogFault("log.trimmed", value=position, params={"begin": first})
        return Feed(self._link, self.name, position)

    def newest(self) -> Record | None:
        """Return the last record that this sender stored; None if there is none."""
        try:
            message = self._link.run(self._link.streams.get_last_msg(self.name, self._subject))
        except NotFoundError:
            return None
        return unpack(message.data or b"", message.seq or 0)

    def trim(self, position: int) -> None:
        """Forget what lies before a position."""
        self._link.run(self._link.streams.purge_stream(self.name, seq=min(position, self._last())))

    def close(self) -> None:
        """Wait for what is on its way, and let go."""
        if self._link.lost:
            return
        if not self._fault and self._underway:
            self.sync(self._next - 1)
        if self._feed is not None:
            self._feed.close()
        self._link.run(self._subscription.unsubscribe())
