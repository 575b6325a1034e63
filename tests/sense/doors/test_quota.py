"""The quota: nobody sends more over a long time than agreed, and who keeps to it never waits."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.sense.doors.quota import Quotas

MESSAGES = st.lists(st.tuples(st.floats(0, 5), st.integers(0, 500)), max_size=60)


@settings(max_examples=200)
@given(MESSAGES, st.floats(0.5, 1000), st.floats(1, 20))
def test_over_any_time_no_more_passes_than_quota_burst_and_one_message(
    messages: list[tuple[float, int]], per_s: float, burst_s: float
) -> None:
    quotas, now, passed, largest = Quotas(burst_s), 0.0, 0, 0
    for after, count in messages:
        now += after
        if quotas.take("a", per_s, count, now) == 0:
            passed += count
            largest = max(largest, count)

        assert passed <= per_s * now + max(1.0, per_s * burst_s) + largest + 1e-6


@settings(max_examples=200)
@given(MESSAGES, st.floats(0.5, 1000))
def test_whoever_waits_as_long_as_told_passes(messages: list[tuple[float, int]], per_s: float) -> None:
    quotas, now = Quotas(burst_s=2), 0.0
    for after, count in messages:
        now += after
        wait = quotas.take("a", per_s, count, now)
        if wait > 0:
            now += wait * (1 + 1e-9) + 1e-9
            assert quotas.take("a", per_s, count, now) == 0


def test_sources_do_not_pay_for_each_other_and_a_new_quota_counts_at_once() -> None:
    quotas = Quotas(burst_s=1)
    quotas.take("a", 10, 1000, 0.0)

    assert quotas.wait_s("a", 10, 1.0) == pytest.approx(98.1)
    assert quotas.take("b", 10, 5, 1.0) == 0
    assert quotas.wait_s("a", 20, 1.0) == 0


def test_a_clock_that_stands_or_goes_back_gives_nothing() -> None:
    quotas = Quotas(burst_s=1)
    quotas.take("a", 10, 20, 100.0)

    assert quotas.wait_s("a", 10, 100.0) == pytest.approx(1.1)
    assert quotas.wait_s("a", 10, 50.0) == pytest.approx(1.1)
