"""The bridges that ``doors.yaml`` asks for, opened and closed with the server."""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from anlan.kernel.world import World
from anlan.sense.doors.config import Bridge, read_config

if TYPE_CHECKING:
    from anlan.sense.sensorthings.mqtt import MqttSettings, SensorThingsMqtt

_PORTS = {"mqtt": 1883, "mqtts": 8883}


class Bridges:
    """The MQTT side of SensorThings of one world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._open: list[SensorThingsMqtt] = []

    def start(self) -> None:
        """Open all that are on.

        Raises
        ------
        Invalid
            If the file does not hold, or a secret is not where it says.
        NotFound
            If there is no such user.
        """
        asked = [one for one in read_config(self._world.folder).sensorthings if one.on]
        if asked:  # the library is loaded only where it is needed
            from anlan.sense.sensorthings.mqtt import SensorThingsMqtt  # noqa: PLC0415

            for one in asked:
                bridge = SensorThingsMqtt(self._world, self._world.actor(one.user), self._settings(one))
                bridge.start()
                self._open.append(bridge)

    def stop(self) -> None:
        """Close them."""
        for bridge in self._open:
            bridge.stop()
        self._open = []

    def _settings(self, one: Bridge) -> "MqttSettings":
        from anlan.sense.sensorthings.mqtt import MqttSettings  # noqa: PLC0415

        url, folder = urlsplit(one.url), self._world.folder
        return MqttSettings(
            one.base,
            host=url.hostname or "",
            port=url.port or _PORTS[url.scheme],
            client_id=one.client_id,
            username=None if one.username is None else one.username.read(folder),
            password=None if one.password is None else one.password.read(folder),
            tls=url.scheme == "mqtts",
            root=one.root,
            lang=one.lang,
        )
