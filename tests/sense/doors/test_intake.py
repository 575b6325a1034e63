"""The way from a door to the station: what is taken, what is refused, what is held, what is told of it."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anlan.kernel.clock import SimClock
from anlan.kernel.errors import Invalid
from anlan.sense.doors.decode import binary
from anlan.sense.doors.intake import Busy
from anlan.sense.doors.letters import Letter
from anlan.sense.doors.limits import Unreadable
from anlan.sense.doors.replaying import replay
from anlan.sense.stream.batch import Batch
from sense.doors.faking import FakeTaker
from sense.doors.standing import ADMIN, Standing

AT = "2024-09-15T08:00:00Z"


def single(value: float, sensor: str = "a", at: str = AT) -> bytes:
    return json.dumps({"sensor": sensor, "at": at, "value": value}).encode()


def rows(*items: list[Any]) -> bytes:
    return json.dumps(list(items)).encode()


def letters(standing: Standing) -> list[Letter]:
    return list(standing.doors.letters.newest())


def test_what_is_sound_is_taken_and_counted(standing: Standing) -> None:
    sender = standing.register()
    receipt = standing.doors.intake.take(standing.message(rows(["a", AT, 1], ["b", AT, None])), sender)
    count = standing.doors.intake.tally.of("gateway")

    assert (receipt.accepted, receipt.refused) == (2, ())
    assert (count.messages, count.rows, dict(count.refused), count.lag_s) == (1, 2, {}, 0.0)
    assert letters(standing) == []


def test_a_refused_item_is_counted_by_its_rule_and_kept_with_its_message(standing: Standing) -> None:
    payload = rows(["a", AT, 1], ["b", "yesterday", 2])
    standing.doors.intake.take(standing.message(payload), standing.register())

    (letter,) = letters(standing)
    assert [(fault.row, fault.rule, fault.value, fault.sensor) for fault in letter.refused] == [
        (1, "observation.at", "yesterday", "b")
    ]
    assert (letter.payload, letter.cut, letter.source, letter.area) == (payload, False, "gateway", "310117")
    assert standing.doors.intake.tally.of("gateway").refused == {"observation.at": 1}


def test_a_message_that_cannot_be_read_is_counted_and_kept(standing: Standing) -> None:
    with pytest.raises(Unreadable, match=r"message\.json"):
        standing.doors.intake.take(standing.message(b"{"), standing.register())

    assert [letter.refused[0].row for letter in letters(standing)] == [-1]
    assert standing.doors.intake.tally.of("gateway").refused == {"message.json": 1}


def test_over_its_quota_a_source_waits_as_long_as_it_is_told_and_nothing_was_taken(
    standing: Standing, clock: SimClock
) -> None:
    sender = standing.register(quota_per_s=10)
    intake = standing.doors.intake
    intake.take(standing.message(rows(*([["a", AT, 1]] * 150))), sender)

    with pytest.raises(Busy) as caught:
        intake.take(standing.message(rows(["a", AT, 2])), sender)

    assert caught.value.wait_s == pytest.approx(5.1)
    assert 2.0 not in standing.taker.values()
    clock.advance_to(clock.now() + timedelta(seconds=5.2))
    assert intake.take(standing.message(rows(["a", AT, 2])), sender).accepted == 1


def test_a_source_whose_account_lost_its_role_may_not_send(standing: Standing) -> None:
    standing.register()
    standing.world.act(ADMIN, "user.revoke", {"user": "gateway-account", "role": "instrument", "area": "310117"})
    standing.doors.senders.read()

    assert standing.doors.senders.find("gateway") is None


def test_a_source_reaches_no_farther_than_its_account_and_its_own_area(standing: Standing) -> None:
    assert standing.register("narrow", area="310117001").source.scope.prefixes == ("310117001",)
    assert standing.register("wide", area="310117").source.scope.prefixes == ("310117",)


@pytest.mark.parametrize("known", [None, frozenset({"a"})])
def test_many_messages_taken_together_are_told_apart(
    make_standing: Callable[..., Standing], clock: SimClock, known: frozenset[str] | None
) -> None:
    standing = make_standing(clock, FakeTaker(known))
    sender = standing.register()
    payloads = [single(1), single(2, "b"), b"{", rows(["a", AT, 3], ["b", AT, 4], ["a", "x", 5]), single(6), b"[]"]
    ended: list[Exception | None] = []

    wait = standing.doors.intake.take_soon([standing.message(p) for p in payloads], sender, ended.append)

    while not ended:
        pass
    assert (wait, ended) == (0, [None])
    expected = [1.0, 2.0, 3.0, 4.0, 6.0] if known is None else [1.0, 3.0, 6.0]
    assert standing.taker.values() == expected
    faults = {
        (bytes(letter.payload), fault.row, fault.rule) for letter in letters(standing) for fault in letter.refused
    }
    strangers = {(payloads[1], 0, "observation.sensor"), (payloads[3], 1, "observation.sensor")} if known else set()
    assert faults == {(b"{", -1, "message.json"), (payloads[3], 2, "observation.at")} | strangers


def test_what_could_not_be_made_durable_is_not_finished(
    make_standing: Callable[..., Standing], clock: SimClock
) -> None:
    standing = make_standing(clock, FakeTaker(fault=OSError("no room")))
    ended: list[Exception | None] = []

    standing.doors.intake.take_soon([standing.message(single(1))], standing.register(), ended.append)

    assert [type(error) for error in ended] == [OSError]


def test_what_the_station_finds_invalid_is_refused_and_not_tried_for_ever(
    make_standing: Callable[..., Standing], clock: SimClock
) -> None:
    standing = make_standing(clock, FakeTaker(fault=Invalid("log.record_size", value=7)))
    ended: list[Exception | None] = []

    standing.doors.intake.take_soon([standing.message(single(1))], standing.register(), ended.append)

    assert ended == [None]
    assert [letter.refused[0].rule for letter in letters(standing)] == ["log.record_size"]


def test_messages_that_are_too_many_for_one_record_are_taken_in_several(standing: Standing) -> None:
    at = np.full(150_000, 1726387200_000_000)
    large = binary.encode(Batch.of(np.zeros(150_000), at, np.arange(150_000.0)))
    ended: list[Exception | None] = []
    messages = [standing.message(large, form="binary") for _ in range(3)]

    standing.doors.intake.take_soon(messages, standing.register(quota_per_s=1e9), ended.append)
    while not ended:
        pass

    assert (standing.taker.messages, len(standing.taker.rows)) == (3, 450_000)


ITEM = st.sampled_from(["a", "b", ""]).flatmap(
    lambda sensor: st.sampled_from([AT, "x", 5]).map(lambda at: {"sensor": sensor, "at": at, "value": 1})
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ITEM | st.lists(ITEM, max_size=3), min_size=1, max_size=6))
def test_messages_taken_together_come_to_the_same_as_one_by_one(standing: Standing, items: list[Any]) -> None:
    sender = standing.register()
    intake, taker = standing.doors.intake, standing.taker
    messages = [standing.message(json.dumps(item).encode(), form="json") for item in items]
    taker.rows.clear()
    for message in messages:
        intake.take(message, sender)
    alone = list(taker.rows)
    taker.rows.clear()
    ended: list[Exception | None] = []
    intake.take_soon(messages, sender, ended.append)
    while not ended:
        pass

    assert taker.rows == alone


def test_a_letter_tried_again_hands_in_what_was_refused_and_says_what_became_of_it(
    make_standing: Callable[..., Standing], clock: SimClock
) -> None:
    standing = make_standing(clock, FakeTaker(frozenset({"a"})))
    intake = standing.doors.intake
    intake.take(standing.message(rows(["a", AT, 1], ["late-registered", AT, 2], ["c", AT, 3])), standing.register())
    standing.taker.known = frozenset({"a", "late-registered"})
    (letter,) = letters(standing)

    done = replay(intake, standing.doors.senders, letter, "admin", standing.world.catalog.fingerprint)

    assert standing.taker.values() == [1.0, 2.0]
    assert (done.mark.accepted, done.mark.refused) == (1, 1)
    assert [one.mark for one in letters(standing)] == [done.mark]


def test_of_a_large_message_what_was_refused_is_kept_and_can_be_tried_again(
    make_standing: Callable[..., Standing], clock: SimClock
) -> None:
    standing = make_standing(clock, FakeTaker(frozenset({"a"})))
    many = [["a", AT, n] for n in range(3000)]
    payload = rows(*many, ["b", "2024-09-15T08:00:00.000001Z", 7, "suspect"], ["b", "never", 8])
    standing.doors.intake.take(standing.message(payload), standing.register())
    standing.taker.known = None

    (letter,) = letters(standing)
    done = replay(standing.doors.intake, standing.doors.senders, letter, "admin", standing.world.catalog.fingerprint)

    assert (letter.cut, letter.count, len(letter.payload) < 100) == (False, 2, True)
    assert standing.taker.rows[-1] == ("gateway", "b", 1726387200000001, 7.0)
    assert done.mark.accepted == 1


def test_a_message_of_a_stranger_is_kept_until_the_source_is_registered(standing: Standing) -> None:
    intake = standing.doors.intake
    intake.stranger(standing.message(single(1), source="newcomer"))
    standing.register("newcomer")
    (letter,) = letters(standing)

    replay(intake, standing.doors.senders, letter, "admin", standing.world.catalog.fingerprint)

    assert intake.tally.of("?").refused == {"source.unknown": 1}
    assert standing.taker.values("newcomer") == [1.0]
