"""All doors of a world: what they share, and the threads on which they stand open."""

import asyncio
import threading

from anlan.kernel.world import World
from anlan.sense.doors.config import DoorsConfig, read_config
from anlan.sense.doors.intake import Intake
from anlan.sense.doors.letters import FOLDER, Bounds, Letters
from anlan.sense.doors.senders import Senders
from anlan.sense.doors.state import Door, DoorState
from anlan.sense.doors.taker import Taker
from anlan.sense.doors.watching import Watcher

_PATIENCE_S = 1.0


class Doors:
    """The doors of one world; HTTP uses its parts as soon as it is made, the others open with :meth:`start`.

    Parameters
    ----------
    world
        Whose catalog, clock, accounts and folder they use.
    taker
        The station.
    """

    def __init__(self, world: World, taker: Taker) -> None:
        self.world = world
        self.senders = Senders(world)
        self.letters = Letters(world.folder / FOLDER, Bounds.of(world.catalog))
        self.intake = Intake(world.catalog, taker, world.clock, self.letters)
        self.states: list[DoorState] = []
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._started = threading.Event()
        self._watchers: list[Watcher] = []

    def start(self) -> None:
        """Open what ``doors.yaml`` in the data folder says.

        Raises
        ------
        Invalid
            ``doors.config`` if the file does not hold.
        """
        self.open(read_config(self.world.folder))

    def open(self, config: DoorsConfig) -> None:
        """Open these doors."""
        self._open_servers(config)
        for watch in config.watch:
            if watch.on:
                self._watchers.append(Watcher(watch, self.intake, self.senders, self.world.folder))
        self.states += [watcher.state for watcher in self._watchers]
        for watcher in self._watchers:
            watcher.start()

    def _open_servers(self, config: DoorsConfig) -> None:
        doors = self._servers(config)
        if not doors:
            return
        self.states += [door.state for door in doors]
        self._started.clear()
        self._thread = threading.Thread(target=self._run, args=(doors,), name="anlan-doors", daemon=True)
        self._thread.start()

    def _servers(self, config: DoorsConfig) -> list[Door]:
        """Return the doors to servers; their libraries are loaded only where there are such doors."""
        shared = (self.intake, self.senders, self.world.folder)
        doors: list[Door] = []
        if any(one.on for one in config.mqtt):
            from anlan.sense.doors.mqtt import MqttDoor  # noqa: PLC0415

            doors += [MqttDoor(one, *shared) for one in config.mqtt if one.on]
        if any(one.on for one in config.nats):
            from anlan.sense.doors.nats_stream import NatsDoor  # noqa: PLC0415

            doors += [NatsDoor(one, *shared) for one in config.nats if one.on]
        return doors

    def _run(self, doors: list[Door]) -> None:
        try:
            named = {sender.mapping for sender in self.senders.all().values()}
            self.intake.prepare(mapping for mapping in named.union(*(door.mappings for door in doors)) if mapping)
        except Exception as error:  # noqa: BLE001  # the first message will meet it again, and tell of it
            for door in doors:
                door.state.failed(error)
        asyncio.run(self._stand(doors))

    async def _stand(self, doors: list[Door]) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        tasks = [asyncio.create_task(door.run()) for door in doors]
        self._started.set()
        await self._stopping.wait()
        pending = set(tasks)
        while pending:  # a library may swallow a cancellation that comes at a bad moment
            for task in pending:
                task.cancel()
            _, pending = await asyncio.wait(pending, timeout=_PATIENCE_S)

    def stop(self) -> None:
        """Shut all doors; what is not acknowledged is sent again when they open next."""
        for watcher in self._watchers:
            watcher.stop()
        if self._thread is not None:
            self._started.wait()
            if self._loop is not None:
                self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join()
        self._thread = self._loop = None
        self._watchers, self.states = [], []
