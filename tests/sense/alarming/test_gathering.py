"""Alarms that do not call on their own (members of a gathering one, sensors under repair), and those nobody answers."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from anlan.catalog.schema.sensors import SensorRule
from anlan.kernel.clock import SimClock
from anlan.kernel.errors import Conflict, Invalid
from anlan.kernel.store import Store
from anlan.sense.alarming.queries import Filter, alarms_like
from anlan.sense.model import alarms

PROPOSED = {"source": "a test", "confidence": "P", "from": None}

CLUSTER = SensorRule.model_validate(
    {
        "id": "ponding_cluster",
        "zh": "积水成片",
        "en": "ponding over a town",
        **PROPOSED,
        "kind": "compound",
        "over": "area",
        "level": "town",
        "all": ({"rule": "ponding", "grade": "blue", "count": {"yellow": 2, "red": 3}},),
        "window_s": 600.0,
        "gathers": True,
    }
)


def states(sensing: Any) -> dict[tuple[str, str], str]:
    with sensing.world.store.read() as conn:
        rows = conn.execute(sa.select(alarms.c.subject, alarms.c.rule, alarms.c.state).order_by(alarms.c.id)).all()
    return {(row.subject, row.rule): row.state for row in rows}


def later(sensing: Any, seconds: float) -> None:
    sensing.world.advance(sensing.start + timedelta(seconds=seconds))
    sensing.world.settle()


@pytest.fixture
def town(store: Store, make_sensing: Callable[..., Any], small_catalog: Any) -> Any:
    sensing = make_sensing(store, {"ponding": small_catalog.sensor_rules["ponding"], "ponding_cluster": CLUSTER})
    items = [sensing.item(name, "310117001") for name in ("a", "b", "c")]
    sensing.world.act(sensing.holder("administrator"), "sensor.register", {"items": items})
    return sensing


def test_one_event_over_many_sensors_is_one_alarm_with_members(town: Any) -> None:
    town.send(("a", 0, 0.2), ("b", 0, 0.2))
    assert states(town) == {
        ("a", "ponding"): "suppressed_by_design",
        ("b", "ponding"): "suppressed_by_design",
        ("310117001", "ponding_cluster"): "unacknowledged",
    }
    town.send(("c", 60, 0.6))
    assert states(town)["c", "ponding"] == "suppressed_by_design", "it opens behind its cause"

    with town.reader as reader:
        rows = {row["subject"]: row for row in alarms_like(reader, Filter(is_open=True))}
    cluster = rows["310117001"]
    assert (cluster["members"], cluster["grade"], cluster["quantity"]) == (3, "red", "ponding_depth")
    assert {rows[name]["cause"] for name in ("a", "b", "c")} == {cluster["id"]}


def test_when_the_cause_ends_what_still_holds_comes_forward_and_the_rest_closes(town: Any) -> None:
    town.send(("a", 0, 0.2), ("b", 0, 0.2))
    town.send(("b", 60, 0.0))
    later(town, 1200)

    assert states(town) == {
        ("a", "ponding"): "unacknowledged",
        ("b", "ponding"): "normal",
        ("310117001", "ponding_cluster"): "returned_unacknowledged",
    }


def test_a_sensor_under_repair_calls_nobody_until_the_repair_ends(sensing: Any) -> None:
    ends = sensing.start + timedelta(hours=2)
    window = {"sensor": "a", "begins": sensing.start, "ends": ends, "reason": "probe cleaned"}
    sensing.act("sensor.maintain", **window)
    sensing.send(("a", 0, 0.6))
    assert states(sensing) == {("a", "ponding"): "suppressed_by_design"}

    later(sensing, 7200)
    assert states(sensing) == {("a", "ponding"): "unacknowledged"}


@pytest.mark.parametrize(("begins_h", "ends_h"), [(1, 1), (2, 1), (-3, -1), (0, 10_000)])
def test_a_repair_ends_in_the_future_after_it_begins_and_not_too_late(
    sensing: Any, begins_h: float, ends_h: float
) -> None:
    begins, ends = (sensing.start + timedelta(hours=h) for h in (begins_h, ends_h))
    with pytest.raises(Invalid):
        sensing.act("sensor.maintain", sensor="a", begins=begins, ends=ends, reason="x")


@pytest.fixture
def patient(store: Store, make_sensing: Callable[..., Any], small_catalog: Any) -> Any:
    """A world whose blue alarms become graver when nobody answers for ten minutes."""
    rule = small_catalog.sensor_rules["ponding"]
    blue = rule.grades["blue"].model_copy(update={"escalate_after_s": 600.0})
    sensing = make_sensing(store, {"ponding": rule.model_copy(update={"grades": {**rule.grades, "blue": blue}})})
    sensing.world.act(sensing.holder("administrator"), "sensor.register", {"items": [sensing.item("a", "310117001")]})
    return sensing


def test_an_alarm_that_nobody_answers_escalates(patient: Any, clock: SimClock) -> None:
    (alarm,) = patient.send(("a", 0, 0.2)).opened
    later(patient, 601)

    with patient.reader as reader:
        (row,) = alarms_like(reader, Filter(is_open=True))
    assert (row["grade"], row["worst"], row["state"]) == ("red", "red", "unacknowledged")
    with pytest.raises(Conflict):
        patient.act("alarm.escalate", alarm=alarm)


def test_an_alarm_that_was_answered_does_not_escalate(patient: Any) -> None:
    (alarm,) = patient.send(("a", 0, 0.2)).opened
    patient.act("alarm.acknowledge", alarm=alarm)
    later(patient, 3600)

    with patient.reader as reader:
        (row,) = alarms_like(reader, Filter(is_open=True))
    assert row["grade"] == "blue"


def test_comments_owners_and_incidents_stand_with_the_alarm(sensing: Any) -> None:
    (alarm,) = sensing.send(("a", 0, 0.2)).opened
    sensing.act("alarm.comment", alarm=alarm, note="camera shows a dry road")
    sensing.act("alarm.assign", alarm=alarm, to="li.wei")
    sensing.act("alarm.relate", alarm=alarm, incident="incident-7")
    with pytest.raises(Conflict):
        sensing.act("alarm.relate", alarm=alarm, incident="incident-7")

    with sensing.reader as reader:
        (row,) = alarms_like(reader, Filter(assigned_to="li.wei"))
    assert (row["comments"], row["assigned_to"], row["incidents"], row["state"]) == (
        1,
        "li.wei",
        ["incident-7"],
        "unacknowledged",
    )
