"""The MQTT client: gmqtt, taught to acknowledge late and many messages at once.

The library acknowledges by itself, at once or when a coroutine for each message has ended; a task for each message
and a system call for each acknowledgement cost more than all the rest. Here a message comes with its receipt, and who
got it gives the receipts back when the messages are durable, many in one write. Two handlers of the library are
replaced for that, which its own interface does not offer; tests with a broker hold them to what they promise.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

import gmqtt  # type: ignore[import-untyped]  # the library has no types
from gmqtt.mqtt.constants import MQTTCommands  # type: ignore[import-untyped]
from gmqtt.mqtt.package import CommandWithMidPacket  # type: ignore[import-untyped]

from anlan.sense.doors.config import Mqtt

NOTHING = 0
"""The receipt of a message at QoS 0: there is nothing to acknowledge."""

Arrived = Callable[[str, bytes, int], None]
"""Gets topic, payload and receipt."""

_NEVER = {"reconnect_retries": -2}  # the library compares its count of failures with it: it leaves connecting to us
_COMMAND = 16  # a receipt is the command that acknowledges above the packet's own number of 16 bits
_NUMBER = 0xFFFF

# What goes wrong is told by the door's state; the library would log each broken connection with its traceback.
logging.getLogger("gmqtt").setLevel(logging.CRITICAL)


class LateClient(gmqtt.Client):  # type: ignore[misc]  # the library has no types
    """A client that acknowledges nothing by itself, and does not connect again by itself."""

    def __init__(self, config: Mqtt, arrived: Arrived) -> None:
        super().__init__(
            config.client_id,
            clean_session=False,
            optimistic_acknowledgement=False,
            session_expiry_interval=config.session_s,
            receive_maximum=config.receive_maximum,
        )
        self.set_config(_NEVER)
        self._arrived = arrived
        self.on_message = self._unacknowledged
        handler = self._package_handler
        # MQTT 5.0, 4.3.2 and 4.3.3: QoS 1 is acknowledged by PUBACK, QoS 2 by PUBREC (the library goes on from there).
        handler._handle_qos_1_publish_packet = partial(self._received, int(MQTTCommands.PUBACK))  # noqa: SLF001
        handler._handle_qos_2_publish_packet = partial(self._received, int(MQTTCommands.PUBREC))  # noqa: SLF001

    def _received(self, command: int, number: int, payload: bytes, topic: str, _properties: Mapping[str, Any]) -> None:
        self._arrived(topic, payload, command << _COMMAND | number)

    def _unacknowledged(self, _client: Any, topic: str, payload: bytes, _qos: int, _properties: Any) -> None:
        self._arrived(topic, payload, NOTHING)

    def acknowledge(self, receipts: Iterable[int]) -> None:
        """Tell the broker of messages that are dealt with; on a connection that is gone there is nobody to tell."""
        if self._connection is None or self._connection.is_closing():
            return
        version = self._connection_state.protocol_version
        told = (
            CommandWithMidPacket.build_package(receipt >> _COMMAND, receipt & _NUMBER, False, proto_ver=version)
            for receipt in receipts
            if receipt
        )
        if packets := b"".join(told):
            self._connection.send_package(packets)
