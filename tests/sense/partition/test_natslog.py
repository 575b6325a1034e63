"""The log on a real JetStream server keeps the protocol of the log in files, and is refused where it must be."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from anlan.kernel.errors import Invalid
from anlan.sense.partition.lease import Lease
from anlan.sense.partition.link import Link
from anlan.sense.partition.natslog import NatsLog
from anlan.sense.stream.log import Kind, Log, LogFault, SegmentLog
from sense.stream.logs import assert_is, batch


@pytest.fixture
def link(nats: str) -> Iterator[Link]:
    made = Link(nats)
    yield made
    made.close()


@pytest.fixture
def subject() -> str:
    """A subject that no other test uses."""
    return f"anlan.test.l{time.monotonic_ns()}"


@pytest.fixture(params=["files", "nats"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Log]:
    """Opens the same log, again and again."""
    if request.param == "files":
        return lambda: SegmentLog(tmp_path, segment_bytes=4096)
    link, subject = request.getfixturevalue("link"), request.getfixturevalue("subject")
    return lambda: NatsLog(link, subject)


def put(log: Log, number: int, rows: int = 3) -> int:
    note = b"n" * (number % 11)
    return log.append(
        Kind(number % 4), batch(rows, number), received_us=number * 7, source=f"s{number}", origin=number, note=note
    )


def test_positions_are_numbered_from_one_and_what_was_synced_is_read_from_any(opened: Callable[[], Log]) -> None:
    log = opened()
    assert (log.begin, log.end, list(log.read(1))) == (1, 1, [])
    for number in range(1, 60):
        assert put(log, number) == number
    log.sync(59)

    for start in (1, 17, 59, 60):
        found = list(log.read(start))
        assert [record.position for record in found] == list(range(start, 60))
        for record in found:
            assert_is(record, record.position, record.position)
    with pytest.raises(ValueError, match="no record 60"):
        log.sync(60)
    log.close()


def test_a_log_that_is_opened_again_goes_on_where_it_ended(opened: Callable[[], Log]) -> None:
    log = opened()
    for number in range(1, 30):
        put(log, number)
    log.close()
    log = opened()

    assert (log.begin, log.end) == (1, 30)
    assert put(log, 30) == 30
    log.sync(30)
    assert [record.position for record in log.read(25)] == [25, 26, 27, 28, 29, 30]
    log.close()


def test_trimming_forgets_no_more_than_it_was_told_and_never_the_last(opened: Callable[[], Log]) -> None:
    log = opened()
    for number in range(1, 101):
        put(log, number)
    log.sync(100)
    log.trim(60)
    begin = log.begin

    assert 1 < begin <= 60
    assert [record.position for record in log.read(begin)] == list(range(begin, 101))
    with pytest.raises(LogFault, match="forgotten"):
        list(log.read(1))
    log.trim(10_000)
    assert log.begin <= 100
    assert put(log, 101) == 101
    log.close()


def test_many_threads_append_and_each_keeps_its_order(opened: Callable[[], Log]) -> None:
    log, seen = opened(), [list[int]() for _ in range(8)]

    def work(who: int) -> None:
        for turn in range(30):
            position = log.append(Kind.OBSERVED, batch(who), received_us=turn, source=str(who), origin=turn)
            if turn % 7 == 0:
                log.sync(position)
            seen[who].append(position)
        log.sync(position)

    threads = [threading.Thread(target=work, args=(who,)) for who in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert sorted(p for positions in seen for p in positions) == list(range(1, 241))
    for record in log.read(1):
        assert seen[int(record.source)][record.origin] == record.position
    log.close()


def test_a_second_writer_is_refused_by_the_server(link: Link, subject: str) -> None:
    first, second = NatsLog(link, subject), NatsLog(link, subject)
    first.sync(put(first, 1))
    position = put(second, 1)

    with pytest.raises(LogFault, match="wrong last sequence"):
        second.sync(position)
    with pytest.raises(LogFault, match="takes nothing more"):
        put(second, 2)
    assert len(list(first.read(1))) == 1
    first.sync(put(first, 2))


def test_several_senders_share_a_log_and_find_their_own_last_record(link: Link, subject: str) -> None:
    one, two = (NatsLog(link, subject, sender=name, sole=False) for name in ("one", "two"))
    for number in range(1, 11):
        for log in (one, two):
            log.sync(put(log, number))
    put(one, 11)
    one.sync(one.written - 1)

    assert len(list(one.read(1))) == 21
    assert [log.newest().origin for log in (one, two)] == [11, 10]  # type: ignore[union-attr]


def test_what_is_sent_again_under_its_key_is_stored_once(link: Link, subject: str) -> None:
    log = NatsLog(link, subject, sole=False)
    for _ in range(3):
        log.append(Kind.OBSERVED, batch(3), received_us=1, source="a", key="the same")
    log.append(Kind.OBSERVED, batch(3), received_us=2, source="a", key="another")
    log.sync(log.written - 1)

    assert [record.received_us for record in log.read(1)] == [1, 2]


def test_a_record_larger_than_the_server_takes_is_refused_before_it_is_sent(link: Link, subject: str) -> None:
    log = NatsLog(link, subject)
    with pytest.raises(Invalid) as caught:
        put(log, 1, rows=link.client.max_payload // 20)

    assert caught.value.code == "log.record_size"
    assert put(log, 1) == 1
    log.sync(1)


def test_a_lost_connection_is_told_to_all_who_wait_or_come(subject: str, link: Link, nats: str) -> None:
    other = Link(nats)
    log = NatsLog(other, subject)
    log.sync(put(log, 1))
    feed = log.follow(2)
    threading.Timer(0.2, lambda: other.loop.call_soon_threadsafe(other.loop.create_task, other.client.close())).start()

    with pytest.raises(LogFault):
        feed.take(30.0)
    with pytest.raises(LogFault):
        put(log, 2)
    other.close()
    assert len(list(NatsLog(link, subject).read(1))) == 1


def test_a_server_that_is_not_there_is_a_fault() -> None:
    with pytest.raises(LogFault) as caught:
        Link("nats://127.0.0.1:9", timeout_s=1)

    assert caught.value.code == "log.unreachable"


def test_a_lease_is_held_by_one_and_passes_on_when_it_is_given_back_or_forgotten(link: Link, subject: str) -> None:
    bucket, never = subject.replace(".", "_"), threading.Event()
    first, second, third = (Lease(link, bucket, "part.0", name, lent_s=1.0) for name in ("one", "two", "three"))
    assert first.claim(never)
    hurry = threading.Event()
    threading.Timer(1.5, hurry.set).start()

    assert not second.claim(hurry)
    first.check()
    first.release()
    assert second.claim(never)
    second._stop.set()  # its process dies: nobody renews
    assert third.claim(never)
    third.check()
    third.release()


def test_who_lost_a_lease_is_told(link: Link, subject: str) -> None:
    bucket = subject.replace(".", "_")
    lease = Lease(link, bucket, "part.0", "one", lent_s=0.6)
    assert lease.claim(threading.Event())
    link.run(link.streams.publish(f"$KV.{bucket}.part.0", b"somebody else"))
    lease._thread.join(10)

    with pytest.raises(LogFault) as caught:
        lease.check()
    assert caught.value.code == "partition.lease"
    lease.release()
