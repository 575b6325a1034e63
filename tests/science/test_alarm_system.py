"""Alarm-system indicators against examples worked by hand, and against obvious slow forms."""

import doctest

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.science import alarm_system
from anlan.science.alarm_system import (
    Flood,
    Source,
    chattering,
    counts,
    distribution,
    fleeting,
    floods,
    most_frequent,
    rates,
    share_of_time,
    waiting,
)

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
ISA = {"every_s": 10 * MINUTE, "begins": 10, "ends": 5}


def calls(*numbers: int) -> np.ndarray:
    """Return calls spread over successive intervals of ten minutes, so many in each."""
    return np.concatenate([n * 600 + np.linspace(1, 599, count) for n, count in enumerate(numbers) if count])


def test_a_day_worked_by_hand():
    # 144 intervals of ten minutes: 11, 12 and 7 calls from 08:00, 4 after them, and one an hour otherwise
    numbers = [1 if n % 6 == 0 else 0 for n in range(144)]
    numbers[48:52] = [11, 12, 7, 4]
    time_s = calls(*numbers)

    assert len(time_s) == 23 + 34
    assert rates(time_s, 0, DAY, 600).mean == pytest.approx(57 / 144)
    assert rates(time_s, 0, DAY, 600).peak == 12
    assert rates(time_s, 0, DAY, 600, limit=10).busy == pytest.approx(2 / 144)
    assert rates(time_s, 0, DAY, HOUR, limit=30).peak == 34
    assert rates(time_s, 0, DAY, HOUR, limit=30).busy == pytest.approx(1 / 24)
    assert rates(time_s, 0, DAY, DAY).mean == 57
    (flood,) = floods(time_s, 0, DAY, **ISA)
    assert flood == Flood(48 * 600, 51 * 600, 30, 12)
    assert share_of_time([flood], 0, DAY) == pytest.approx(30 / 1440)


def test_two_operators_have_half_each():
    time_s = calls(12, 0, 22)

    assert rates(time_s, 0, 1800, 600, operators=2).peak == 11
    assert [one.begin_s for one in floods(time_s, 0, 1800, **ISA, operators=2)] == [1200]


def test_a_flood_goes_on_while_five_or_more_call_and_needs_more_than_ten_to_begin():
    assert floods(calls(10, 10, 10), 0, 1800, **ISA) == []
    assert floods(calls(11, 5, 5, 4, 11), 0, 3000, **ISA) == [Flood(0, 1800, 21, 11), Flood(2400, 3000, 11, 11)]


def test_a_flood_at_the_edges_of_the_span_is_cut_there():
    time_s = calls(0, 30, 30)

    (flood,) = floods(time_s, 900, 1500, **ISA)

    assert (flood.begin_s, flood.end_s) == (900, 1500)


def test_an_interval_cut_by_the_ends_is_not_a_quiet_one():
    assert rates(np.array([0.0, 60.0, 120.0]), 0, 300, 600).mean == pytest.approx(6.0)


@given(st.lists(st.floats(0, 7200), max_size=120), st.floats(0, 1800), st.floats(2000, 7200))
def test_counts_are_those_of_walking_over_the_intervals(times, since, until):
    begin, number = counts(np.array(times), since, until, 600)

    expected = [sum(b <= t < b + 600 and since <= t < until for t in times) for b in begin]
    assert number.tolist() == expected
    assert begin[0] <= since < begin[0] + 600
    assert begin[-1] < until <= begin[-1] + 600


def test_three_calls_in_a_minute_chatter_and_three_in_two_do_not():
    time_s = np.array([0, 30, 60, 90, 1000, 1070, 1130, 0, 29, 61], float)
    source = np.array([4, 4, 4, 4, 4, 4, 4, 9, 9, 9])

    assert chattering(time_s, source, times=3, within_s=60) == [Source(4, 4)]


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 2)), max_size=40))
def test_chattering_is_found_whatever_the_order_of_calls(pairs):
    time_s, source = np.array([p[0] for p in pairs], float), np.array([p[1] for p in pairs], np.int64)

    def slow(own):
        mine = sorted(t for t, s in pairs if s == own)
        part = {
            n for n in range(len(mine)) for m in range(len(mine) - 2) if m <= n <= m + 2 and mine[m + 2] - mine[m] <= 60
        }
        return len(part)

    found = {one.source: one.count for one in chattering(time_s, source, times=3, within_s=60)}
    assert found == {own: slow(own) for own in {s for _, s in pairs} if slow(own)}


def test_fleeting_alarms_are_short_and_come_alone():
    begin = np.array([0, 1000, 1020, 5000, 9000], float)
    end = np.array([20, 1010, 1030, 5200, np.nan], float)
    source = np.zeros(5, np.int64)

    # the first is; the next two come again at once (they chatter); the fourth is long; the last has not ended
    assert fleeting(begin, end, source, shorter_s=60, again_s=60) == [Source(0, 1)]


def test_the_most_frequent_are_the_most_frequent():
    chosen, share = most_frequent(np.array([3] * 5 + [1] * 5 + [8] * 2 + [9]), 2)

    assert chosen == [Source(1, 5), Source(3, 5)]
    assert share == pytest.approx(10 / 13)
    assert most_frequent(np.zeros(0, np.int64), 10) == ([], 0.0)


def test_shares_of_grades():
    assert distribution(np.array([3, 3, 3, 2]), 4).tolist() == [0, 0, 0.25, 0.75]
    assert distribution(np.zeros(0, np.int64), 4).tolist() == [0, 0, 0, 0]


def test_calls_that_wait():
    found = waiting(np.array([0.0, 10.0, 20.0, 30.0]), np.array([60.0, 1000.0, np.nan, np.nan]), 650.0, 600.0)

    assert (found.answered, found.median_s) == (2, 525.0)
    assert found.late == 3  # one answered after 990 s, two not yet after 630 and 620 s
    assert waiting(np.zeros(0), np.zeros(0), 1.0, 1.0).answered == 0


def test_the_examples_in_the_docstrings_run():
    assert doctest.testmod(alarm_system).failed == 0
