"""The table of states: every pair, and random walks."""

import itertools

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from anlan.kernel.errors import Conflict
from anlan.task.lifecycle import allow
from anlan.task.model import ARROWS, ENDED, OPEN, State

# Written out a second time, by hand, from the six steps of grid management and the two ways back and out.
PERMITTED = {
    ("found", "filed"),
    ("filed", "dispatched"),
    ("dispatched", "handling"),
    ("handling", "verifying"),
    ("verifying", "closed"),
    ("verifying", "handling"),
    ("filed", "cancelled"),
    ("dispatched", "cancelled"),
    ("handling", "cancelled"),
    ("verifying", "cancelled"),
}


@pytest.mark.parametrize(("before", "after"), list(itertools.product(State, State)))
def test_every_pair_of_states_is_an_arrow_or_is_refused(before: State, after: State) -> None:
    if (before, after) in PERMITTED:
        allow(before, after)
    else:
        with pytest.raises(Conflict):
            allow(before, after)


def test_closed_and_cancelled_are_the_ends_and_every_state_reaches_one() -> None:
    assert {State.CLOSED, State.CANCELLED} == ENDED
    for start in OPEN:
        reached, waiting = {start}, [start]
        while waiting:
            fresh = ARROWS[waiting.pop()] - reached
            reached |= fresh
            waiting += fresh
        assert reached >= ENDED


class Walk(RuleBasedStateMachine):
    """Any sequence of wishes: only arrows are followed, and an end is for good."""

    @initialize()
    def start(self) -> None:
        self.state, self.step = State.FOUND, 0
        self.ended_at: int | None = None

    @rule(wish=st.sampled_from(State))
    def try_to_move(self, wish: State) -> None:
        self.step += 1
        try:
            allow(self.state, wish)
        except Conflict:
            return
        assert self.ended_at is None
        self.state = wish
        if wish in ENDED:
            self.ended_at = self.step

    @invariant()
    def an_end_is_an_end(self) -> None:
        if self.ended_at is not None:
            assert self.state in ENDED


TestWalk = Walk.TestCase
TestWalk.settings = settings(max_examples=50, stateful_step_count=20)
