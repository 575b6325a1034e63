"""Roles and reactions: what machines may do, and that they stay within it."""

from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import Any

import pytest

from anlan.catalog import Catalog
from anlan.catalog.expressions import evaluate

PEOPLE_ONLY = ("warning.approve", "warning.issue", "warning.submit", "warning.cancel", "plan.activate",
"plan.level", "plan.end",
               "shelter.open", "allocation.confirm", "incident.close", "report.send", "user.create",
               "user.grant")  # fmt: skip


def may(catalog: Catalog, role: str, verb: str) -> bool:
    return any(fnmatchcase(verb, pattern) for pattern in catalog.roles[role].verbs)


@pytest.mark.parametrize("verb", PEOPLE_ONLY)
def test_what_people_decide_no_machine_does(catalog: Catalog, verb: str) -> None:
    assert not may(catalog, "automaton", verb)
    assert not may(catalog, "instrument", verb)


def test_every_reaction_may_be_done_by_the_automaton(catalog: Catalog) -> None:
    for reaction in catalog.reactions.values():
        assert may(catalog, "automaton", reaction.do), reaction.id


def test_an_instrument_only_reports(catalog: Catalog) -> None:
    assert (catalog.roles["instrument"].verbs, catalog.roles["instrument"].reads) == (("sense.ingest",), ())


def test_the_public_reads_issued_warnings_and_does_nothing(catalog: Catalog) -> None:
    assert set(catalog.roles["public"].verbs) <= {"session.open", "session.close"}
    assert catalog.roles["public"].reads == ("issued_warning",)


def test_the_auditor_reads_all_and_does_nothing(catalog: Catalog) -> None:
    assert (catalog.roles["auditor"].verbs, catalog.roles["auditor"].reads) == ((), ("*",))


def test_who_drafts_a_warning_is_not_alone_with_it(catalog: Catalog) -> None:
    assert not may(catalog, "duty_officer", "warning.approve")
    assert all(template.second_person for template in catalog.warning_templates.values())
    assert all(may(catalog, template.approver, "warning.approve") for template in catalog.warning_templates.values())


def test_every_plan_action_is_given_to_a_role_that_may_take_tasks(catalog: Catalog) -> None:
    for plan in catalog.plans.values():
        for name, action in plan.actions.items():
            assert may(catalog, action.role, "task.submit"), (name, action.role)


# Entries as the rooms write them: what the reactions' expressions may rely on.
ALARM = {
    "alarm": "a1",
    "sensor": "s1",
    "rule": "ponding",
    "about": "hazard",
    "quantity": "ponding_depth",
    "grade": "orange",
    "value": 0.3,
    "hidden": False,
}
FORECAST = {"forecast": "f1", "hazard": "waterlogging", "grade": "orange", "people": 900,
            "towns": [{"area": "310117001", "grade": "orange", "people": 900}]}  # fmt: skip
WARNING = {"warning": "w1", "event_type": "11A02", "grade": "red"}
SAMPLES: dict[str, dict[str, Any]] = {
    "alarm.open": {"data": ALARM},
    "alarm.raise": {"data": ALARM},
    "forecast.run": {"data": FORECAST},
    "need.estimate": {"data": {"need": "n1", "short": True}},
    "warning.issue": {"data": WARNING},
    "warning.relay": {"data": WARNING},
    "incident.open": {"data": {}},
    "reaction.fail": {"args": {"reaction": "r", "error": "e"}},
    "reaction.halt": {"args": {"reaction": "r", "error": "e"}},
}


def test_every_reaction_comes_out_for_the_entries_it_waits_for(catalog: Catalog) -> None:
    now = datetime(2024, 9, 15, 9, tzinfo=UTC)
    for reaction in catalog.reactions.values():
        assert reaction.on in SAMPLES, reaction.id
        frame = {"seq": 1, "at": now, "by": "u", "verb": reaction.on, "subject": "x", "area": "310117", "because": None}
        seen = {"entry": {"args": {}, "data": {}, **frame, **SAMPLES[reaction.on]}, "now": now, "item": None}

        assert reaction.where is None or evaluate(reaction.where, seen) is True, reaction.id
        for expression in reaction.with_.values():
            assert evaluate(expression, seen) is not None, (reaction.id, expression)


def test_a_forecast_without_a_grade_sets_nothing_off(catalog: Catalog) -> None:
    seen = {"entry": {"data": {**FORECAST, "grade": None}}}
    waiting = [r for r in catalog.reactions.values() if r.on == "forecast.run"]

    assert waiting
    assert not any(evaluate(r.where, seen) for r in waiting if r.where)
