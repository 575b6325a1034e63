"""From one plan to the next: what is remembered of the same sensors, slots and groups goes on."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from anlan.science.arrays import Ints
from anlan.science.rules import layout
from anlan.science.rules.conditions import MAX_LEVELS
from anlan.science.rules.layout import CONDITION_SHIFT, COUNT_SHIFT, RUN_SHIFT
from anlan.science.rules.memory import IN, OUT, S_CLOCK, S_DUE, S_LINGERING, S_WIDTH
from anlan.science.rules.plan import Plan
from anlan.science.rules.state import EngineState, gravest

_CHANGING = ("words", "clock", "left", "counts", "groups")
_MEMORY, _WHOLE, _GRADES = 0, 1, 2
"""Columns of marks: see `layout.marks`."""


def carried(state: EngineState, plan: Plan) -> EngineState:
    """Return the state of another plan, with all that `state` remembers and the plan still asks for.

    Parameters
    ----------
    state : EngineState
        Of any plan; not changed.
    plan : Plan

    Returns
    -------
    EngineState
        Sensors keep their newest row by their numbers. A slot of the same key keeps the flip-flops of the same grades;
        what it has learned, if kind, window, tolerance and season are the same; its runs, if the whole condition is.
        Groups of the same key keep the flip-flops of the same grades, and their runs if they are the same but for
        their members; members that linger go on lingering. The groups are looked at when the next tick comes.
    """
    new = EngineState.fresh(plan)
    new.clock[:] = state.clock
    _sensors(state, new)
    mine, theirs = _matched(state.slot_key, new.slot_key)
    pairs = state.slot_condition[mine].astype(np.int64) << 32 | new.slot_condition[theirs]
    old_heads, new_heads = state.head_words(), new.head_words()
    order = np.argsort(pairs, kind="stable")
    starts = np.flatnonzero(np.diff(pairs[order], prepend=-1))
    for some in np.split(order, starts[1:]) if len(order) else []:
        _slots(state, new, old_heads[mine[some]], new_heads[theirs[some]], int(pairs[some[0]]))
    _groups(state, new)
    _members(state, new, plan)
    return new


def restored(arrays: Mapping[str, npt.NDArray[Any]], plan: Plan) -> EngineState:
    """Return a state as it was kept, to go on under a plan.

    Parameters
    ----------
    arrays : mapping
        As `EngineState.arrays` gave them. Where the plan is laid out as that of then, they are not copied if they can
        be written to, and change with the state; otherwise the state is `carried`.
    plan : Plan
    """
    state, new = EngineState.from_arrays(arrays), plan.layout
    if not all(np.array_equal(getattr(state, name), mine) for name, mine in new.items()):
        return carried(state, plan)
    changing: dict[str, Any] = {name: _writeable(getattr(state, name)) for name in _CHANGING}
    state = replace(state, **changing, **new)
    state.words[plan.sensor_at[:-1] + layout.LOW] = plan.low.view(np.int64)
    state.words[plan.sensor_at[:-1] + layout.HIGH] = plan.high.view(np.int64)
    return state


def _writeable(array: Ints) -> Ints:
    return array if array.flags.writeable else array.copy()


def _sensors(state: EngineState, new: EngineState) -> None:
    n = min(len(state.sensor_at), len(new.sensor_at)) - 1
    for word in (layout.NEWEST, layout.VALUE, layout.EVALUATED):
        new.words[new.sensor_at[:n] + word] = state.words[state.sensor_at[:n] + word]


def _matched(mine: Ints, theirs: Ints) -> tuple[Ints, Ints]:
    """Return where the common keys stand in each of two arrays of different keys."""
    if np.array_equal(mine, theirs):
        return np.arange(len(mine)), np.arange(len(mine))
    _, a, b = np.intersect1d(mine, theirs, assume_unique=True, return_indices=True)
    return a.astype(np.int64), b.astype(np.int64)


def _slots(state: EngineState, new: EngineState, old: Ints, now: Ints, pair: int) -> None:
    """Carry slots that all had the same condition and all have the same now."""
    c, d = pair >> 32, pair & 0xFFFFFFFF
    had, has = state.marks[c], new.marks[d]
    head = state.words[old]
    flags = _by_grade(head & 0xFF, had[_GRADES:], has[_GRADES:])
    if had[_WHOLE] == has[_WHOLE]:
        flags |= head & 0xFF << RUN_SHIFT
        for k in range(_levels(has)):
            new.words[now + 1 + k] = state.words[old + 1 + k]
    if had[_MEMORY] == has[_MEMORY]:
        flags |= head & 0xFFFF << COUNT_SHIFT
        first, again = 1 + _levels(had), 1 + _levels(has)
        for word in range(int(state.sizes[c]) - first):
            new.words[now + again + word] = state.words[old + first + word]
    new.words[now] = d << CONDITION_SHIFT | flags


def _levels(marks: Ints) -> int:
    return int(np.count_nonzero(marks[_GRADES:]))


def _by_grade(flags: Ints, had: Ints, has: Ints) -> Ints:
    """Return flip-flops in the order of other levels, by the marks of their grades."""
    out = np.zeros_like(flags)
    for k, grade in enumerate(has):
        for j in np.flatnonzero(had == grade) if grade else ():
            out |= (flags >> j & 1) << k
    return out


def _groups(state: EngineState, new: EngineState) -> None:
    mine, theirs = _matched(state.group_marks[:, 0], new.group_marks[:, 0])
    old, now = state.groups.reshape(-1, S_WIDTH), new.groups.reshape(-1, S_WIDTH)
    for a, b in zip(mine.tolist(), theirs.tolist(), strict=True):
        had, has = state.group_marks[a], new.group_marks[b]
        now[b, 0] = _by_grade(old[a, :1] & 0xFF, had[_GRADES:], has[_GRADES:])[0]
        now[b, S_CLOCK] = old[a, S_CLOCK]
        if had[_WHOLE] == has[_WHOLE]:
            now[b, : 1 + MAX_LEVELS] = old[a, : 1 + MAX_LEVELS]


def _members(state: EngineState, new: EngineState, plan: Plan) -> None:
    """Count the members anew by the levels of their slots, and let those linger that did."""
    compounds = plan.compounds
    mine, theirs = _matched(state.member_key, new.member_key)
    was = np.full(len(new.left), OUT, np.int64)
    was[theirs] = state.left[mine]
    term = compounds.terms[compounds.member_term]
    inside = gravest(new.words[new.head_words()])[compounds.member_slot] >= term[:, 1]
    lingers = ~inside & (was != OUT) & (was != IN)
    new.left[:] = np.where(inside, IN, np.where(lingers, was, OUT))
    new.counts[:] = np.bincount(compounds.member_term[new.left != OUT], minlength=len(new.counts))
    groups = new.groups.reshape(-1, S_WIDTH)
    groups[:, S_LINGERING] = np.bincount(term[lingers, 0], minlength=len(groups))
    groups[:, S_DUE] = 1
