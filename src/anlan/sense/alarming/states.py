"""The states of an alarm and the only ways between them, after ANSI/ISA-18.2-2016, 6.2 (alarm state transitions).

The standard's letters: A normal, B unacknowledged, C acknowledged, D returned to normal unacknowledged, G shelved,
H suppressed by design, I out of service. G, H and I hide an alarm whatever its condition does; leaving them leads to
B while the condition holds and to A while it does not.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, get_args

from anlan.kernel.errors import Conflict

State = Literal[
    "normal",
    "unacknowledged",
    "acknowledged",
    "returned_unacknowledged",
    "shelved",
    "suppressed_by_design",
    "out_of_service",
]

Event = Literal[
    "open",
    "raise",
    "ease",
    "clear",
    "acknowledge",
    "shelve",
    "unshelve_active",
    "unshelve_quiet",
    "suppress",
    "unsuppress_active",
    "unsuppress_quiet",
    "remove",
    "restore_active",
    "restore_quiet",
]

STATES: tuple[State, ...] = get_args(State)
EVENTS: tuple[Event, ...] = get_args(Event)
VISIBLE: tuple[State, ...] = ("unacknowledged", "acknowledged", "returned_unacknowledged")
HIDDEN: tuple[State, ...] = ("shelved", "suppressed_by_design", "out_of_service")


def _hides(into: State, enter: Event, while_active: Event, while_quiet: Event) -> dict[tuple[State, Event], State]:
    """Return the arrows into and out of a hidden state; what the condition does inside does not show."""
    unseen: tuple[Event, ...] = ("raise", "ease", "clear")
    return {
        **{(state, enter): into for state in VISIBLE},
        **{(into, event): into for event in unseen},
        (into, while_active): "unacknowledged",
        (into, while_quiet): "normal",
    }


ARROWS: Mapping[tuple[State, Event], State] = MappingProxyType(
    {
        ("normal", "open"): "unacknowledged",
        ("unacknowledged", "raise"): "unacknowledged",
        ("unacknowledged", "ease"): "unacknowledged",
        ("unacknowledged", "clear"): "returned_unacknowledged",
        ("unacknowledged", "acknowledge"): "acknowledged",
        ("acknowledged", "raise"): "unacknowledged",  # graver than what was acknowledged: it calls again
        ("acknowledged", "ease"): "acknowledged",
        ("acknowledged", "clear"): "normal",
        ("returned_unacknowledged", "raise"): "unacknowledged",  # re-alarm before anybody saw the first
        ("returned_unacknowledged", "acknowledge"): "normal",
        **_hides("shelved", "shelve", "unshelve_active", "unshelve_quiet"),
        **_hides("suppressed_by_design", "suppress", "unsuppress_active", "unsuppress_quiet"),
        **_hides("out_of_service", "remove", "restore_active", "restore_quiet"),
    }
)


def move(state: State, event: Event) -> State:
    """Return the state after an event.

    Raises
    ------
    Conflict
        If there is no such arrow.
    """
    after = ARROWS.get((state, event))
    if after is None:
        possible = ", ".join(e for s, e in ARROWS if s == state)
        raise Conflict("alarm.arrow", value=event, params={"state": state, "possible": possible})
    return after
