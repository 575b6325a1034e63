"""The night as intervals."""

from typing import Any

from anlan.review.gantt import Interval, gantt
from anlan.review.record import Record
from anlan.review.wording import Names


def bars(night: Any, names: Names) -> dict[str, Interval]:
    return {bar.id: bar for bar in gantt(Record(night.entries, night.minute(120)), names)}


def test_every_thing_with_a_duration_is_an_interval(night: Any, names: Names) -> None:
    found = bars(night, names)

    assert {bar.lane for bar in found.values()} == {"alarms", "warnings", "activations", "tasks", "shelters"}
    alarm, task, warning = found["alarm-1"], found["task-1"], found["warning-3"]
    assert (alarm.start, alarm.end, alarm.group) == (night.minute(0), night.minute(95), "underpass-1")
    assert (task.start, task.end, task.due, task.group) == (
        night.minute(20),
        night.minute(60),
        night.minute(50),
        "activation-7",
    )
    assert (warning.start, warning.end, warning.state) == (night.minute(3), None, "issued")
    assert warning.en == "Warning: Orange warning of flooding"
    assert [mark.verb for mark in task.marks] == ["task.open", "task.accept", "task.submit", "task.verify"]


def test_a_shelter_that_opens_twice_is_two_intervals(empty: Any, names: Names) -> None:
    for at, verb, state in ((0, "open", "open"), (10, "close", "closed"), (20, "open", "open")):
        empty.note(at, f"shelter.{verb}", "shelter-1", state=state, name_zh="a", name_en="a")
    found = gantt(Record(empty.entries, empty.minute(30)), names)

    assert [(bar.start, bar.end) for bar in found] == [
        (empty.minute(0), empty.minute(10)),
        (empty.minute(20), None),
    ]


def test_a_warning_ends_when_an_update_takes_its_place(empty: Any, names: Names) -> None:
    empty.note(0, "warning.draft", "warning-1", state="draft", headline_zh="a", headline_en="a")
    empty.note(5, "warning.issue", "warning-1", state="issued")
    empty.note(20, "warning.update", "warning-2", state="draft", supersedes="warning-1")
    empty.note(30, "warning.issue", "warning-2", state="issued", supersedes="warning-1")
    found = {bar.id: bar for bar in gantt(Record(empty.entries, empty.minute(60)), names)}

    assert found["warning-1"].end == empty.minute(30)
    assert found["warning-2"].end is None


def test_a_proposal_that_came_to_nothing_is_no_interval(empty: Any, names: Names) -> None:
    empty.note(0, "plan.propose", "plan:flood", activation=None, state="none", changed=False)

    assert gantt(Record(empty.entries, empty.minute(1)), names) == []
