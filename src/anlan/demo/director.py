"""Runs a night: instruments, forecasters, people and the world's own timers, in the order of their moments."""

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from anlan.city.city import city_of
from anlan.demo.forecasters import Forecasters
from anlan.demo.instruments import Instruments
from anlan.demo.people import People, load_habits, person
from anlan.demo.scenario import Scenario
from anlan.demo.weather import Weather, read_track
from anlan.kernel.clock import SimClock
from anlan.kernel.entries import all_entries
from anlan.kernel.errors import AnlanError
from anlan.kernel.journal import tree_state
from anlan.kernel.world import World

Reach = Callable[[datetime], bool]
"""Brings the clock to a moment; false to stop early."""


class Director:
    """One night over one world.

    Parameters
    ----------
    world
        A world at dusk.
    scenario, seed
        Which night, and what its synthetic parts are drawn from.
    autopilot
        Whether people act by habit; instruments and forecasters always do.
    """

    def __init__(self, world: World, scenario: Scenario, seed: int, *, autopilot: bool = True) -> None:
        self._world, self._scenario, self.autopilot = world, scenario, autopilot
        city = city_of(world)
        text = city.package.path(f"hazards/{scenario.track}").read_text(encoding="utf-8")
        weather = Weather(scenario, read_track(text, scenario.outer_hpa), seed)
        self._steps = Instruments(city, scenario, weather, seed).steps()
        self._office = Forecasters(city, world.catalog, scenario, weather, seed)
        self._people = People(world, load_habits(), seed)
        self._gateway = person("instrument", world.city.root)
        self._officer = person("duty_officer", world.city.root)
        self._commander = person("commander", world.city.root)
        self._seen = 0

    @property
    def refused(self) -> list[tuple[str, str]]:
        """Acts of people that no longer fitted when their moment came."""
        return self._people.refused

    def run(self, until: datetime, reach: Reach) -> None:
        """Play the night up to a moment; ``reach(moment)`` brings the clock there, and is false to stop early."""
        self._seen = self._last_entry()
        late = timedelta(seconds=self._scenario.instruments.delay_s)
        for moment, rows in self._steps:
            if moment + late > until:
                break
            if not self._play_until(moment + late, reach):
                return
            self._report(moment, rows)
        if self._play_until(until, reach):
            span = {"since": self._scenario.start, "until": until}
            self._try(self._commander, "review.compile", span, until)
            reach(until)

    def _play_until(self, moment: datetime, reach: Reach) -> bool:
        """Let people act, and the world's timers run, at their own moments up to this one."""
        while True:
            self._watch()
            due = self._people.next_due()
            if due is None or due > moment:
                return reach(moment)
            if not reach(due):
                return False
            for _ in self._people.act_until(self._world.clock.now()):
                pass

    def _report(self, moment: datetime, rows: list[list[Any]]) -> None:
        self._try(self._gateway, "sense.ingest", {"source": f"demo:{self._scenario.id}", "rows": rows}, moment)
        for verb, args in self._office.due(moment):
            self._try(self._officer, verb, args, moment)

    def _try(self, actor: Any, verb: str, args: dict[str, Any], moment: datetime) -> None:
        try:
            self._world.act(actor, verb, args, key=f"{verb}:{moment.isoformat()}:{args.get('grade', '')}")
        except AnlanError as error:
            self._people.refused.append((verb, str(error)))

    def _watch(self) -> None:
        """Let people read what is new in the journal."""
        for entry in self._new_entries():
            if self.autopilot:
                self._people.notice(entry, self._world.clock.now())

    def _new_entries(self) -> Iterator[dict[str, Any]]:
        auditor = person("auditor", self._world.city.root)
        with self._world.read(auditor, "journal") as reader:
            for entry in all_entries(reader, after=self._seen):
                self._seen = entry["seq"]
                yield entry

    def _last_entry(self) -> int:
        with self._world.store.read() as conn:
            return tree_state(conn).size


def stepped(world: World) -> Reach:
    """Return how a headless night reaches a moment: it steps the standing clock there."""

    def reach(moment: datetime) -> bool:
        world.advance(moment)
        return True

    return reach


def lived(world: World, stop: threading.Event) -> Reach:
    """Return how a night to watch reaches a moment: it waits for the running clock, which waits for it there."""

    def reach(moment: datetime) -> bool:
        clock = world.clock
        if isinstance(clock, SimClock):
            clock.hold_at(moment)
        while not stop.is_set() and clock.now() < moment:
            clock.wait(moment, stop)
        return not stop.is_set()

    return reach
