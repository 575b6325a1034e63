"""The alarm states against the transitions of ANSI/ISA-18.2, written out by hand."""

import pytest

from anlan.kernel.errors import Conflict
from anlan.sense.alarming.states import ARROWS, EVENTS, HIDDEN, STATES, VISIBLE, move

# ISA-18.2-2016, figure 3: from, event, to.
STANDARD = {
    ("normal", "open", "unacknowledged"),
    ("unacknowledged", "acknowledge", "acknowledged"),
    ("unacknowledged", "clear", "returned_unacknowledged"),
    ("acknowledged", "clear", "normal"),
    ("acknowledged", "raise", "unacknowledged"),
    ("returned_unacknowledged", "acknowledge", "normal"),
    ("returned_unacknowledged", "raise", "unacknowledged"),
}


def test_the_arrows_of_the_standard_are_there() -> None:
    assert {(*pair, after) for pair, after in ARROWS.items()} >= STANDARD


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("event", EVENTS)
def test_every_pair_of_state_and_event_moves_along_an_arrow_or_is_refused(state: str, event: str) -> None:
    if (state, event) in ARROWS:
        assert move(state, event) in STATES
    else:
        with pytest.raises(Conflict):
            move(state, event)


def test_nothing_but_an_opening_leaves_the_normal_state() -> None:
    assert [event for state, event in ARROWS if state == "normal"] == ["open"]


def test_what_the_condition_does_never_shows_a_hidden_alarm() -> None:
    assert all(move(hidden, event) == hidden for hidden in HIDDEN for event in ("raise", "ease", "clear"))


def test_every_visible_state_can_be_hidden_in_each_way() -> None:
    assert {(s, e) for s in VISIBLE for e in ("shelve", "suppress", "remove")} <= set(ARROWS)


def test_every_state_can_reach_normal() -> None:
    reach = {"normal"}
    while grown := {state for (state, _), after in ARROWS.items() if after in reach} - reach:
        reach |= grown

    assert reach == set(STATES)
