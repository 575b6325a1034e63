"""The MQTT door: a client that acknowledges a message only when it is durable, or refused and counted.

At QoS 1 and 2 the broker keeps what is not acknowledged and sends it again after a broken connection: nothing that it
took from a device is lost between broker and log, and what comes twice is a duplicate, which the rules see once. At
QoS 0 nobody promises anything. While a source's quota is used up its messages are not acknowledged, so that they stay
with the broker; the receive maximum bounds how many are under way.
"""

import asyncio
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gmqtt  # type: ignore[import-untyped]  # the library has no types
from gmqtt.mqtt.constants import MQTTv50, MQTTv311  # type: ignore[import-untyped]

from anlan.sense.doors.config import Mqtt, Subscription
from anlan.sense.doors.intake import Intake
from anlan.sense.doors.late_client import LateClient
from anlan.sense.doors.mapping.topics import fits
from anlan.sense.doors.message import Message
from anlan.sense.doors.queue import SourceQueue, Why
from anlan.sense.doors.routing import route_of
from anlan.sense.doors.senders import Senders
from anlan.sense.doors.state import DoorState, keep_open

_CONNECT_S = 10.0
_VERSIONS = {"5": MQTTv50, "3.1.1": MQTTv311}
_NEW_ONLY = 1  # MQTT 5.0, 3.8.3.1: retained messages are sent only if the subscription is new
_REFUSED = 128
_KEEP = 65_536  # more than a broker may have under way
_TOPICS_REMEMBERED = 100_000


@dataclass(frozen=True)
class Credentials:
    """Who the door is to the broker; never shown."""

    username: str | None = None
    password: str | None = None

    def __repr__(self) -> str:
        return "Credentials(…)"


class MqttDoor:
    """One connection to a broker; runs on the doors' loop until it is cancelled."""

    def __init__(self, config: Mqtt, intake: Intake, senders: Senders, folder: Path) -> None:
        self.config, self.state = config, DoorState(config.name, "mqtt")
        self._intake, self._senders, self._folder = intake, senders, folder

    @property
    def mappings(self) -> set[str | None]:
        """The payload mappings that its subscriptions name."""
        return {one.mapping for one in self.config.subscriptions}

    async def run(self) -> None:
        """Connect, listen, and connect again when the connection is lost."""
        await keep_open(self._session, self.state)

    async def _session(self) -> None:
        await _Session(self, self._intake, self._senders).run(self._credentials(), self._tls())

    def _credentials(self) -> Credentials:
        found = [
            None if one is None else one.read(self._folder) for one in (self.config.username, self.config.password)
        ]
        return Credentials(*found)

    def _tls(self) -> ssl.SSLContext | bool:
        config = self.config
        if not config.address[2]:
            return False
        context = ssl.create_default_context(cafile=None if config.ca_file is None else self._folder / config.ca_file)
        if config.cert_file is not None:
            key = None if config.key_file is None else self._folder / config.key_file
            context.load_cert_chain(self._folder / config.cert_file, key)
        return context


class _Session:
    """One connection from its beginning to its end."""

    def __init__(self, door: MqttDoor, intake: Intake, senders: Senders) -> None:
        self._config, self._state, self._intake = door.config, door.state, intake
        self._loop = asyncio.get_running_loop()
        self._queue = SourceQueue[int](intake, senders, self._loop, self._settled, keep=_KEEP)
        self._client = LateClient(door.config, self._arrived)
        self._lost = asyncio.Event()
        self._routes: dict[str, tuple[str, str, str | None]] = {}
        self._now_us = 0

    async def run(self, credentials: Credentials, tls: ssl.SSLContext | bool) -> None:
        """Listen until the connection is lost, or a message could not be made durable."""
        config, client = self._config, self._client
        client.on_disconnect = lambda *_args: self._lost.set()
        client.on_subscribe = self._subscribed
        if credentials.username is not None:
            client.set_auth_credentials(credentials.username, credentials.password)
        host, port, _ = config.address
        try:
            async with asyncio.timeout(_CONNECT_S):
                await client.connect(
                    host, port, ssl=tls, keepalive=config.keepalive_s, version=_VERSIONS[config.version]
                )
            self._subscribe()
            self._state.opened()
            await self._lost.wait()
            self._state.lost()
        finally:
            await self._close()

    def _subscribe(self) -> None:
        """Ask for each subscription by itself, so that one that is refused does not hide among others."""
        handling = _NEW_ONLY if self._config.version == "5" else 0
        for one in self._config.subscriptions:
            self._client.subscribe(gmqtt.Subscription(one.filter, qos=one.qos, retain_handling_options=handling))

    def _subscribed(self, _client: Any, _mid: int, granted: tuple[int, ...], _properties: Mapping[str, Any]) -> None:
        if any(qos >= _REFUSED for qos in granted):
            self._state.failed(PermissionError("a subscription was refused by the broker"))

    async def _close(self) -> None:
        self._queue.close()
        try:
            async with asyncio.timeout(_CONNECT_S):
                await self._client.disconnect()
        except (OSError, TimeoutError, AttributeError):  # AttributeError: there never was a connection
            return

    def _arrived(self, topic: str, payload: bytes, receipt: int) -> None:
        """Have a message taken; it is acknowledged by its receipt when that is done."""
        source, form, mapping = self._routes.get(topic) or self._routed(topic)
        if not self._now_us:  # the same for all that is read from the wire at once
            self._now_us = self._intake.now_us()
            self._loop.call_soon(self._forget_time)
        message = Message(source, "mqtt", payload, self._now_us, form, mapping, topic)
        if source:
            self._queue.add(message, receipt)
        else:
            self._intake.stranger(message, "message.topic")
            self._client.acknowledge([receipt])

    def _forget_time(self) -> None:
        self._now_us = 0

    def _settled(self, receipts: Sequence[int], why: Why) -> None:
        if why == "done":
            self._client.acknowledge(receipts)
        elif why == "fault":
            self._lost.set()  # the broker sends again what is not acknowledged, but only on a new connection

    def _routed(self, topic: str) -> tuple[str, str, str | None]:
        """Return source, form and mapping of a topic; source empty if nobody knows it."""
        said = next((one for one in self._config.subscriptions if fits([one.topic], topic)), Subscription(topic=topic))
        own = route_of(topic)
        source = said.source or (own.source if own else "")
        form = said.form or (own.form if own else "")
        if len(self._routes) < _TOPICS_REMEMBERED:
            self._routes[topic] = (source, form, said.mapping)
        return source, form, said.mapping
