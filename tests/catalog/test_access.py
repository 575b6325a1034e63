"""Roles and reactions: what machines may do, and that they stay within it."""

from fnmatch import fnmatchcase

import pytest

from anlan.catalog import Catalog

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
