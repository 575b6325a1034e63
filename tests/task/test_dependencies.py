"""Random acts on a web of tasks: what waits never goes before what it waits for, and every change is remembered."""

import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from anlan import root
from anlan.catalog.catalog import Catalog, builtin_layers, load_catalog
from anlan.city.city import City
from anlan.city.load import load_city
from anlan.kernel.access import Actor, Grant
from anlan.kernel.clock import SimClock
from anlan.kernel.entropy import SeededEntropy
from anlan.kernel.errors import Conflict
from anlan.kernel.store import Store, metadata
from anlan.kernel.world import World
from anlan.task import queries
from anlan.task.model import ENDED, State

BOSS = Actor("boss", (Grant("commander", "310000"), Grant("street_officer", "310000")))
OTHER = Actor("other", (Grant("commander", "310000"),))
ACTS: dict[str, tuple[Actor, dict[str, Any]]] = {
    "task.dispatch": (BOSS, {}),
    "task.accept": (BOSS, {}),
    "task.submit": (BOSS, {"evidence": "photo"}),
    "task.verify": (OTHER, {}),
    "task.return": (OTHER, {"reason": "not done"}),
    "task.cancel": (BOSS, {"reason": "not needed"}),
    "task.escalate": (BOSS, {}),
}


@cache
def parts() -> tuple[Catalog, City]:
    return replace(load_catalog(*builtin_layers("songjiang")), reactions={}), load_city("shanghai")


def build(stack: ExitStack) -> World:
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    store = Store.at(folder)
    metadata.create_all(store.engine)
    catalog, city = parts()
    clock, entropy = SimClock(datetime(2024, 9, 15, tzinfo=UTC)), SeededEntropy(1)
    world = root.build_world(folder=folder, store=store, catalog=catalog, city=city, clock=clock, entropy=entropy)
    stack.callback(world.close)
    return world


class Web(RuleBasedStateMachine):
    """Tasks that wait for each other, acted on in any order."""

    known = Bundle("known")

    @initialize()
    def start(self) -> None:
        self.stack = ExitStack()
        self.world = build(self.stack)
        self.waits: dict[str, set[str]] = {}

    def teardown(self) -> None:
        if hasattr(self, "stack"):
            self.stack.close()

    @rule(target=known, depends=st.lists(known, max_size=2, unique=True))
    def open(self, depends: list[str]) -> str:
        due = self.world.clock.now() + timedelta(minutes=30)
        args = {"title_zh": "巡查", "title_en": "Patrol", "area": "310117001", "role": "street_officer", "due": due}
        task = self.world.act(BOSS, "task.open", args | {"depends": depends}).subject
        self.waits[task] = set(depends)
        return task

    @rule(task=known, on=known)
    def wait_for(self, task: str, on: str) -> None:
        if self.refused(lambda: self.world.act(BOSS, "task.depend", {"task": task, "depends": [on]})):
            return
        self.waits[task].add(on)

    @rule(task=known, verb=st.sampled_from(sorted(ACTS)))
    def act(self, task: str, verb: str) -> None:
        actor, args = ACTS[verb]
        self.refused(lambda: self.world.act(actor, verb, {"task": task} | args))

    @rule(minutes=st.integers(1, 90))
    def let_time_pass(self, minutes: int) -> None:
        self.world.advance(self.world.clock.now() + timedelta(minutes=minutes))

    def refused(self, wish: Callable[[], object]) -> bool:
        try:
            wish()
        except Conflict:
            return True
        return False

    @invariant()
    def nothing_goes_before_what_it_waits_for_and_nothing_ready_stays(self) -> None:
        with self.world.read(BOSS, "task") as reader:
            states = {task.id: State(task.state) for task in queries.find_tasks(reader)}
            told = {name: queries.task_history(reader, name)[-1].state for name in states}
        for task, on in self.waits.items():
            ready = all(states[name] in ENDED for name in on)
            if states[task] != State.CANCELLED:
                assert (states[task] == State.FILED) == (not ready)
        assert told == states

    @invariant()
    def no_circle_is_closed(self) -> None:
        reached: dict[str, set[str]] = {task: set(on) for task, on in self.waits.items()}
        for _ in reached:
            reached = {task: on.union(*(reached[name] for name in on)) for task, on in reached.items()}
        assert not [task for task, on in reached.items() if task in on]


TestWeb = Web.TestCase
TestWeb.settings = settings(
    max_examples=8, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
)
