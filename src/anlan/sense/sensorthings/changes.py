"""Who wants to know which sensors a SensorThings client changed."""

from collections.abc import Callable, Sequence

from anlan.kernel.world import World

Heard = Callable[[Sequence[str]], None]


class Changes:
    """A part of a world: tells its listeners the ids of sensors that were registered, corrected or retired."""

    def __init__(self) -> None:
        self._listeners: list[Heard] = []

    @classmethod
    def of(cls, world: World) -> "Changes":
        """Return that of a world, which gets one when it is first asked for."""
        try:
            return world.part(cls)
        except AssertionError:
            made = cls()
            world.gate.parts.add(made)
            return made

    def listen(self, heard: Heard) -> None:
        """Call back with every change from now on."""
        self._listeners.append(heard)

    def forget(self, heard: Heard) -> None:
        """Call back no more."""
        self._listeners.remove(heard)

    def tell(self, sensors: Sequence[str]) -> None:
        """Tell all listeners."""
        for heard in tuple(self._listeners):
            heard(sensors)
