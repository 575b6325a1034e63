"""The vectorised rules against a slow reference that reads like the text of `anlan.science.signals`."""

import math
from dataclasses import dataclass, field, fields
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.science.signals import Interval, Outcome, State, Threshold, Transitions, evaluate, evaluate_series

TIDE = Threshold(">=", (("blue", 4.5), ("yellow", 4.9), ("red", 5.3)), hold_s=300, clear=4.4, clear_hold_s=600)


@dataclass
class SlowSensor:
    """One sensor, one sample at a time, in plain Python."""

    rule: Threshold
    last: float = -math.inf
    met_since: dict[int, float] = field(default_factory=dict)
    clear_since: dict[int, float] = field(default_factory=dict)
    is_set: set[int] = field(default_factory=set)
    late: int = 0
    missing: int = 0

    def sample(self, t, v):
        """Return (from level, to level) for this sample."""
        before = len(self.is_set)
        if v is None or math.isnan(v):
            self.missing += 1
        elif t <= self.last:
            self.late += 1
        else:
            if t - self.last > self.rule.max_gap_s:
                self.met_since.clear()
                self.clear_since.clear()
            self.last = t
            for k in range(len(self.rule.levels)):
                self.step(k, t, v)
        return before, len(self.is_set)

    def step(self, k, t, v):
        rule, limit, clear = self.rule, self.rule.values[k], self.rule.clear_values[k]
        meets = {">=": v >= limit, ">": v > limit, "<=": v <= limit, "<": v < limit}[rule.op]
        is_clear = not meets and (v <= clear if rule.op in (">=", ">") else v >= clear)
        for runs, holds in ((self.met_since, meets), (self.clear_since, is_clear)):
            if holds:
                runs.setdefault(k, t)
            else:
                runs.pop(k, None)
        if meets and t - self.met_since[k] >= rule.hold_s:
            self.is_set.add(k)
        if is_clear and t - self.clear_since[k] >= rule.clear_hold_s:
            self.is_set.discard(k)


def slow(n, samples, rule):
    sensors = [SlowSensor(rule) for _ in range(n)]
    found = []
    for s, t, v in samples:
        before, after = sensors[s].sample(t, v)
        if before != after:
            found.append((t, s, before, after, v))
    return sorted(found), sum(x.late for x in sensors), sum(x.missing for x in sensors)


def fast(n, batches, rule):
    state, found, late, missing = State.fresh(n, rule), [], 0, 0
    for batch in batches:
        outcome = evaluate(state, *columns(batch), rule)
        state = outcome.state
        late, missing = late + outcome.late, missing + outcome.missing
        found += rows(outcome.transitions)
    return sorted(found), late, missing


def columns(batch):
    return [s for s, _, _ in batch], [t for _, t, _ in batch], [v for _, _, v in batch]


def rows(x: Transitions):
    return list(
        zip(
            x.time_s.tolist(),
            x.sensor.tolist(),
            x.from_level.tolist(),
            x.to_level.tolist(),
            x.value.tolist(),
            strict=True,
        )
    )


VALUES = st.one_of(st.sampled_from([0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, math.nan, math.inf]), st.floats(-1, 7))
SAMPLES = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 40).map(float), VALUES), max_size=60)


@st.composite
def rules(draw):
    op = draw(st.sampled_from([">=", ">", "<=", "<"]))
    limits = sorted(draw(st.sets(st.integers(1, 6), min_size=1, max_size=3)), reverse=op in ("<=", "<"))
    sign = 1 if op in (">=", ">") else -1
    margin = draw(st.sampled_from([None, 0.0, 0.5, 2.0]))
    return Threshold(
        op,
        tuple((f"g{i}", float(v)) for i, v in enumerate(limits)),
        hold_s=draw(st.sampled_from([0.0, 1.0, 5.0])),
        clear=None if margin is None else limits[0] - sign * margin,
        clear_hold_s=draw(st.sampled_from([0.0, 1.0, 7.0])),
        max_gap_s=draw(st.sampled_from([math.inf, 3.0])),
    )


@given(rules(), SAMPLES, st.lists(st.integers(0, 60), max_size=6))
def test_any_cut_of_the_stream_gives_what_the_slow_reference_gives(rule, samples, cuts):
    edges = [0, *sorted(min(c, len(samples)) for c in cuts), len(samples)]
    batches = [samples[a:b] for a, b in pairwise(edges)]

    assert fast(3, batches, rule) == slow(3, samples, rule)


@given(rules(), st.lists(st.tuples(st.floats(0.1, 5), VALUES), max_size=60))
def test_set_levels_are_always_the_mildest(rule, steps):
    times = np.cumsum([dt for dt, _ in steps])
    outcome = evaluate(State.fresh(1, rule), np.zeros(len(steps), int), times, [v for _, v in steps], rule)

    assert np.all(np.diff(outcome.state.is_set.astype(int), axis=1) <= 0)


def test_a_level_opens_when_it_has_been_held_and_clears_when_it_has_been_clear_for_long_enough():
    times = np.arange(0, 3001, 300.0)
    values = [4.4, 4.5, 4.5, 4.6, 4.45, 4.41, 4.4, 4.3, 4.2, 4.1, 4.0]

    assert evaluate_series(times, values, TIDE) == [Interval("blue", 600, 2400)]


def test_a_dip_starts_the_hold_anew():
    assert evaluate_series([0, 200, 299, 300, 599], [4.6, 4.6, 4.49, 4.6, 4.6], TIDE) == []
    assert evaluate_series([0, 200, 299, 300, 600], [4.6, 4.6, 4.49, 4.6, 4.6], TIDE) == [Interval("blue", 600, None)]


def test_grades_rise_and_fall_with_the_same_margin():
    rule = Threshold(">=", (("blue", 4.5), ("red", 5.0)), clear=4.4)

    assert evaluate_series([0, 1, 2, 3, 4, 5], [4.5, 5.0, 4.95, 4.9, 4.45, 4.4], rule) == [
        Interval("blue", 0, 1),
        Interval("red", 1, 3),
        Interval("blue", 3, 5),
    ]


def test_low_values_alarm_where_the_operator_says_so():
    oxygen = Threshold("<", (("yellow", 19.5), ("red", 18.0)), clear=20.0)

    assert evaluate_series([0, 1, 2, 3, 4], [19.5, 17.9, 19.9, 19.99, 20.0], oxygen) == [
        Interval("red", 1, 2),
        Interval("yellow", 2, 4),
    ]


def test_the_level_itself_counts_for_ge_and_not_for_gt():
    assert evaluate_series([0], [30], Threshold(">=", (("red", 30.0),))) == [Interval("red", 0, None)]
    assert evaluate_series([0], [30], Threshold(">", (("red", 30.0),))) == []


def test_a_missing_value_neither_holds_nor_breaks():
    rule = Threshold(">=", (("red", 1.0),), hold_s=10)

    assert evaluate_series([0, 5, 10], [1.0, None, 1.0], rule) == [Interval("red", 10, None)]
    assert evaluate_series([0, 10], [1.0, None], rule) == []


def test_a_long_silence_breaks_the_hold():
    rule = Threshold(">=", (("red", 1.0),), hold_s=10, max_gap_s=60)

    assert evaluate_series([0, 3600, 3610], [1.0, 1.0, 1.0], rule) == [Interval("red", 3610, None)]


def test_duplicates_and_late_samples_change_nothing_and_are_counted():
    rule = Threshold(">=", (("red", 1.0),))
    outcome = evaluate(State.fresh(2, rule), [0, 0, 0, 1], [10, 10, 5, 3], [2.0, 0.0, 0.0, math.nan], rule)

    assert rows(outcome.transitions) == [(10.0, 0, 0, 1, 2.0)]
    assert (outcome.late, outcome.missing) == (2, 1)


def test_the_state_given_is_not_changed():
    state = State.fresh(2, TIDE)
    copies = {f.name: getattr(state, f.name).copy() for f in fields(state)}
    evaluate(state, [0, 1, 0], [0, 0, 300], [5, 4, 5], TIDE)

    for name, copy in copies.items():
        np.testing.assert_array_equal(getattr(state, name), copy)


def test_an_empty_batch_is_no_change():
    outcome = evaluate(State.fresh(3, TIDE), [], [], [], TIDE)

    assert isinstance(outcome, Outcome)
    assert len(outcome.transitions) == outcome.late == outcome.missing == 0


@pytest.mark.parametrize(
    ("fault", "named"),
    [
        ({"op": "=="}, "op"),
        ({"levels": ()}, "levels"),
        ({"levels": (("red", 2.0), ("blue", 1.0))}, "levels"),
        ({"levels": (("red", math.nan),)}, "levels"),
        ({"clear": 1.1}, "clear"),
        ({"hold_s": -1.0}, "hold_s"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_by_the_name_of_its_field(fault, named):
    sound = {"op": ">=", "levels": (("blue", 1.0), ("red", 2.0))}

    with pytest.raises(ValueError, match=named):
        Threshold(**(sound | fault))


@pytest.mark.parametrize(
    "batch",
    [([0], [0, 1], [0]), ([3], [0], [0]), ([-1], [0], [0]), ([0], [math.nan], [0])],
)
def test_a_batch_that_makes_no_sense_is_refused(batch):
    with pytest.raises(ValueError, match=r"sensor|time_s"):
        evaluate(State.fresh(3, TIDE), *batch, TIDE)
