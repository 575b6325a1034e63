"""The life of a warning: every pair of state and step."""

import itertools

import pytest

from anlan.kernel.errors import Conflict
from anlan.warn.states import ARROWS, PENDING, STATES, STEPS, TOLD, move

# Written down a second time on purpose: before, step -> after, as the law and the issue tell it.
STORY = """
draft      edit    draft
draft      submit  in_review
in_review  return  draft
in_review  approve approved
approved   return  draft
approved   issue   issued
issued     update  updated
issued     cancel  cancelled
issued     expire  expired
"""
EXPECTED = {(a, s): b for a, s, b in (line.split() for line in STORY.split("\n") if line)}


@pytest.mark.parametrize(("state", "step"), list(itertools.product(STATES, STEPS)))
def test_every_pair_moves_as_told_or_is_refused(state: str, step: str) -> None:
    if (state, step) in EXPECTED:
        assert move(state, step) == EXPECTED[state, step]
    else:
        with pytest.raises(Conflict) as caught:
            move(state, step)
        assert caught.value.value == state


def test_every_state_is_either_pending_or_told() -> None:
    assert (*PENDING, *TOLD) == STATES


def test_nothing_told_becomes_a_draft_again_and_nothing_ended_moves() -> None:
    assert {after for (before, _), after in ARROWS.items() if before in TOLD} <= set(TOLD)
    assert not [before for (before, _) in ARROWS if before in {"updated", "cancelled", "expired"}]


def test_only_an_approved_warning_is_issued() -> None:
    assert [before for (before, _), after in ARROWS.items() if after == "issued"] == ["approved"]
