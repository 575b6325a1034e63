"""The table of states of an activation: every pair."""

import itertools

import pytest

from anlan.kernel.errors import Conflict
from anlan.plan.lifecycle import allow
from anlan.plan.model import OPEN, State

PERMITTED = {("proposed", "active"), ("proposed", "declined"), ("active", "ended")}


@pytest.mark.parametrize(("before", "after"), list(itertools.product(State, State)))
def test_every_pair_of_states_is_an_arrow_or_is_refused(before: State, after: State) -> None:
    if (before, after) in PERMITTED:
        allow(before, after)
    else:
        with pytest.raises(Conflict):
            allow(before, after)


def test_what_is_proposed_or_active_is_open() -> None:
    assert {State.PROPOSED, State.ACTIVE} == OPEN
