"""What is remembered: kept and taken up again, and carried from one plan to the next."""

import io
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.science.rules import Condition, EngineState, Group, Level, Plan, Term, advance, carried, restored
from anlan.science.rules.seeding import seed_slot
from science.rules.streams import KEYS, MICRO, fast, fresh, plans, slow, streams, within

RULE = Condition("threshold", ">=", (Level("blue", 4.5, 60), Level("red", 5.0, 60)), clear=4.4)


def kept(state, plan):
    """Return a state as it comes back from a file, for a plan."""
    file = io.BytesIO()
    np.savez(file, **state.arrays())
    file.seek(0)
    with np.load(file) as arrays:
        return restored({name: arrays[name] for name in arrays.files}, plan)


@settings(deadline=None, max_examples=100)
@given(plans(), streams(), st.integers(0, 60))
def test_a_state_taken_up_again_goes_on_as_if_nothing_had_been(told, rows, at):
    rows = within(rows, told.n)
    plan, state = fresh(told)
    before = fast(plan, state, [rows[:at]])
    again = told.plan()
    after = fast(again, kept(state, again), [rows[at:]])

    expected = slow(told, rows)
    assert before[0] + after[0] == expected[0]
    assert before[1] + [(row + len(rows[:at]), *rest) for row, *rest in after[1]] == expected[1]


@settings(deadline=None, max_examples=100)
@given(plans(), streams(), st.integers(0, 60), st.randoms(use_true_random=False))
def test_carried_to_a_plan_that_asks_the_same_in_another_order_all_goes_on(told, rows, at, random):
    rows = within(rows, told.n)
    plan, state = fresh(told)
    before = fast(plan, state, [rows[:at]])
    order = list(range(len(told.sensors)))
    random.shuffle(order)
    other = shuffled(told, order)
    verdicts, findings = fast(other, carried(state, other), [rows[at:]])

    told_again = [(row + len(rows[:at]), t, -1 if slot < 0 else order[slot], *rest) for row, t, slot, *rest in findings]
    expected = slow(told, rows)
    assert before[0] + verdicts == expected[0]
    assert sorted(before[1] + told_again) == sorted(expected[1])


def shuffled(told, order):
    """Return a plan with the same slots under other numbers, other numbers of conditions, and one more sensor."""
    place = {old: new for new, old in enumerate(order)}
    groups = [
        Group(
            g.key, g.levels, g.mode,
            tuple(Term(np.array([place[s] for s in t.slots], np.int32), t.level, t.need) for t in g.terms),
            g.window_s, g.hold_s, g.clear_hold_s,
        )
        for g in told.groups
    ]  # fmt: skip
    m = len(told.conditions)
    return Plan.build(
        told.n + 1,
        [RULE, *told.conditions],
        [*(told.sensors[old] for old in order), told.n],
        [*(told.numbers[old] + 1 for old in order), 0],
        [*(KEYS * old for old in order), -m],
        groups,
        None if told.low is None else [*told.low, math.nan],
        None if told.high is None else [*told.high, math.nan],
    )


def one(condition, key=7, sensors=1):
    return Plan.build(sensors, [condition], range(sensors), [0] * sensors, range(key, key + sensors))


def run(plan, state, series):
    times, values = zip(*series, strict=True)
    outcome = advance(plan, state, [0] * len(times), np.array(times) * MICRO, values)
    found = outcome.findings
    return list(zip((found.time_us // MICRO).tolist(), found.from_level.tolist(), found.to_level.tolist(), strict=True))


def test_a_slot_of_another_key_starts_fresh():
    plan = one(RULE)
    state = EngineState.fresh(plan)
    assert run(plan, state, [(0, 5), (60, 5)]) == [(60, 0, 2)]
    other = one(RULE, key=8)
    state = carried(state, other)

    assert state.levels().tolist() == [0]
    assert run(other, state, [(60, 5), (90, 5), (150, 5)]) == [(150, 0, 2)]


def test_under_new_values_an_alarm_stands_until_it_is_clear_under_them_and_runs_start_anew():
    plan = one(RULE)
    state = EngineState.fresh(plan)
    run(plan, state, [(0, 4.6), (60, 4.6), (90, 5.1)])
    milder = one(Condition("threshold", ">=", (Level("blue", 3.0, 60), Level("red", 3.5, 60)), clear=2.9))
    state = carried(state, milder)

    assert state.levels().tolist() == [1]
    assert run(milder, state, [(120, 3.6), (150, 3.6), (180, 3.6), (181, 2.0)]) == [(180, 1, 2), (181, 2, 0)]


def test_a_grade_added_below_and_one_taken_away_leave_the_others_as_they_are():
    plan = one(RULE)
    state = EngineState.fresh(plan)
    run(plan, state, [(0, 5), (60, 5)])
    more = one(Condition("threshold", ">=", (Level("blue", 4), Level("yellow", 4.5), Level("red", 5)), clear=4))
    fewer = one(Condition("threshold", ">=", (Level("blue", 4.5),)))

    assert carried(state, more).levels().tolist() == [3]
    assert carried(state, fewer).levels().tolist() == [1]


def test_what_a_rate_has_learned_outlives_new_levels_but_not_a_new_window():
    slow_rise = Condition("rate", ">=", (Level("blue", 100.0),), window_s=60)
    plan = one(slow_rise)
    state = EngineState.fresh(plan)
    run(plan, state, [(0, 0.0), (30, 1.0)])
    lower = one(Condition("rate", ">=", (Level("blue", 2.0), Level("red", 9.0)), window_s=60))
    longer = one(Condition("rate", ">=", (Level("blue", 2.0), Level("red", 9.0)), window_s=61))

    assert run(lower, carried(state, lower), [(60, 3.0)]) == [(60, 0, 1)]
    assert run(longer, carried(state, longer), [(61, 3.0)]) == []


def test_a_group_with_a_new_member_that_already_stands_is_looked_at_when_the_next_tick_comes():
    at_once = Condition("threshold", ">=", (Level("blue", 1.0),))
    plan = one(at_once, sensors=2)
    state = EngineState.fresh(plan)
    advance(plan, state, [0, 1], [MICRO, MICRO], [2.0, 2.0])
    both = Group("both", ("red",), "all", (Term(np.array([0, 1], np.int32), 1, (2,)),))
    grouped = Plan.build(2, [at_once], [0, 1], [0, 0], [7, 8], [both])
    found = advance(grouped, carried(state, grouped), [-1], [9 * MICRO], [math.nan]).findings

    assert (found.group.tolist(), found.time_us.tolist(), found.to_level.tolist()) == ([0], [9 * MICRO], [1])


def test_a_slot_that_is_known_to_stand_counts_in_its_groups_and_ends_like_any_other():
    at_once = Condition("threshold", ">=", (Level("blue", 1.0),))
    both = Group("both", ("red",), "all", (Term(np.array([0, 1], np.int32), 1, (2,)),))
    plan = Plan.build(2, [at_once], [0, 1], [0, 0], [7, 8], [both])
    state = EngineState.fresh(plan)
    for place in (0, 1):
        seed_slot(plan, state, place, 1)
    found = advance(plan, state, [-1, 0], [MICRO, 2 * MICRO], [math.nan, 0.0]).findings

    assert found.group.tolist() == [0, -1, 0]
    assert found.slot.tolist() == [-1, 0, -1]
    assert found.to_level.tolist() == [1, 0, 0]


def test_a_state_of_another_plan_is_refused():
    plan, other = one(RULE), one(RULE, key=9)

    with pytest.raises(ValueError, match="state"):
        advance(other, EngineState.fresh(plan), [0], [0], [1.0])


def test_arrays_that_cannot_be_written_to_are_copied():
    plan = one(RULE)
    state = EngineState.fresh(plan)
    run(plan, state, [(0, 5)])
    arrays = {name: array.copy() for name, array in state.arrays().items()}
    for array in arrays.values():
        array.flags.writeable = False
    plan = one(RULE)

    assert run(plan, restored(arrays, plan), [(60, 5)]) == [(60, 0, 2)]


def test_a_state_kept_under_another_plan_is_carried():
    plan, other = one(RULE), one(RULE, sensors=2)
    state = EngineState.fresh(plan)
    run(plan, state, [(0, 5)])

    assert run(other, kept(state, other), [(60, 5)]) == [(60, 0, 2)]


def test_new_ranges_count_for_a_state_taken_up_again():
    plan = one(RULE)
    narrow = Plan.build(1, [RULE], [0], [0], [7], high=[4.0])

    assert advance(narrow, kept(EngineState.fresh(plan), narrow), [0], [0], [5.0]).verdict.tolist() == [4]
