"""Two clocks: the one on the wall, and one that can be played."""

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.kernel.clock import RealClock, SimClock

START = datetime(2024, 9, 15, 8, 0, tzinfo=UTC)


def test_a_standing_clock_moves_only_when_stepped() -> None:
    clock = SimClock(START)
    time.sleep(0.01)
    assert clock.now() == START

    clock.advance_to(START + timedelta(hours=1))
    assert clock.now() == START + timedelta(hours=1)


def test_a_running_clock_runs_at_its_speed_and_stands_when_paused() -> None:
    clock = SimClock(START, speed=1000.0)
    time.sleep(0.05)
    clock.pause()
    shown = clock.now()
    time.sleep(0.02)

    assert clock.now() == shown
    assert shown - START >= timedelta(seconds=50)
    clock.resume()
    time.sleep(0.02)
    assert clock.now() > shown


@given(
    st.lists(
        st.tuples(st.sampled_from(["speed", "pause", "resume", "advance", "hold"]), st.integers(0, 5000)), max_size=20
    )
)
def test_time_never_runs_backwards_whatever_is_done_to_the_clock(acts: list[tuple[str, int]]) -> None:
    clock = SimClock(START, speed=100.0)
    last = clock.now()
    for act, number in acts:
        if act == "speed":
            clock.set_speed(number)
        elif act == "pause":
            clock.pause()
        elif act == "resume":
            clock.resume()
        elif act == "advance":
            clock.advance_to(START + timedelta(seconds=number))
        else:
            clock.hold_at(START + timedelta(seconds=number))
        assert clock.now() >= last
        last = clock.now()


def test_a_held_clock_waits_at_its_moment_and_goes_on_from_there() -> None:
    clock = SimClock(START, speed=100_000.0)
    stop = START + timedelta(minutes=1)
    clock.hold_at(stop)
    time.sleep(0.01)
    assert clock.now() == stop

    clock.hold_at(stop + timedelta(days=1000))
    assert stop <= clock.now() < stop + timedelta(days=1000)


def test_waiting_ends_when_the_moment_comes_or_when_woken() -> None:
    clock = SimClock(START, speed=10_000.0)
    clock.wait(START + timedelta(minutes=1), threading.Event())
    assert clock.now() >= START + timedelta(minutes=1)
    woken = threading.Event()
    woken.set()
    RealClock().wait(datetime.now(UTC) + timedelta(hours=1), woken)


def test_a_clock_without_a_zone_and_a_negative_speed_are_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        SimClock(START.replace(tzinfo=None))
    with pytest.raises(ValueError, match="backwards"):
        SimClock(START).set_speed(-1)
