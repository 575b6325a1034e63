"""What the rules find: a state machine of readings in any order and batches, against an obvious model."""

from collections.abc import Callable
from dataclasses import replace as changed
from datetime import timedelta
from itertools import count
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from anlan.kernel.clock import SimClock
from anlan.kernel.errors import Conflict
from anlan.sense.model import alarms

VALUES = [0.0, 0.05, 0.07, 0.1, 0.2, 0.49, 0.5, 0.9]


class Model:
    """The rule of the fixtures for one sensor, sample by sample: blue from 0.1, red from 0.5, clear 0.05 below."""

    def __init__(self) -> None:
        self.last = -1
        self.set = {"blue": False, "red": False}
        self.state, self.grade = "normal", None

    def sample(self, second: int, value: float) -> None:
        if second <= self.last:
            return
        self.last = second
        for grade, level in (("blue", 0.1), ("red", 0.5)):
            if value >= level:
                self.set[grade] = True
            elif value <= level - 0.05:
                self.set[grade] = False
        self.follow("red" if self.set["red"] else "blue" if self.set["blue"] else None)

    def follow(self, grade: str | None) -> None:
        before = self.grade
        self.grade = grade
        if grade == before:
            return
        if grade is None:
            self.state = {"unacknowledged": "returned_unacknowledged", "acknowledged": "normal"}.get(
                self.state, self.state
            )
        elif self.state != "shelved" and (before is None or (before, grade) == ("blue", "red")):
            self.state = "unacknowledged"

    def acknowledge(self) -> bool:
        after = {"unacknowledged": "acknowledged", "returned_unacknowledged": "normal"}.get(self.state)
        self.state = after or self.state
        return after is not None


class Stream(RuleBasedStateMachine):
    """Readings of one sensor in any order, and people who handle its alarm; ``sensing`` is set by the test."""

    sensing: Any
    numbers = count()

    @initialize()
    def begin(self) -> None:
        self.sensor, self.model = f"s{next(self.numbers)}", Model()
        items = [self.sensing.item(self.sensor, "310117001")]
        self.sensing.world.act(self.sensing.holder("administrator"), "sensor.register", {"items": items})

    @rule(batch=st.lists(st.tuples(st.integers(0, 40), st.sampled_from(VALUES)), min_size=1, max_size=6))
    def send(self, batch: list[tuple[int, float]]) -> None:
        for second, value in batch:
            self.model.sample(second, value)
        self.sensing.send(*[(self.sensor, second, value) for second, value in batch])

    @precondition(lambda self: self.model.state != "normal")
    @rule()
    def acknowledge(self) -> None:
        alarm = self.open_alarm().id
        if self.model.acknowledge():
            self.sensing.act("alarm.acknowledge", alarm=alarm)
        else:
            with pytest.raises(Conflict):
                self.sensing.act("alarm.acknowledge", alarm=alarm)

    @precondition(lambda self: self.model.state not in {"normal", "shelved"})
    @rule()
    def shelve(self) -> None:
        until = self.sensing.world.clock.now() + timedelta(hours=1)
        self.sensing.act("alarm.shelve", alarm=self.open_alarm().id, until=until, reason="test")
        self.model.state = "shelved"

    @precondition(lambda self: self.model.state == "shelved")
    @rule()
    def unshelve(self) -> None:
        self.sensing.act("alarm.unshelve", alarm=self.open_alarm().id)
        self.model.state = "normal" if self.model.grade is None else "unacknowledged"

    def open_alarm(self) -> Any:
        with self.sensing.world.store.read() as conn:
            where = (alarms.c.subject == self.sensor, alarms.c.open.is_(True))
            return conn.execute(sa.select(alarms).where(*where)).one_or_none()

    @invariant()
    def agrees(self) -> None:
        if not hasattr(self, "model"):
            return
        alarm = self.open_alarm()
        assert ("normal" if alarm is None else alarm.state) == self.model.state
        if alarm is not None:
            assert alarm.active == (self.model.grade is not None)
            assert self.model.grade in {None, alarm.grade}


def test_alarms_follow_the_model_whatever_arrives_in_whatever_order(
    store: Any, make_sensing: Callable[..., Any], clock: SimClock
) -> None:
    made = make_sensing(store)
    clock.advance_to(made.start + timedelta(days=1))
    calm = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
    run_state_machine_as_test(
        type("StreamHere", (Stream,), {"sensing": made}),
        settings=settings(max_examples=20, stateful_step_count=10, deadline=None, suppress_health_check=calm),
    )


def test_memory_under_other_levels_gives_way_to_what_the_open_alarm_tells(sensing: Any, tmp_path: Path) -> None:
    (alarm,) = sensing.send(("a", 0, 0.2)).opened
    old = sensing.world.catalog.sensor_rules["ponding"]
    moved = old.model_copy(
        update={"grades": MappingProxyType({**old.grades, "red": old.grades["red"].model_copy(update={"value": 0.4})})}
    )
    sensing.world.gate.catalog = changed(sensing.world.catalog, sensor_rules=MappingProxyType({"ponding": moved}))
    sensing.send(("a", 60, 0.0))

    with sensing.world.store.read() as conn:
        assert conn.execute(sa.select(alarms.c.id, alarms.c.active)).all() == [(alarm, False)]


def test_a_rule_for_named_stations_watches_no_other(
    store: Any, make_sensing: Callable[..., Any], small_catalog: Any
) -> None:
    rule = small_catalog.sensor_rules["ponding"].model_copy(update={"stations": ("underpass-b",)})
    sensing = make_sensing(store, {"ponding": rule})
    items = [sensing.item("a", "310117001"), sensing.item("b", "310117001")]
    sensing.world.act(sensing.holder("administrator"), "sensor.register", {"items": items})
    sensing.send(("a", 0, 0.9), ("b", 0, 0.9))

    with sensing.world.store.read() as conn:
        assert conn.execute(sa.select(alarms.c.subject)).all() == [("b",)]
