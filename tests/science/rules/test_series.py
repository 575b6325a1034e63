"""Cases worked by hand, one idea each, and the rules that stood before."""

import doctest
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import anlan.science.rules
from anlan.science.rules import (
    Condition,
    EngineState,
    Group,
    Interval,
    Level,
    Plan,
    Schedule,
    Season,
    Series,
    Term,
    advance,
    evaluate_many,
    evaluate_series,
)

RED = (Level("red", 1.0),)
HOUR = 3600.0


def test_the_examples_are_true():
    told = doctest.testmod(anlan.science.rules.series, extraglobs={"Level": Level})

    assert (told.failed, told.attempted > 0) == (0, True)


def test_a_graver_level_with_a_shorter_hold_opens_first_and_eases_to_the_milder_one():
    rule = Condition("threshold", ">=", (Level("yellow", 1.0, 300, 60), Level("red", 2.0, 10, 20)))

    assert evaluate_series(rule, [0, 10, 20, 30, 40, 50, 110], [3, 3, 1.5, 1.5, 1.5, 0, 0]) == [
        Interval("red", 10, 40),
        Interval("yellow", 40, 110),
    ]


def test_a_rate_is_the_change_over_the_window():
    rule = Condition("rate", ">=", (Level("yellow", 3.0), Level("red", 6.0)), window_s=HOUR)
    hours = np.arange(0, 6) * HOUR

    assert evaluate_series(rule, hours, [0, 1, 4, 10, 12, 12]) == [
        Interval("yellow", 2 * HOUR, 3 * HOUR),
        Interval("red", 3 * HOUR, 4 * HOUR),
    ]


def test_a_rate_over_a_longer_gap_than_the_window_is_brought_to_the_window():
    rule = Condition("rate", ">=", (Level("yellow", 3.0),), window_s=HOUR)

    assert evaluate_series(rule, [0, 2 * HOUR], [0, 5]) == []
    assert evaluate_series(rule, [0, 2 * HOUR], [0, 6]) == [Interval("yellow", 2 * HOUR, None)]


@given(st.integers(1, 40), st.floats(0.1, 50), st.floats(1, 100))
@settings(deadline=None, max_examples=50)
def test_of_a_straight_line_the_rate_is_its_slope_times_the_window(n, slope, step):
    """The earlier sample's age never matters to a straight line; the first number comes when a window has passed."""
    times = np.round(np.arange(n) * step, 6)
    window = 7.3
    found = evaluate_series(
        Condition("rate", ">=", (Level("red", slope * window * (1 - 1e-9)),), window_s=window), times, slope * times
    )
    reached = times[times >= window]

    assert found == ([Interval("red", reached[0], None)] if len(reached) else [])


def test_a_stuck_value_is_one_that_has_not_moved_by_more_than_the_tolerance():
    rule = Condition("stuck", ">=", (Level("yellow", 600),), tolerance=0.1)

    assert evaluate_series(rule, [0, 300, 600, 700, 800], [1.0, 1.05, 1.09, 0.95, 1.2]) == [
        Interval("yellow", 600, 800)
    ]


def test_a_gap_lets_a_stuck_value_start_anew():
    rule = Condition("stuck", ">=", (Level("yellow", 600),), max_gap_s=400)

    assert evaluate_series(rule, [0, 300, 900, 1200, 1500], [1, 1, 1, 1, 1]) == [Interval("yellow", 1500, None)]


def test_silence_is_found_at_ticks_and_ended_by_the_sensor_also_by_a_missing_value():
    rule = Condition("silence", ">=", (Level("yellow", 300), Level("red", 900)))
    found = evaluate_series(rule, [0, 100, 1100], [1, 2, None], ticks=range(0, 1600, 60))

    assert found == [Interval("yellow", 420, 1020), Interval("red", 1020, 1100), Interval("yellow", 1440, None)]


def test_a_sensor_never_heard_is_silent_since_the_first_tick():
    rule = Condition("silence", ">=", (Level("yellow", 300),))

    assert evaluate_series(rule, [], [], ticks=range(1000, 1400, 100)) == [Interval("yellow", 1300, None)]


def test_a_sensor_first_heard_with_an_old_time_is_silent_since_that_time():
    """The first tick has already told that nothing is due before 1300."""
    rule = Condition("silence", ">=", (Level("yellow", 300),))
    plan = Plan.build(1, [rule], [0], [0], [1])
    rows = np.array([1000, 800, 1101]) * 1_000_000
    found = advance(plan, EngineState.fresh(plan), [-1, 0, -1], rows, [math.nan, 1.0, math.nan]).findings

    assert (found.time_us.tolist(), found.value.tolist()) == ([1_101_000_000], [301.0])


def test_old_rows_that_come_at_last_do_not_end_a_silence_that_goes_on():
    rule = Condition("silence", ">=", (Level("yellow", 300),))
    found = evaluate_many(
        [Series([0, 10, 20], [1, 1, 1], (rule,)), Series([5000, 5001], [1, 1], ())], ticks=[400, 6000]
    )

    assert found.slots == [[Interval("yellow", 400, None)]]


def test_faulty_is_one_for_what_is_heard_but_no_sample():
    rule = Condition("faulty", ">=", (Level("yellow", 1.0, hold_s=120),))

    assert evaluate_series(rule, [0, 60, 120, 180, 240, 300], [1, None, math.inf, None, 1, None]) == [
        Interval("yellow", 180, 240)
    ]


def test_outside_its_schedule_a_condition_is_not_met():
    nights = Schedule.weekly((7,), 22 * 60, 6 * 60, offset_s=8 * 3600)
    rule = Condition("threshold", ">=", RED, schedule=nights)
    sunday = 1_709_474_400  # 2024-03-03 22:00 in Shanghai, 14:00 UTC

    times = [sunday - 60, sunday, sunday + 8 * 3600 - 60, sunday + 8 * 3600]
    assert evaluate_series(rule, times, [2, 2, 2, 2]) == [Interval("red", sunday, sunday + 8 * 3600)]


def test_a_deviation_is_from_what_this_hour_of_the_day_has_shown():
    """A sine of a day with a little noise; the value of noon at midnight is none of noon's business."""
    rng = np.random.default_rng(3)
    times = np.arange(0, 30 * 86400, 600.0)
    values = 10 + 5 * np.sin(2 * np.pi * times / 86400) + rng.normal(0, 0.1, len(times))
    rule = Condition("deviation", ">=", (Level("yellow", 12.0),), season=Season(86400, 24, 60, 1000))
    assert evaluate_series(rule, times, values) == []
    odd = values.copy()
    odd[4000:4003] = 14.9
    night = times[4000] % 86400 / 3600

    assert night > 18
    assert evaluate_series(rule, times, odd) == [Interval("yellow", times[4000], times[4003])]


def test_outliers_neither_move_the_baseline_nor_blow_up_its_scale():
    """Every twentieth value 1000 scales off: the clipped baseline still tells 6 scales apart from 3."""
    rng = np.random.default_rng(5)
    values = rng.normal(0, 1, 2000)
    values[40::20] += 1000
    times = np.arange(2000.0)
    season = Season(1e6, 1, 30, 200)
    rule = Condition("deviation", ">=", (Level("yellow", 5.5),), season=season)
    quiet = evaluate_series(rule, times, np.append(values[:-1], 3.0))
    loud = evaluate_series(rule, times, np.append(values[:-1], 8.0))

    assert quiet[-1].cleared_at_s is not None
    assert loud[-1] == Interval("yellow", 1999, None)


def test_the_scale_is_that_of_a_gaussian():
    """In 20 000 values of a standard normal, z above 2 is as rare as the table of the normal says: 2.28 %."""
    values = np.random.default_rng(7).normal(5, 3, 20_000)
    rule = Condition("deviation", ">", (Level("yellow", 2.0),), season=Season(1e7, 1, 100, 2000))
    found = evaluate_series(rule, np.arange(20_000.0), values)
    share = sum((x.cleared_at_s or 20_000) - x.opened_at_s for x in found) / 20_000

    assert share == pytest.approx(0.0228, abs=0.004)


def test_a_slow_drift_is_found_and_noise_and_a_spike_are_not():
    rng = np.random.default_rng(11)
    times = np.arange(0, 60 * 86400, 3600.0)
    values = rng.normal(20, 0.2, len(times))
    values[700] = 500
    rule = Condition("drift", ">=", (Level("yellow", 4.0),), window_s=86400)
    assert evaluate_series(rule, times, values) == []

    for way in (1, -1):
        creeping = values + way * np.maximum(times - 30 * 86400, 0) / 86400 * 0.2
        (found,) = evaluate_series(rule, times, creeping)
        assert 33 * 86400 < found.opened_at_s < 40 * 86400


def test_a_group_needs_so_many_members_within_its_window():
    rule = Condition("threshold", ">=", RED)
    area = Group(
        "area", ("yellow", "orange"), "all", (Term(np.arange(3, dtype=np.int32), 1, (2, 3)),), window_s=60, hold_s=10
    )
    series = [
        Series([0, 20], [2, 0], (rule,)),
        Series([50, 300], [2, 0], (rule,)),
        Series([70, 300], [2, 0], (rule,)),
    ]
    found = evaluate_many(series, [area], ticks=range(0, 500, 10))

    # 0: one; 50: two (the first lingers until 80); 70: three; 80: two again, before ten seconds are over; from 300 on
    # both linger until 360.
    assert found.groups == [[Interval("yellow", 60, 360)]]


def test_a_group_of_kinds_wants_rain_here_and_a_pump_stopped_there():
    rain, stopped = (
        Condition("threshold", ">=", (Level("red", 30.0),)),
        Condition("threshold", "<=", (Level("red", 0.0),)),
    )
    terms = (Term(np.array([0], np.int32), 1, (1,)), Term(np.array([1], np.int32), 1, (1,)))
    series = [Series([0, 60, 120], [0, 35, 35], (rain,)), Series([10, 90, 130], [1, 0, 1], (stopped,))]

    both = evaluate_many(series, [Group("both", ("red",), "all", terms)]).groups[0]
    either = evaluate_many(series, [Group("either", ("red",), "any", terms)]).groups[0]

    assert both == [Interval("red", 90, 130)]
    assert either == [Interval("red", 60, None)]
