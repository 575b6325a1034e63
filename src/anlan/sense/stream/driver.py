"""Keeps a live station folding: a thread of its own, so that an alarm does not wait for a forecast."""

import threading
from datetime import timedelta

from anlan.kernel.clock import stopwatch
from anlan.kernel.reactions import automaton
from anlan.kernel.world import World
from anlan.sense.stream.station import Station

_LOOK_EVERY_S = 2.0
_TIDY_EVERY_S = 60.0
_LONGEST_REPORT = 2000


class Driver:
    """Drives the station of a world that is served."""

    def __init__(self, world: World) -> None:
        self._world, self._station = world, world.part(Station)
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._run, name="anlan-station", daemon=True),
            threading.Thread(target=self._tidy, name="anlan-history", daemon=True),
        ]
        self._told = ""

    def start(self) -> None:
        """Begin."""
        self._station.driven = True
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End after the step in progress."""
        self._stop.set()
        self._station.wake()
        for thread in self._threads:
            thread.join()
        self._station.driven = False

    def _run(self) -> None:
        heard_s = stopwatch()
        while not self._stop.is_set():
            if stopwatch() - heard_s >= _LOOK_EVERY_S:  # another process may have acted on the same store
                heard_s = stopwatch()
                self._station.hear()
            try:
                self._station.pump()
                self._told = ""
            except Exception as error:  # noqa: BLE001  # observations go on being taken; people are told, once
                self._tell(str(error) or repr(error))
                self._stop.wait(_LOOK_EVERY_S)
            soon = self._world.clock.now() + timedelta(seconds=_LOOK_EVERY_S)
            self._station.rest(soon)

    def _tidy(self) -> None:
        while not self._stop.wait(_TIDY_EVERY_S):
            try:
                self._station.upkeep()
            except Exception as error:  # noqa: BLE001  # files that could not be sorted are read as they are
                self._tell(str(error) or repr(error))

    def _tell(self, fault: str) -> None:
        if fault == self._told:
            return
        self._told = fault
        report = {"entry": 0, "reaction": "station", "error": fault[:_LONGEST_REPORT], "area": self._world.city.root}
        self._world.act(automaton(self._world.gate, "rules"), "reaction.fail", report)
