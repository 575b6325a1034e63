"""Findings: what was late or missing, with the entries that prove it."""

from typing import Any

import pytest

from anlan.catalog.catalog import Catalog
from anlan.catalog.texts import texts
from anlan.review import findings as module
from anlan.review.findings import FINDERS, Finding, Limits, findings
from anlan.review.record import Record
from anlan.review.tallies import unmet
from anlan.review.wording import UNKNOWN, Names, spoken


@pytest.fixture
def limits(catalog: Catalog) -> Limits:
    return Limits.of(catalog)


def found(night: Any, limits: Limits, until: float = 120) -> dict[str, Finding]:
    entries = [e for e in night.entries if e["at"] <= night.minute(until).strftime("%Y-%m-%dT%H:%M:%S.%fZ")]
    return {f.code: f for f in findings(Record(entries, night.minute(until)), limits)}


def test_the_night_s_findings_are_these(night: Any, limits: Limits) -> None:
    # Issue took 40 min of 30; task 2 was 30 min late; the report 5 min; the need lay for 114 min of 60.
    assert set(found(night, limits)) == {
        "warning_slow.late",
        "task_late",
        "report_late",
        "need_open.missing",
        "need_unmet",
        "people_unplaced",
        "shelter_full",
    }


def test_every_finding_names_the_entries_that_prove_it(night: Any, limits: Limits) -> None:
    slow = found(night, limits)["warning_slow.late"]
    by_seq = {entry["seq"]: entry for entry in night.entries}

    assert [by_seq[seq]["verb"] for seq in slow.evidence] == ["warning.draft", "warning.issue"]
    assert (slow.told["minutes"], slow.told["limit"]) == (40, 30)
    late = found(night, limits)["task_late"]
    assert [by_seq[seq]["verb"] for seq in late.evidence] == ["task.open", "task.submit"]
    assert (late.subject, late.told["minutes"], late.told["escalations"]) == ("task-2", 30, 1)


def test_what_is_not_yet_over_its_limit_is_no_finding(night: Any, limits: Limits) -> None:
    early = found(night, limits, until=30)

    assert set(early) == {"need_unmet", "people_unplaced"}


def test_what_never_came_is_missing(night: Any, limits: Limits) -> None:
    night.entries = [
        e for e in night.entries if e["verb"] not in {"warning.issue", "plan.activate", "alarm.acknowledge"}
    ]
    codes = set(found(night, limits))

    assert {"warning_slow.missing", "plan_slow.missing", "alarm_unacknowledged.missing"} <= codes


def test_a_proposal_that_was_declined_questions_its_trigger(empty: Any, limits: Limits) -> None:
    empty.note(0, "plan.propose", "activation-1", activation="activation-1", state="proposed", reason="alarm")
    empty.note(9, "plan.decline", "activation-1", activation="activation-1", state="declined", reason="dry")
    empty.note(10, "plan.propose", "plan:flood", activation=None, state="none", changed=False)

    assert set(found(empty, limits)) == {"plan_declined"}


def test_a_severe_forecast_wants_a_warning_unless_one_stands(empty: Any, limits: Limits) -> None:
    empty.note(0, "forecast.run", "forecast-1", grade="red", people={"low": 1, "best": 1, "high": 1})
    assert set(found(empty, limits, 60)) == {"warning_missing.missing"}
    empty.note(5, "warning.draft", "warning-1", state="draft")
    empty.note(10, "warning.issue", "warning-1", state="issued")
    empty.note(20, "forecast.run", "forecast-2", grade="red", people={"low": 1, "best": 1, "high": 1})

    assert set(found(empty, limits, 60)) == set()


def test_a_mild_alarm_needs_no_forecast_but_a_severe_one_does(empty: Any, limits: Limits) -> None:
    empty.note(0, "alarm.open", "alarm-1", "310117001", grade="blue")
    empty.note(0, "alarm.open", "alarm-2", "310117001", grade="red")
    for alarm in ("alarm-1", "alarm-2"):
        empty.note(1, "alarm.acknowledge", alarm, "310117001")
    only = found(empty, limits)

    assert set(only) == {"alarm_unassessed.missing"}
    assert only["alarm_unassessed.missing"].subject == "alarm-2"
    empty.note(2, "forecast.run", "forecast-1", "310117")
    assert set(found(empty, limits)) == set()


def test_newer_estimates_of_an_area_go_on_with_its_shortage(empty: Any, limits: Limits) -> None:
    for number, (at, missing) in enumerate(((0, 10), (40, 90), (70, 20)), start=1):
        empty.note(at, "need.estimate", f"need-{number}", short=True)
        told = [{"item": "blanket", "quantity": missing}]
        empty.note(at, "allocation.propose", f"allocation-{number}", need=f"need-{number}", unmet=told)
    empty.note(75, "allocation.confirm", "allocation-3", need="need-3")
    empty.note(80, "need.estimate", "need-4", short=False)
    codes = found(empty, limits, until=300)

    assert set(codes) == {"need_open.late", "need_unmet"}
    assert codes["need_open.late"].told["minutes"] == 75
    assert codes["need_unmet"].told["quantity"] == 90  # at the worst
    assert unmet(Record(empty.entries, empty.minute(300))) == {"blanket": 20}  # at the end


def test_what_is_late_by_seconds_is_not_late_by_nothing(empty: Any, limits: Limits) -> None:
    empty.note(0, "report.draft", "report-1", due="2024-09-15T16:10:00.000000Z", state="draft")
    empty.note(10.01, "report.send", "report-1", due="2024-09-15T16:10:00.000000Z", state="sent")

    assert found(empty, limits)["report_late"].told["minutes"] == 0.1


def test_every_finder_is_in_the_table() -> None:
    public = [getattr(module, name) for name in dir(module) if not name.startswith("_")]
    defined = [f for f in public if callable(f) and getattr(f, "__module__", "") == module.__name__]
    assert {f for f in defined if not isinstance(f, type) and f is not findings} == set(FINDERS)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_finding_is_told_in_words(night: Any, limits: Limits, names: Names, lang: str) -> None:
    for code, finding in found(night, limits).items():
        told = {**finding.told, "area": finding.area, "subject": finding.subject}
        words = spoken(f"finding.{code}", told, lang, names)
        assert f"finding.{code}" in texts(lang)
        assert UNKNOWN not in words
        assert "{" not in words
