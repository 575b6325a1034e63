"""Counts of sources."""

import threading

import pytest

from anlan.sense.doors.tally import Tally
from anlan.sense.stream.batch import Refusal

SECOND_US = 1_000_000


def test_what_came_is_counted_by_source_and_rule() -> None:
    tally = Tally()
    refused = (Refusal(0, "observation.at"), Refusal(1, "observation.at"), Refusal(2, "observation.sensor"))
    tally.came("a", "mqtt", 10 * SECOND_US, size=100, accepted=5, newest_us=8 * SECOND_US, refused=refused)
    tally.came("a", "http", 12 * SECOND_US, size=50, accepted=0)
    tally.came("b", "file", 1, size=1, accepted=1, newest_us=1)
    count = tally.of("a")

    assert (count.messages, count.rows, count.bytes, count.door) == (2, 5, 150, "http")
    assert count.refused == {"observation.at": 2, "observation.sensor": 1}
    assert (count.last_at_us, count.last_received_us, count.lag_s) == (8 * SECOND_US, 12 * SECOND_US, 4.0)
    assert sorted(tally.sources()) == ["a", "b"]
    assert tally.of("nobody").lag_s is None


def test_the_rate_comes_to_what_is_sent_and_fades_when_nothing_comes() -> None:
    tally = Tally()
    for second in range(600):
        tally.came("a", "mqtt", second * SECOND_US, size=1, accepted=40)
    count = tally.of("a")

    assert count.rate(600 * SECOND_US) == pytest.approx(40, rel=0.02)
    assert count.rate(900 * SECOND_US) < 1


def test_a_copy_does_not_change_with_what_comes_later() -> None:
    tally = Tally()
    tally.came("a", "mqtt", 0, size=1, refused=(Refusal(0, "x"),))
    before = tally.of("a")
    tally.came("a", "mqtt", 0, size=1, refused=(Refusal(0, "x"),))

    assert before.refused == {"x": 1}


def test_many_threads_count_together() -> None:
    tally = Tally()

    def counting() -> None:
        for _ in range(1000):
            tally.came("a", "mqtt", 0, size=1, accepted=1)

    threads = [threading.Thread(target=counting) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert tally.of("a").rows == 4000
