"""Alarms through the gate: by their rules, and by people."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from anlan.kernel.errors import AnlanError, Conflict, Forbidden, Invalid, NotFound
from anlan.kernel.journal import entry_of
from anlan.kernel.tables import journal
from anlan.sense import queries


def the_alarm(sensing: Any) -> Any:
    with sensing.reader as reader:
        (row,) = queries.alarm_list(reader)
    return row


def told(sensing: Any, verb: str) -> list[dict[str, Any]]:
    with sensing.world.store.read() as conn:
        rows = conn.execute(sa.select(journal).where(journal.c.verb == verb).order_by(journal.c.seq)).mappings()
        return [entry_of(row)["data"] for row in rows]


def test_an_alarm_opens_is_raised_eased_and_cleared_under_one_id(sensing: Any) -> None:
    done = sensing.send(("a", 0, 0.2))
    alarm = done.opened[0]
    for seconds, value in ((60, 0.6), (120, 0.2), (180, 0.0)):
        sensing.send(("a", seconds, value))

    with sensing.reader as reader:
        events = [(line["event"], line["grade"]) for line in queries.history(reader, alarm)]
    assert events == [("open", "blue"), ("raise", "red"), ("ease", "blue"), ("clear", "blue")]
    row = the_alarm(sensing)
    assert (row["id"], row["state"], row["worst"], row["active"]) == (alarm, "returned_unacknowledged", "red", False)


def test_the_journal_tells_what_a_screen_and_a_reaction_need(sensing: Any, clock: Any) -> None:
    clock.advance_to(sensing.start + timedelta(seconds=90))
    sensing.send(("a", 60, 0.6))

    (data,) = told(sensing, "alarm.open")
    assert data["latency_s"] == 30.0
    expected = {"sensor": "a", "asset": "underpass-a", "asset_type": "underpass", "quantity": "ponding_depth"}
    expected |= {"rule": "ponding", "grade": "red", "value": 0.6, "threshold": 0.5, "unit": "m"}
    assert {name: data[name] for name in expected} == expected
    assert {"alarm", "observed_at", "name_zh", "name_en", "lon", "lat"} <= set(data)


def test_an_acknowledged_alarm_closes_when_its_condition_ends_and_a_new_one_may_open(sensing: Any) -> None:
    (first,) = sensing.send(("a", 0, 0.2)).opened
    sensing.act("alarm.acknowledge", alarm=first)
    sensing.send(("a", 60, 0.0))
    assert the_alarm(sensing)["state"] == "normal"

    (second,) = sensing.send(("a", 120, 0.2)).opened
    assert second != first


def test_an_acknowledged_alarm_calls_again_when_it_grows_graver(sensing: Any) -> None:
    (alarm,) = sensing.send(("a", 0, 0.2)).opened
    sensing.act("alarm.acknowledge", alarm=alarm)
    sensing.send(("a", 60, 0.6))

    assert the_alarm(sensing)["state"] == "unacknowledged"


def test_what_returned_unseen_is_raised_again_under_its_id(sensing: Any) -> None:
    sensing.send(("a", 0, 0.6), ("a", 60, 0.0), ("a", 120, 0.2))

    row = the_alarm(sensing)
    assert (row["state"], row["grade"], row["worst"], row["active"]) == ("unacknowledged", "blue", "red", True)


def test_a_shelved_alarm_comes_back_by_itself(sensing: Any) -> None:
    (alarm,) = sensing.send(("a", 0, 0.6)).opened
    sensing.act("alarm.shelve", alarm=alarm, until=sensing.start + timedelta(hours=1), reason="pump crew on site")
    sensing.send(("a", 60, 0.2))
    assert the_alarm(sensing)["state"] == "shelved"

    sensing.world.advance(sensing.start + timedelta(hours=2))
    assert the_alarm(sensing)["state"] == "unacknowledged"


def test_a_shelved_alarm_whose_condition_ended_closes_when_its_time_is_up(sensing: Any) -> None:
    (alarm,) = sensing.send(("a", 0, 0.6)).opened
    sensing.act("alarm.shelve", alarm=alarm, until=sensing.start + timedelta(hours=1), reason="test of pumps")
    sensing.send(("a", 60, 0.0))
    sensing.world.advance(sensing.start + timedelta(hours=2))

    assert the_alarm(sensing)["state"] == "normal"


def test_an_alarm_unshelved_by_hand_forgets_its_timer(sensing: Any) -> None:
    (alarm,) = sensing.send(("a", 0, 0.6)).opened
    sensing.act("alarm.shelve", alarm=alarm, until=sensing.start + timedelta(hours=1), reason="test of pumps")
    sensing.act("alarm.unshelve", alarm=alarm)

    assert sensing.world.next_due() is None


@pytest.mark.parametrize("hours", [-1, 0, 1000])
def test_shelving_has_an_end_within_the_limit(sensing: Any, hours: int) -> None:
    (alarm,) = sensing.send(("a", 0, 0.6)).opened
    with pytest.raises(Invalid):
        sensing.act("alarm.shelve", alarm=alarm, until=sensing.start + timedelta(hours=hours), reason="x")

    assert the_alarm(sensing)["state"] == "unacknowledged"


@pytest.mark.parametrize(("hide", "show"), [("suppress", "unsuppress"), ("remove", "restore")])
def test_an_alarm_can_be_hidden_and_shown_again(sensing: Any, hide: str, show: str) -> None:
    (alarm,) = sensing.send(("a", 0, 0.6)).opened
    sensing.act(f"alarm.{hide}", alarm=alarm, reason="gate closed for works")
    with pytest.raises(Conflict):
        sensing.act("alarm.acknowledge", alarm=alarm)
    sensing.act(f"alarm.{show}", alarm=alarm)

    assert the_alarm(sensing)["state"] == "unacknowledged"


def test_a_person_who_clears_gives_a_reason_and_the_rule_may_open_it_anew(sensing: Any) -> None:
    (alarm,) = sensing.send(("a", 0, 0.2)).opened
    sensing.act("alarm.acknowledge", alarm=alarm)
    with pytest.raises(Invalid):
        sensing.act("alarm.clear", alarm=alarm)
    sensing.act("alarm.clear", alarm=alarm, reason="gauge was cleaned")
    assert the_alarm(sensing)["state"] == "normal"

    assert len(sensing.send(("a", 60, 0.6)).opened) == 1


@pytest.mark.parametrize("verb", ["alarm.acknowledge", "alarm.clear", "alarm.raise", "alarm.shelve"])
def test_another_district_can_do_nothing_to_an_alarm(sensing: Any, verb: str) -> None:
    (alarm,) = sensing.send(("p", 0, 0.2)).opened
    args: dict[str, Any] = {"alarm": alarm, "reason": "x"}
    args |= {"alarm.raise": {"grade": "red", "value": 0.6, "observed_at": sensing.start}}.get(verb, {})
    args |= {"alarm.shelve": {"until": sensing.start + timedelta(hours=1)}}.get(verb, {})
    if verb in {"alarm.acknowledge", "alarm.raise"}:
        del args["reason"]
    with pytest.raises(Forbidden):
        sensing.act(verb, area="310117", **args)

    assert the_alarm(sensing)["state"] == "unacknowledged"


def test_another_district_cannot_see_an_alarm(sensing: Any) -> None:
    (alarm,) = sensing.send(("p", 0, 0.2)).opened
    with sensing.world.read(sensing.holder("auditor", "310117"), "alarm") as reader:
        assert queries.alarm_list(reader) == []
        with pytest.raises(NotFound):
            queries.alarm(reader, alarm)
        with pytest.raises(NotFound):
            queries.series(reader, "p", sensing.start, sensing.start)


def test_rules_verbs_called_by_hand_keep_the_one_alarm(sensing: Any) -> None:
    opening = {"subject": "a", "rule": "ponding", "grade": "blue", "value": 0.2, "observed_at": sensing.start}
    alarm = sensing.act("alarm.open", **opening).subject
    seen = {"alarm": alarm, "value": 0.2, "observed_at": sensing.start}
    for verb, args in (
        ("alarm.open", opening),
        ("alarm.raise", seen | {"grade": "blue"}),
        ("alarm.ease", seen | {"grade": "red"}),
        ("alarm.open", opening | {"rule": "no such rule"}),
        ("alarm.open", opening | {"subject": "no such sensor"}),
        ("alarm.open", opening | {"subject": "b", "grade": "orange"}),
    ):
        with pytest.raises(AnlanError):
            sensing.act(verb, **args)

    assert the_alarm(sensing)["id"] == alarm
