"""The table of states of a report: every pair."""

import itertools

import pytest

from anlan.respond.model import REPORT_ARROWS, WAITING, ReportState

PERMITTED = {
    ("owed", "draft"),
    ("owed", "dropped"),
    ("draft", "draft"),  # written anew
    ("draft", "sent"),
    ("draft", "dropped"),
}


@pytest.mark.parametrize(("before", "after"), list(itertools.product(ReportState, ReportState)))
def test_every_pair_of_states_is_an_arrow_or_not(before: ReportState, after: ReportState) -> None:
    assert (after in REPORT_ARROWS[before]) == ((before, after) in PERMITTED)


def test_what_waits_can_still_change() -> None:
    assert {state for state, following in REPORT_ARROWS.items() if following} == WAITING
