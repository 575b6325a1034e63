"""The NATS door: a durable pull consumer of a JetStream stream, whose messages are acknowledged when they are durable.

While a source's quota is used up its messages wait here, not acknowledged; the consumer's limit of pending messages
bounds how many. One that waits longer than the server does is sent again, which makes a duplicate. One that could not
be made durable is given back; it may then come after newer ones of its sensor, which the rules count as late.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nats
from nats.errors import Error as NatsError
from nats.js.api import AckPolicy, ConsumerConfig

from anlan.sense.doors.config import Nats
from anlan.sense.doors.intake import Intake
from anlan.sense.doors.message import Message
from anlan.sense.doors.queue import SourceQueue, Why
from anlan.sense.doors.routing import route_of
from anlan.sense.doors.senders import Senders
from anlan.sense.doors.state import DoorState, keep_open

_CONNECT_S = 10
_FETCH_S = 1.0
_RECONNECT_S = 0.2
_ACK_WAIT_S = 60.0  # JetStream's own default is 30 s
_AGAIN_S = 5.0


class NatsDoor:
    """One consumer of one stream; runs on the doors' loop until it is cancelled."""

    def __init__(self, config: Nats, intake: Intake, senders: Senders, folder: Path) -> None:
        self.config, self.state = config, DoorState(config.name, "nats")
        self._intake, self._senders, self._folder = intake, senders, folder
        self._answers: set[asyncio.Task[None]] = set()

    @property
    def mappings(self) -> set[str | None]:
        """The payload mapping that it names."""
        return {self.config.mapping}

    async def run(self) -> None:
        """Connect, fetch, and connect again when the connection is lost."""
        await keep_open(self._session, self.state)

    async def _session(self) -> None:
        config = self.config
        lost = asyncio.Event()

        async def closed() -> None:
            lost.set()

        async def said(_error: Exception) -> None:
            return

        secrets: dict[str, Any] = {}
        if config.username is not None:
            secrets["user"] = config.username.read(self._folder)
        if config.password is not None:
            secrets["password"] = config.password.read(self._folder)
        connection = await nats.connect(
            config.url,
            allow_reconnect=False,
            max_reconnect_attempts=1,  # of the first connection; a server that is away is asked again by the door
            reconnect_time_wait=_RECONNECT_S,
            connect_timeout=_CONNECT_S,
            disconnected_cb=closed,
            closed_cb=closed,
            error_cb=said,
            **secrets,
        )
        loop = asyncio.get_running_loop()
        queue = SourceQueue[Any](self._intake, self._senders, loop, self._settled, keep=10 * config.pending)
        try:
            consumer = ConsumerConfig(
                ack_policy=AckPolicy.EXPLICIT, ack_wait=_ACK_WAIT_S, max_ack_pending=config.pending
            )
            stream = connection.jetstream()
            pulling = await stream.pull_subscribe(config.subject, config.durable, config.stream, config=consumer)
            self.state.opened()
            while not lost.is_set():
                await self._fetch(pulling, queue)
            self.state.lost()
        finally:
            queue.close()
            await connection.close()

    async def _fetch(self, pulling: Any, queue: SourceQueue[Any]) -> None:
        try:
            found = await pulling.fetch(self.config.fetch, timeout=_FETCH_S)
        except TimeoutError:
            return
        for one in found:
            self._arrived(one, queue)

    def _arrived(self, one: Any, queue: SourceQueue[Any]) -> None:
        own = route_of(one.subject)
        source = self.config.source or (own.source if own else "")
        form = self.config.form or (own.form if own else "")
        received_us = self._intake.now_us()
        message = Message(source, "nats", one.data, received_us, form, self.config.mapping, one.subject)
        if source:
            queue.add(message, one)
        else:
            self._intake.stranger(message, "message.topic")
            self._settled([one], "done")

    def _settled(self, some: Sequence[Any], why: Why) -> None:
        """Acknowledge, or give back."""
        task = asyncio.get_running_loop().create_task(_answered(some, why))
        self._answers.add(task)
        task.add_done_callback(self._answers.discard)


async def _answered(some: Sequence[Any], why: Why) -> None:
    try:
        for one in some:
            await (one.ack() if why == "done" else one.nak(delay=_AGAIN_S))
    except (OSError, NatsError):
        return  # the connection is gone: the server sends the messages again
