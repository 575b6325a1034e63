"""Random plans and streams, and both ways to evaluate them."""

import math
import random
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from hypothesis import strategies as st

from anlan.science.rules import Condition, EngineState, Group, Level, Plan, Schedule, Season, Term, advance
from anlan.science.rules.conditions import KINDS
from science.rules.reference import MICRO, Reference

KEYS = 1_000_003
VALUES = st.one_of(
    st.sampled_from([0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, -3.0, 40.0, math.nan, math.inf]),
    st.floats(-1, 7, width=32),
)
STEPS = [1.0, 1.0, 1.0, 1.0, 0.5, 0.5, 0.0, -2.0, 4.0, -4.0, 0.000001]
QUALITIES = [0] * 18 + [1, 2]
HOLDS = st.sampled_from([0.0, 0.0, 1.0, 5.0, 0.0000015])


class Told(NamedTuple):
    """A plan as both sides understand it."""

    n: int
    conditions: list
    sensors: list
    numbers: list
    groups: list
    low: list | None
    high: list | None

    def plan(self, keys=None):
        keys = [KEYS * k for k in range(len(self.sensors))] if keys is None else keys
        return Plan.build(self.n, self.conditions, self.sensors, self.numbers, keys, self.groups, self.low, self.high)

    def reference(self):
        return Reference(self.n, self.conditions, self.sensors, self.numbers, self.groups, self.low, self.high)


@st.composite
def conditions(draw, kinds=KINDS):
    kind = draw(st.sampled_from(kinds))
    op = draw(st.sampled_from([">=", ">"] if kind == "silence" else [">=", ">", "<=", "<"]))
    sign = 1 if op in {">=", ">"} else -1
    limits = sorted(draw(st.sets(st.sampled_from([0.5, 1, 2, 3, 4.5]), min_size=1, max_size=3)), reverse=sign < 0)
    margin = draw(st.sampled_from([None, 0.0, 0.5, 2.0]))
    return Condition(
        kind,
        op,
        tuple(Level(f"g{v}", float(v), draw(HOLDS), draw(HOLDS)) for v in limits),
        clear=None if margin is None else limits[0] - sign * margin,
        max_gap_s=draw(st.sampled_from([math.inf, 3.0])),
        window_s=draw(st.sampled_from([1.0, 4.0, 3.000001])),
        tolerance=draw(st.sampled_from([0.0, 0.6])),
        season=draw(st.sampled_from([Season(7.0, 3, 2, 5), Season(2.0, 1, 1)])) if kind == "deviation" else None,
        schedule=draw(st.sampled_from([None, None, None, Schedule(((3 * 1440, 3 * 1440 + 1),), 0)])),
    )


@st.composite
def groups(draw, n_slots, key):
    levels = draw(st.integers(1, 2))
    slots = st.sets(st.integers(0, n_slots - 1), max_size=4)
    terms = tuple(
        Term(
            np.array(sorted(draw(slots)), np.int32),
            draw(st.integers(1, 2)),
            tuple(sorted(draw(st.lists(st.integers(1, 3), min_size=levels, max_size=levels)))),
        )
        for _ in range(draw(st.integers(1, 2)))
    )
    return Group(
        key,
        ("g1", "g2")[:levels],
        draw(st.sampled_from(["all", "any"])),
        terms,
        window_s=draw(st.sampled_from([0.0, 2.0, 10.0])),
        hold_s=draw(HOLDS),
        clear_hold_s=draw(HOLDS),
    )


@st.composite
def plans(draw, kinds=KINDS):
    n = draw(st.integers(1, 3))
    told = draw(st.lists(conditions(kinds), min_size=2, max_size=5))
    s = draw(st.integers(2, 8))
    ranges = draw(st.sampled_from([(None, None), ([-2.0] * n, [20.0] * n), ([math.nan] * n, [5.0] * n)]))
    return Told(
        n,
        told,
        draw(st.lists(st.integers(0, n - 1), min_size=s, max_size=s)),
        draw(st.lists(st.integers(0, len(told) - 1), min_size=s, max_size=s)),
        [draw(groups(s, f"group {g}")) for g in range(draw(st.integers(0, 2)))],
        *ranges,
    )


def streams():
    """Return rows of up to three sensors and ticks: short ones that shrink well, and long ones with much to find."""
    seeds = st.integers(0, 2**32)
    return st.one_of(short_streams(), seeds.map(long_stream), seeds.map(long_stream))


@st.composite
def short_streams(draw):
    """Draw rows: most in order, some late, some of the same time, some long after."""
    now = draw(st.sampled_from([0, 0, 55 * MICRO, 1_700_000_000 * MICRO]))
    rows = []
    for sensor, step, value, quality in draw(
        st.lists(st.tuples(st.integers(-1, 2), st.sampled_from(STEPS), VALUES, st.sampled_from(QUALITIES)), max_size=40)
    ):
        now += round(step * MICRO)
        rows.append((sensor, now, math.nan if sensor < 0 else value, quality))
    return rows


def long_stream(seed):
    """Return a few hundred rows; each sensor's value keeps to where it is for a while, then jumps or creeps."""
    chance = random.Random(seed)
    now = chance.choice([0, 55 * MICRO, 1_700_000_000 * MICRO])
    level, slope, noise = [0.0] * 3, [0.0] * 3, chance.choice([0.0, 0.01, 0.3])
    rows, speaking = [], [-1]
    for _ in range(chance.randrange(50, 400)):
        now += round(chance.choice(STEPS) * MICRO)
        if chance.random() < 0.1:
            speaking = [-1, *(sensor for sensor in range(3) if chance.random() < 0.5)]
        sensor = chance.choice(speaking)
        if chance.random() < 0.15:
            level[sensor], slope[sensor] = chance.choice([0.0, 1.0, 2.0, 3.0, 5.0]), chance.choice([0, 0, 0.3, -0.3])
        level[sensor] += slope[sensor]
        value = (
            chance.choice([math.nan, math.inf, 40.0]) if chance.random() < 0.05 else chance.gauss(level[sensor], noise)
        )
        rows.append((sensor, now, math.nan if sensor < 0 else value, chance.choice(QUALITIES)))
    return rows


@st.composite
def busy_groups(draw):
    """Draw a plan of quick members in groups, and rows by which they come and leave at whole seconds."""
    chance = random.Random(draw(st.integers(0, 2**32)))
    at_once = Condition("threshold", ">=", (Level("g1", 1.0), Level("g2", 2.0)))
    told = Told(
        3,
        [at_once],
        [0, 1, 2],
        [0] * 3,
        [draw(groups(3, f"group {g}")) for g in range(draw(st.integers(1, 3)))],
        None,
        None,
    )
    now, rows = 0, []
    for _ in range(100):
        now += chance.choice([0, 0, 1, 1, 2]) * MICRO
        sensor = chance.choice([-1, -1, 0, 1, 2])
        rows.append((sensor, now, math.nan if sensor < 0 else chance.choice([0.0, 0.0, 1.0, 2.0]), 0))
    return told, rows


def within(rows, n):
    return [row for row in rows if row[0] < n]


def cut(rows, cuts):
    edges = [0, *sorted(min(c, len(rows)) for c in cuts), len(rows)]
    return [rows[a:b] for a, b in pairwise(edges)]


def slow(told, rows):
    reference = told.reference()
    for row in rows:
        reference.take(*row)
    return reference.verdicts, reference.findings


def fast(plan, state, batches):
    """Return verdicts and findings of all batches, rows counted through."""
    verdicts, findings = [], []
    for batch in batches:
        sensor, time_us, value, quality = zip(*batch, strict=True) if batch else ((), (), (), ())
        outcome = advance(plan, state, sensor, time_us, value, quality)
        findings += [(row + len(verdicts), *rest) for row, *rest in rows_of(outcome.findings)]
        verdicts += outcome.verdict.tolist()
    return verdicts, findings


def rows_of(x):
    columns = (x.row, x.time_us, x.slot, x.group, x.from_level, x.to_level, x.value)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def fresh(told):
    plan = told.plan()
    return plan, EngineState.fresh(plan)
