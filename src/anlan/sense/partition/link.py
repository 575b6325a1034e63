"""A connection to NATS for threads that know nothing of event loops.

A connection that is lost is not mended here: what was on its way may or may not have arrived, and only looking at the
streams anew tells. Everything that waits is told so, and the process begins again.
"""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import nats
from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.api import DiscardPolicy, StorageType, StreamConfig
from nats.js.errors import NotFoundError

from anlan.sense.stream.segments import LogFault

_T = TypeVar("_T")


class Link:
    """One connection, served by a thread of its own.

    Parameters
    ----------
    url
        ``nats://…`` or ``tls://…``; several by commas.
    credentials
        A credentials file of the server's operator.
    timeout_s
        How long an answer may take, s.

    Raises
    ------
    LogFault
        ``log.unreachable`` if nobody answers.
    """

    def __init__(self, url: str, *, credentials: Path | None = None, timeout_s: float = 10.0) -> None:
        self._timeout_s = timeout_s
        self._listeners: list[Callable[[str], None]] = []
        self.lost = ""
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, name="anlan-nats", daemon=True)
        self._thread.start()
        self._closing = False
        try:
            self.client: Client = self._wait(self._connect(url, credentials))
        except Exception as error:
            self._stop_loop()
            raise LogFault("log.unreachable", value=url, params={"reason": f"{error}"}) from error
        self.streams: JetStreamContext = self.client.jetstream(timeout=timeout_s)

    async def _connect(self, url: str, credentials: Path | None) -> Client:
        return await nats.connect(
            url.split(","),
            allow_reconnect=False,
            closed_cb=self._closed,
            error_cb=self._failed,
            user_credentials=None if credentials is None else str(credentials),
        )

    async def _failed(self, error: Exception) -> None:
        self._tell(f"{error!r}")

    async def _closed(self) -> None:
        self._tell("the connection was closed")

    def _tell(self, reason: str) -> None:
        if not self._closing and not self.lost:
            self.lost = reason
            for listener in self._listeners:
                listener(reason)

    def on_loss(self, listener: Callable[[str], None]) -> None:
        """Call a function when the connection is lost; at once if it is lost already."""
        self._listeners.append(listener)
        if self.lost:
            listener(self.lost)

    def _wait(self, work: Coroutine[Any, Any, _T], timeout_s: float | None = None) -> _T:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(timeout_s or self._timeout_s)

    def run(self, work: Awaitable[_T], timeout_s: float | None = None) -> _T:
        """Do something on the connection and return what it gives.

        Parameters
        ----------
        timeout_s
            How long it may take, if not what any answer may, s.

        Raises
        ------
        LogFault
            ``log.unreachable`` if the connection is lost or nobody answers in time.
        """

        async def awaited() -> _T:
            return await work

        try:
            return self._wait(awaited(), timeout_s)
        except (nats.errors.Error, TimeoutError) as error:
            if isinstance(error, nats.js.errors.APIError):
                raise
            reason = self.lost or f"{error!r}"
            raise LogFault("log.unreachable", value="NATS", params={"reason": reason}) from error

    def found(self, name: str, subjects: list[str], *, replicas: int = 1, duplicates_s: float = 120.0) -> None:
        """Make a stream if it is not there; one that is there stays as its operator made it."""
        try:
            self.run(self.streams.stream_info(name))
        except NotFoundError:
            form = StreamConfig(
                name=name,
                subjects=subjects,
                storage=StorageType.FILE,
                discard=DiscardPolicy.NEW,  # a full log refuses: it never forgets what nobody has folded
                num_replicas=replicas,
                duplicate_window=duplicates_s,
            )
            self.run(self.streams.add_stream(form))

    def close(self) -> None:
        """Let go of the connection."""
        self._closing = True
        if not self.client.is_closed:
            self._wait(self.client.close())
        self._stop_loop()

    def _stop_loop(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()
