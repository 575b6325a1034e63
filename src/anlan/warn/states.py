"""The life of a warning as one table, and the one function that takes a step in it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, get_args

from anlan.kernel.errors import Conflict

State = Literal["draft", "in_review", "approved", "issued", "updated", "cancelled", "expired"]
Step = Literal["edit", "submit", "return", "approve", "issue", "update", "cancel", "expire"]

STATES: tuple[State, ...] = get_args(State)
STEPS: tuple[Step, ...] = get_args(Step)

ARROWS: Mapping[tuple[State, Step], State] = MappingProxyType(
    {
        ("draft", "edit"): "draft",
        ("draft", "submit"): "in_review",
        ("in_review", "return"): "draft",
        ("in_review", "approve"): "approved",
        ("approved", "return"): "draft",
        ("approved", "issue"): "issued",
        ("issued", "update"): "updated",
        ("issued", "cancel"): "cancelled",
        ("issued", "expire"): "expired",
    }
)
"""Every step there is. ``update`` is what happens to a warning when the one that supersedes it is issued."""

PENDING: tuple[State, ...] = ("draft", "in_review", "approved")
"""Before issue: an affair of the office."""

TOLD: tuple[State, ...] = ("issued", "updated", "cancelled", "expired")
"""From issue on: the public's affair."""


def move(state: State, step: Step) -> State:
    """Return the state after a step.

    Raises
    ------
    Conflict
        If a warning in this state cannot take the step; names the steps that it can take.
    """
    after = ARROWS.get((state, step))
    if after is None:
        allowed = ", ".join(s for (before, s) in ARROWS if before == state) or "-"
        raise Conflict("warning.step", at="args.warning", value=state, params={"step": step, "allowed": allowed})
    return after
