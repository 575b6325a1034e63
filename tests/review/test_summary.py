"""The summary of a night written by hand: every number is a minute or a count of that night."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.review.summary import Summary, spread, summarise


def summed(night: Any, until: float = 120) -> Summary:
    return summarise(night.entries, night.minute(0), night.minute(until))


def test_lead_times_follow_the_loop(night: Any) -> None:
    times = summed(night).lead_times

    assert times.observation_to_alarm.p50_s == 60
    assert times.alarm_to_draft.p50_s == 3 * 60
    assert times.draft_to_issue.p50_s == 40 * 60
    assert times.activation_to_first_task.p50_s == 0
    assert times.activation_to_first_acceptance.p50_s == 6 * 60


def test_a_draft_by_hand_is_counted_from_the_last_alarm_in_its_area(empty: Any) -> None:
    for at, alarm, area in ((0, "alarm-1", "310117001"), (5, "alarm-2", "310117002"), (7, "alarm-3", "310115004")):
        empty.note(at, "alarm.open", alarm, area, state="unacknowledged", grade="red")
    empty.note(20, "warning.draft", "warning-1", "310117", state="draft")

    assert summed(empty).lead_times.alarm_to_draft.p50_s == 15 * 60


def test_tasks_are_on_time_if_they_were_handed_in_on_time(night: Any) -> None:
    tasks = summed(night).tasks

    assert (tasks.opened, tasks.closed_on_time, tasks.closed_late) == (3, 1, 1)
    assert (tasks.overdue, tasks.open, tasks.cancelled, tasks.escalated) == (0, 1, 0, 1)


def test_a_task_not_handed_in_is_overdue_once_its_limit_has_passed(night: Any) -> None:
    assert (summed(night, 49).tasks.open, summed(night, 49).tasks.overdue) == (3, 0)
    assert (summed(night, 75).tasks.open, summed(night, 75).tasks.overdue) == (1, 1)


def test_a_task_given_back_is_not_handed_in(empty: Any) -> None:
    due = "2024-09-15T16:30:00.000000Z"
    empty.note(0, "task.open", "task-1", due=due, state="dispatched")
    empty.note(20, "task.submit", "task-1", due=due, state="verifying")
    assert summed(empty, 40).tasks.open == 1
    empty.note(35, "task.return", "task-1", due=due, state="handling")

    assert summed(empty, 40).tasks.overdue == 1


def test_people_are_those_of_the_worst_moment(night: Any) -> None:
    people = summed(night).people

    assert (people.at_risk_low, people.at_risk_best, people.at_risk_high) == (100, 400, 900)
    assert people.at_risk_at == night.minute(2)
    assert (people.sheltered, people.sheltered_at, people.sheltered_at_end) == (70, night.minute(55), 40)


def test_an_area_inside_another_with_a_forecast_is_not_counted_twice(empty: Any) -> None:
    for at, area, best in ((0, "310117001", 50), (5, "310115", 300), (10, "310117", 400)):
        people = {"low": 0, "best": best, "high": best}
        empty.note(at, "forecast.run", f"forecast-{at}", area, forecast=f"forecast-{at}", people=people)

    assert summed(empty).people.at_risk_best == 700


def test_needs_reports_warnings_and_alarms_are_counted(night: Any) -> None:
    found = summed(night)

    assert (found.needs.estimated, found.needs.open, found.needs.unmet) == (1, 1, {"folding_bed": 30})
    assert (found.reports.drafted, found.reports.sent_late, found.reports.sent_on_time) == (1, 1, 0)
    assert found.warnings == {"issued": 1}
    assert found.plans == {"active": 1}
    assert (found.alarms.opened, found.alarms.by_grade, found.alarms.acknowledged, found.alarms.open) == (
        1,
        {"orange": 1},
        1,
        0,
    )


def test_entries_are_counted_by_room_and_verb(night: Any) -> None:
    found = summed(night)

    assert sum(found.rooms.values()) == sum(found.verbs.values()) == found.entries == len(night.entries)
    assert found.rooms["task"] == 9
    assert found.verbs["forecast.run"] == 3


def test_only_what_lies_between_the_moments_counts(night: Any) -> None:
    found = summarise(night.entries, night.minute(1), night.minute(2))

    assert found.verbs == {"forecast.run": 1}


def test_a_quiet_night_has_a_summary_too(empty: Any) -> None:
    found = summed(empty)

    assert found.entries == 0
    assert found.lead_times.draft_to_issue.count == 0
    assert found.people.at_risk_best == 0


def test_percentiles_by_hand() -> None:
    found = spread([float(n) for n in range(1, 102)])

    assert (found.count, found.p50_s, found.p90_s, found.max_s, found.mean_s) == (101, 51, 91, 101, 51)


@given(st.lists(st.floats(0, 1e6), min_size=1))
def test_percentiles_are_in_order(values: list[float]) -> None:
    found = spread(values)

    assert found.p50_s is not None
    assert found.p90_s is not None
    assert found.max_s is not None
    assert min(values) - 1e-3 <= found.p50_s <= found.p90_s + 1e-3 <= found.max_s + 2e-3


@pytest.mark.parametrize("cut", range(0, 130, 10))
def test_the_fates_of_tasks_add_up_whenever_one_looks(night: Any, cut: int) -> None:
    tasks = summed(night, cut).tasks

    assert tasks.opened == sum((tasks.closed_on_time, tasks.closed_late, tasks.overdue, tasks.open, tasks.cancelled))
