"""The MQTT extension (18-088 clause 14), over a broker that stands beside: a bridge between its topics and the station.

A client publishes an Observation to the topic of a collection; the bridge hands it to the station, and acknowledges it
to the broker when it is durable, so that at QoS 1 nothing is lost when either stops. What was accepted, by whatever
door, is published to the same topics with its id. A message with an ``@iot.selfLink`` is such a telling and no new
observation; the bridge also asks the broker not to send back its own (MQTT 5, No Local).
"""

import asyncio
import queue
import ssl
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import gmqtt  # type: ignore[import-untyped]  # the library has no types
from gmqtt.mqtt.constants import MQTTv50  # type: ignore[import-untyped]

from anlan.kernel.access import Actor
from anlan.kernel.errors import AnlanError
from anlan.kernel.world import World
from anlan.sense.doors.state import DoorState, keep_open
from anlan.sense.sensorthings import given
from anlan.sense.sensorthings.changes import Changes
from anlan.sense.sensorthings.creating import drafted
from anlan.sense.sensorthings.house import House, house_of
from anlan.sense.sensorthings.sight import Sights
from anlan.sense.sensorthings.telling import Message, Teller
from anlan.sense.sensorthings.view import View
from anlan.sense.stream.admission import Receipt, Source
from anlan.sense.stream.batch import Batch
from anlan.sense.stream.log import Kind
from anlan.sense.stream.station import Station

_DEEPEST_ID = 4
"""Levels of a topic over which an id with slashes is looked for."""

_CONNECT_S = 10.0
_LOOK_EVERY_S = 0.2
_READ_AT_ONCE = 200
_NEVER = {"reconnect_retries": -2}  # the library compares its count of failures with it: it leaves connecting to us
_NEW_ONLY = 1  # MQTT 5.0, 3.8.3.1: retained messages are sent only if the subscription is new
_ACKNOWLEDGED = 0


@dataclass(frozen=True)
class MqttSettings:
    """Where the broker is, and who the bridge is to it.

    Attributes
    ----------
    base : str
        Address of the HTTP service, of which messages tell the links.
    session_s : int
        For how long the broker keeps messages while the bridge is away.
    selections : tuple of str
        Topics with a ``$select`` that are told.
    """

    base: str
    host: str = "127.0.0.1"
    port: int = 1883
    client_id: str = "anlan-sensorthings"
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: bool = False
    root: str = "v1.1"
    lang: str = "zh"
    session_s: int = 86_400
    selections: tuple[str, ...] = ()

    @property
    def topics(self) -> list[str]:
        """The topics to which observations are published."""
        levels = ["/".join(["+"] * depth) for depth in range(1, _DEEPEST_ID + 1)]
        return [f"{self.root}/Observations", *(f"{self.root}/{level}/Observations" for level in levels)]


class SensorThingsMqtt:
    """A bridge between a broker and the station of a world, which acts as one user.

    What clients may publish and read is the broker's to decide; the bridge hands in what its user may hand in, and
    tells what that user may read.

    Attributes
    ----------
    taken : int
        Observations that were accepted.
    refused : Counter
        How many were not, by the code of the reason.
    connected : Event
        Set while the connection stands.
    """

    def __init__(self, world: World, actor: Actor, settings: MqttSettings) -> None:
        self._world, self._actor, self._settings = world, actor, settings
        self._station = world.part(Station)
        self._sights = Sights()
        self.state = DoorState("sensorthings", "mqtt")
        self.refused: Counter[str] = Counter()
        self.taken = 0
        self.teller = Teller(settings.root, settings.selections, int(world.catalog.setting("sensorthings.most_told")))
        self.connected = threading.Event()
        self._changed: queue.SimpleQueue[Sequence[str]] = queue.SimpleQueue()
        self._position = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._begun = threading.Event()
        self._thread = threading.Thread(target=self._run, name="anlan-sensorthings-mqtt", daemon=True)

    # -- running ------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Connect and begin; what is accepted from now on is told."""
        self._position = self._station.log.end
        Changes.of(self._world).listen(self._changed.put)
        self._thread.start()
        self._begun.wait()

    def stop(self) -> None:
        """End; the broker keeps what comes in the meantime."""
        if not self._thread.is_alive():
            return
        if self._loop is not None and self._task is not None:
            self._loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join()
        Changes.of(self._world).forget(self._changed.put)

    def _run(self) -> None:
        with asyncio.Runner() as runner:
            self._loop = runner.get_loop()
            self._task = self._loop.create_task(keep_open(self._session, self.state))
            self._begun.set()
            try:
                self._loop.run_until_complete(self._task)
            except asyncio.CancelledError:
                self.connected.clear()

    async def _session(self) -> None:
        session = _Session(self._settings, self.receive)
        try:
            await session.open()
            self.state.opened()
            self.connected.set()
            while not session.lost.is_set():
                told = await asyncio.to_thread(self.messages)
                session.publish(told)
                if not told:
                    await asyncio.sleep(_LOOK_EVERY_S)
            self.state.lost()
        finally:
            self.connected.clear()
            await session.close()

    # -- receiving ----------------------------------------------------------------------------------------------

    def receive(self, topic: str, payload: bytes, done: Callable[[bool], None]) -> None:
        """Take a message; ``done`` is called with whether it may be acknowledged, by this thread or another."""
        try:
            told = given.an_object(given.document(payload), "payload")
            if "@iot.selfLink" in told:
                done(True)
                return
            path = topic.removeprefix(f"{self._settings.root}/")
            with self._world.read(self._actor, "sensor") as reader:
                source, rows = self._drafted(reader, path, told)
        except AnlanError as error:
            self.refused[error.code] += 1
            done(True)
            return
        self._station.take_soon(source, rows, lambda answer: done(self._counted(answer)))

    def _drafted(self, reader: Any, path: str, told: Any) -> tuple[Source, Any]:
        with house_of(self._world, reader, self._settings.lang) as house:
            rows = drafted(self._view(house, acting=True), path, told).rows()
            return Source(f"sensorthings-mqtt:{self._actor.id}", house.ingest_scope, self._actor.id), rows

    def _counted(self, answer: Receipt | Exception) -> bool:
        """Count what became of a message; what could not be made durable the broker shall send again."""
        if not isinstance(answer, Receipt):
            return False
        for refusal in answer.refused:
            self.refused[refusal.rule] += 1
        self.taken += answer.accepted
        return True

    # -- telling ------------------------------------------------------------------------------------------------

    def messages(self) -> list[Message]:
        """Return what there is to tell since the last time."""
        batch, changed = self._accepted(), self._changes()
        if not len(batch) and not changed:
            return []
        with (
            self._world.read(self._actor, "sensor") as reader,
            house_of(self._world, reader, self._settings.lang) as house,
        ):
            view = self._view(house)
            view.budget.most_answered = _MANY
            return [*self.teller.changed(view, changed), *self.teller.observed(view, batch)]

    def _accepted(self) -> Batch:
        """Return the rows that became durable since the last look."""
        log, parts = self._station.log, []
        self._position = max(self._position, log.begin)
        if log.end <= self._position:
            return Batch.empty()
        for number, record in enumerate(log.read(self._position), 1):
            self._position = record.position + 1
            if record.kind is Kind.OBSERVED:
                parts.append(record.batch)
            if number >= _READ_AT_ONCE:
                break
        return Batch.joined(parts)

    def _changes(self) -> list[str]:
        found: list[str] = []
        while not self._changed.empty():
            found += self._changed.get()
        return list(dict.fromkeys(found))

    def _view(self, house: House, *, acting: bool = False) -> View:
        return View.of(house, self._sights, self._settings.lang, self._settings.base, acting=acting)


_MANY = 2**62
"""No bound on what is told: the teller has its own."""


class _Session:
    """One connection from its beginning to its end; messages are taken one after the other, as they came."""

    def __init__(self, settings: MqttSettings, receive: Callable[[str, bytes, Callable[[bool], None]], None]) -> None:
        self._settings, self._receive = settings, receive
        self._loop = asyncio.get_running_loop()
        self.lost = asyncio.Event()
        self._pending: set[asyncio.Future[int]] = set()
        self._taking = ThreadPoolExecutor(1, "anlan-sensorthings-taking")
        # Acknowledging only when the handler is done is this library's word for it: not optimistic.
        self._client = gmqtt.Client(
            settings.client_id,
            clean_session=False,
            optimistic_acknowledgement=False,
            session_expiry_interval=settings.session_s,
        )
        self._client.set_config(_NEVER)
        self._client.on_message = self._arrived
        self._client.on_disconnect = lambda *_args: self.lost.set()

    async def open(self) -> None:
        """Connect, and ask for what is published."""
        settings = self._settings
        if settings.username is not None:
            self._client.set_auth_credentials(settings.username, settings.password)
        secure = ssl.create_default_context() if settings.tls else False
        connecting = self._client.connect(settings.host, settings.port, ssl=secure, version=MQTTv50)
        await asyncio.wait_for(connecting, _CONNECT_S)
        for topic in settings.topics:
            wish = gmqtt.Subscription(topic, qos=1, no_local=True, retain_handling_options=_NEW_ONLY)
            self._client.subscribe(wish)

    def publish(self, messages: Sequence[Message]) -> None:
        """Publish messages; at QoS 0, for they only tell."""
        for topic, body in messages:
            self._client.publish(topic, body, qos=0)

    async def _arrived(self, _client: Any, topic: str, payload: bytes, _qos: int, _properties: Any) -> int:
        """Take a message; the library acknowledges it when this is done."""
        future: asyncio.Future[int] = self._loop.create_future()
        self._pending.add(future)

        def settle(good: bool) -> None:
            self._pending.discard(future)
            if not good:
                self.lost.set()  # the broker sends again what is not acknowledged, but only on a new connection
                self._pending.add(future)
            elif not future.done():
                future.set_result(_ACKNOWLEDGED)

        def done(good: bool) -> None:
            if not self._loop.is_closed():
                self._loop.call_soon_threadsafe(settle, good)

        self._taking.submit(self._receive, topic, bytes(payload), done)
        return await future

    async def close(self) -> None:
        """End the connection before anything is settled: what was not acknowledged by now must not be."""
        self._taking.shutdown(wait=False, cancel_futures=True)
        try:
            await asyncio.wait_for(self._client.disconnect(), _CONNECT_S)
        except (OSError, TimeoutError, AttributeError):  # the library has no connection to close
            pass
        finally:
            for future in self._pending:
                if not future.done():
                    future.set_result(_ACKNOWLEDGED)  # it goes nowhere: the connection is closed
