"""JSON messages: the fast reading is the slow one, and nothing but a refusal ever comes out of a door."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from anlan.sense.doors.decode import items, json_text, moments
from anlan.sense.doors.decode.forms import FORMS, decode
from anlan.sense.doors.limits import Limits, Unreadable
from anlan.sense.stream.batch import GOOD, MISSING, SUSPECT, Rows
from sense.doors.telling import LIMITS, outcome, told

NINE = "2026-07-01T09:00:00+08:00"
NINE_US = 1782867600_000_000


def read(value: object, limits: Limits = LIMITS) -> Rows:
    return json_text.decode(json.dumps(value).encode(), limits)


def slow(value: list[object]) -> tuple[object, ...]:
    return outcome(items.rows_of(value))


def test_rows_objects_columns_and_one_object_say_the_same() -> None:
    rows = read([["a", NINE, 0.18], ["b", NINE_US // 1000, None], ["c", NINE, 2, "suspect"]][:1])

    assert told(rows) == [("a", NINE_US, 0.18, GOOD)]
    assert told(read([{"sensor": "a", "at": NINE, "value": 0.18}])) == told(rows)
    assert told(read({"sensor": "a", "at": NINE, "value": 0.18})) == told(rows)
    assert told(read({"sensor": ["a"], "at": [NINE], "value": [0.18]})) == told(rows)


def test_a_missing_value_and_a_suspect_one_keep_their_names() -> None:
    rows = read([["a", NINE, None], ["a", NINE, None, "suspect"], ["a", NINE, 1, "suspect"], ["a", NINE, 1, "good"]])

    assert rows.quality.tolist() == [MISSING, MISSING, SUSPECT, GOOD]


@pytest.mark.parametrize(
    ("item", "rule"),
    [
        (["a", NINE], "observation.shape"),
        (["a", NINE, 1, "good", 5], "observation.shape"),
        ({"sensor": "a", "at": NINE, "value": 1, "unit": "mm"}, "observation.shape"),
        ({"sensor": "a", "value": 1}, "observation.shape"),
        ("a", "observation.shape"),
        (["", NINE, 1], "observation.name"),
        ([7, NINE, 1], "observation.name"),
        (["a", "2026-07-01T09:00:00", 1], "observation.at"),
        (["a", "2026-07-01", 1], "observation.at"),
        (["a", 1.5, 1], "observation.at"),
        (["a", True, 1], "observation.at"),
        (["a", 10**15, 1], "observation.at"),
        (["a", NINE, "0.18"], "observation.value"),
        (["a", NINE, True], "observation.value"),
        (["a", NINE, [1]], "observation.value"),
        (["a", NINE, 1, "bad"], "observation.quality"),
        (["a", NINE, 1, None], "observation.quality"),
    ],
)
def test_a_faulty_item_is_refused_by_its_rule_and_place_and_the_rest_is_taken(item: object, rule: str) -> None:
    rows = read([["x", NINE, 1], item, ["y", NINE, 2]])

    assert [(refusal.row, refusal.rule) for refusal in rows.refused] == [(1, rule)]
    assert told(rows) == [("x", NINE_US, 1.0, GOOD), ("y", NINE_US, 2.0, GOOD)]
    assert rows.place is not None
    assert rows.place.tolist() == [0, 2]


def test_a_number_out_of_every_range_is_one_items_fault() -> None:
    rows = json_text.decode(f'[["x","{NINE}",1],["a","{NINE}",1e999],["b","{NINE}",{"9" * 5000}]]'.encode(), LIMITS)

    assert [refusal.row for refusal in rows.refused] == [1, 2]
    assert len(rows) == 1


@pytest.mark.parametrize(
    ("payload", "rule"),
    [
        (b"", "message.json"),
        (b"{", "message.json"),
        (b'[["a",1,2],]', "message.json"),
        (b'[["a",1,2]] and more', "message.json"),
        (b'[["a",1,NaN]]', "message.json"),
        (b"7", "message.shape"),
        (b"null", "message.shape"),
        (b'"a"', "message.shape"),
        (b'{"sensor":["a","b"],"at":[1],"value":[1]}', "message.columns"),
        (b'{"sensor":["a"],"at":[1],"value":[1],"unit":["m"]}', "message.columns"),
        (b'{"sensor":["a"],"value":[1]}', "message.columns"),
        (b"[" * 100_000, "message.rows"),
        (b"[" * 900_000 + b"]" * 3000, "message.json"),
        (b'{"sensor":' + b'{"a":' * 1100, "message.json"),
    ],
)
def test_what_is_no_message_is_refused_as_a_whole(payload: bytes, rule: str) -> None:
    with pytest.raises(Unreadable) as caught:
        json_text.decode(payload, LIMITS)

    if rule != "message.rows":
        assert caught.value.refusal.rule == rule
    assert caught.value.refusal.row == -1


@pytest.mark.parametrize("form", [[["a", NINE, 1]] * 11, {"sensor": ["a"] * 11, "at": [1] * 11, "value": [1] * 11}])
def test_more_rows_than_permitted_are_refused_as_a_whole(form: object) -> None:
    with pytest.raises(Unreadable, match=r"message\.rows"):
        read(form, Limits(message_bytes=10**6, unpacked_bytes=10**6, rows=10, depth=9))


def test_an_empty_list_is_a_message_without_rows() -> None:
    assert outcome(read([])) == ([], [], ())


TIMES = st.one_of(
    st.integers(-(10**16), 10**16),
    st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=8)), timezone(-timedelta(hours=3.5))])).map(
        lambda moment: moment.isoformat()
    ),
    st.from_regex(moments._ISO, fullmatch=True),
    st.sampled_from([NINE, "2026-07-01 01:00Z", "2026-07-01T09+08", "2024-02-30T00:00:00Z", "2026-07-01T24:00Z", ""]),
)
VALUES = st.one_of(st.none(), st.integers(), st.floats(allow_nan=False, allow_infinity=False))
SCRAP: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=4,
)
NAMES = st.text(max_size=6)
QUALITIES = st.sampled_from(["good", "suspect"])
ROW = st.tuples(NAMES, TIMES, VALUES).map(list) | st.tuples(NAMES, TIMES, VALUES, QUALITIES).map(list)
OBJECT = st.fixed_dictionaries({"sensor": NAMES, "at": TIMES, "value": VALUES}, optional={"quality": QUALITIES})


@settings(max_examples=250, deadline=None)
@given(st.lists(ROW, max_size=4) | st.lists(OBJECT, max_size=4) | st.lists(ROW | OBJECT | SCRAP, max_size=4))
@example([["a", "0000-01-01T00:00:00Z", 1]])
@example([["a", "0001-01-01T00:00:00+23:00", 1]])
@example([["a", 5, 10**400]])
def test_the_fast_reading_is_the_slow_one(message: list[object]) -> None:
    payload = json.dumps(message, allow_nan=False) if finite(message) else None
    if payload is None:
        return

    assert outcome(json_text.decode(payload.encode("utf-8", "surrogatepass"), LIMITS)) == slow(json.loads(payload))


def finite(message: object) -> bool:
    try:
        json.dumps(message, allow_nan=False).encode()
    except ValueError:
        return False
    return True


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(NAMES, TIMES, VALUES, QUALITIES), min_size=1, max_size=5))
def test_columns_are_rows_turned(rows: list[tuple[object, ...]]) -> None:
    columns = dict(zip(("sensor", "at", "value", "quality"), map(list, zip(*rows, strict=True)), strict=True))

    assert outcome(read(columns)) == slow([list(row) for row in rows])


@settings(max_examples=200, deadline=None)
@given(st.from_regex(moments._ISO, fullmatch=True))
def test_arrow_and_the_obvious_reading_agree_on_every_moment(text: str) -> None:
    found = moments.of_texts([text])

    if found is not None:
        assert found.tolist() == [moments.micros(text)]


@settings(max_examples=200, deadline=None)
@given(st.datetimes(timezones=st.timezones()))
def test_a_moment_is_what_python_says_it_is(moment: datetime) -> None:
    whole = moment.isoformat()
    expected = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    seconds_in_zone = (moment.utcoffset() or timedelta()).total_seconds() % 60  # before 1900 zones had odd seconds

    if moments.FIRST_US <= expected <= moments.LAST_US and not seconds_in_zone:
        assert moments.micros(whole) == expected


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(FORMS)), st.binary(max_size=300) | st.text(max_size=100).map(str.encode))
def test_no_bytes_make_a_door_stumble(form: str, payload: bytes) -> None:
    try:
        rows = decode(form, payload, LIMITS)
    except Unreadable:
        return

    assert len(rows.sensor) == len(rows.time_us) == len(rows.value) == len(rows.quality)


@settings(max_examples=200, deadline=None)
@given(st.lists(ROW | SCRAP, max_size=4), st.data())
def test_a_message_damaged_on_its_way_is_read_or_refused(message: list[object], data: st.DataObject) -> None:
    if not finite(message):
        return
    payload = bytearray(json.dumps(message).encode())
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(payload) - 1))
        payload[place] = data.draw(st.integers(0, 255))

    try:
        rows = json_text.decode(bytes(payload), LIMITS)
    except Unreadable:
        return
    assert np.isfinite(rows.value[rows.quality != MISSING]).all()
