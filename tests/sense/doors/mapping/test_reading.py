"""The parts of mappings: bytes against struct, packets against the standard, expressions against what they see."""

import json
import struct
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.catalog.paths import PathError, finder
from anlan.catalog.schema.mappings import Layout, PayloadMapping
from anlan.kernel.errors import Invalid
from anlan.sense.doors.limits import Limits, Unreadable
from anlan.sense.doors.mapping.adapter import Adapter
from anlan.sense.doors.mapping.hj212 import crc16, parse, without_password
from anlan.sense.doors.mapping.layout import fields_of
from anlan.sense.doors.mapping.topics import fits
from sense.doors.telling import told

LIMITS = Limits(message_bytes=100_000, unpacked_bytes=100_000, rows=100, depth=10)
SAID = {"id": "x", "zh": "x", "en": "x", "source": "a test", "confidence": "P", "from": None, "cases": ({"name": "x"},)}
STANDARD = b"QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;CP=&&RtdInterval=30&&"


def mapping(**more: Any) -> PayloadMapping:
    usual = {"observations": ({"sensor": "{$.id}", "value": "$.value"},)}
    return PayloadMapping.model_validate(SAID | usual | more)


def rows(said: PayloadMapping, message: object, topic: str = "") -> Any:
    payload = message if isinstance(message, bytes) else json.dumps(message).encode()
    return Adapter(said).rows(payload, topic, 5_000_000, LIMITS)


CODES = {
    "u8": "B",
    "i8": "b",
    "u16": "H",
    "i16": "h",
    "u32": "I",
    "i32": "i",
    "u64": "Q",
    "i64": "q",
    "f32": "f",
    "f64": "d",
}


@settings(max_examples=200)
@given(st.lists(st.sampled_from(sorted(CODES)), min_size=1, max_size=6), st.sampled_from(["big", "little"]), st.data())
def test_bytes_are_read_as_struct_reads_them(kinds: list[str], order: str, data: st.DataObject) -> None:
    form = (">" if order == "big" else "<") + "".join(CODES[kind] for kind in kinds)
    raw = data.draw(st.binary(min_size=struct.calcsize(form), max_size=struct.calcsize(form)))
    fields = tuple({"name": f"f{number}", "type": kind} for number, kind in enumerate(kinds))
    found = fields_of(Layout.model_validate({"order": order, "fields": fields}), raw)

    expected = struct.unpack(form, raw)
    assert repr(list(found.values())) == repr(list(expected))


def test_three_bytes_masks_shifts_scales_and_places_from_the_end() -> None:
    layout = Layout.model_validate(
        {
            "fields": (
                {"name": "wide", "type": "u24"},
                {"name": "high", "type": "u8", "mask": 0xF0, "shift": 4},
                {"name": "low", "type": "u8", "at": 3, "mask": 0x0F, "scale": 0.5, "offset": -1},
                {"name": "last", "type": "i16", "at": -2, "order": "little"},
            )
        }
    )

    found = fields_of(layout, bytes.fromhex("010203a7ff00feff"))
    assert found == {"wide": 0x010203, "high": 0xA, "low": 2.5, "last": -2}


@settings(max_examples=200)
@given(st.binary(max_size=30))
def test_any_bytes_are_read_by_their_tags_or_refused(raw: bytes) -> None:
    field = {"name": "value", "type": "i16"}
    layout = Layout.model_validate({"tags": {"width": 1, "known": {"01": (field,), "02": ({**field, "type": "f32"},)}}})

    try:
        found: dict[str, Any] = dict(fields_of(layout, raw))
    except Unreadable as error:
        found = {error.refusal.rule: raw}

    assert set(found) <= {"value", "message.bytes"}


def test_the_check_of_a_packet_is_that_of_the_standards_own_example() -> None:
    assert crc16(STANDARD) == 0x1C80


def test_a_password_is_kept_neither_in_the_message_nor_in_what_is_stored() -> None:
    packet = b"##%04d%b1C80\r\n" % (len(STANDARD), STANDARD)
    stored = without_password(packet)

    assert "PW" not in parse(packet)
    assert b"100000" not in stored
    assert parse(stored) == parse(packet)
    damaged = packet.replace(b"=30", b"=31")
    assert b"100000" not in without_password(damaged)
    with pytest.raises(Unreadable, match=r"message\.crc"):
        parse(without_password(damaged))


@settings(max_examples=200)
@given(st.binary(max_size=80) | st.text(max_size=40).map(lambda inner: b"##%04d%b0000" % (len(inner), inner.encode())))
def test_no_packet_makes_the_reader_stumble(payload: bytes) -> None:
    without_password(payload)
    with pytest.raises(Unreadable):
        parse(payload)


@pytest.mark.parametrize(
    ("path", "document", "found"),
    [
        ("$.a.b", {"a": {"b": 1}}, [1]),
        ("$.a[1]", {"a": [1, 2]}, [2]),
        ("$['a b'].c", {"a b": {"c": None}}, [None]),
        ("$.a[*]", {"a": [1, 2]}, [1, 2]),
        ("$.a[*]", {"a": {"x": 1, "y": 2}}, [1, 2]),
        ("$.a[*]", {"a": "text"}, []),
        ("$.a.b", {"a": "text"}, []),
        ("$.a[0]", {"a": "text"}, []),
        ("$..b", {"a": {"b": 1}, "b": 2}, [2, 1]),
        ("$.a[?@.x > 1].y", {"a": [{"x": 1, "y": 1}, {"x": 2, "y": 2}]}, [2]),
        ("$.a[-1]", {"a": [1, 2]}, [2]),
        ("$..b", 7, []),
    ],
)
def test_a_path_finds_what_jsonpath_finds(path: str, document: object, found: list[object]) -> None:
    assert sorted(map(str, finder(path)(document))) == sorted(map(str, found))


@pytest.mark.parametrize("path", ["$.[", "$.a[?]", "$.a["])
def test_what_is_no_path_is_refused(path: str) -> None:
    with pytest.raises(PathError):
        finder(path)


@pytest.mark.parametrize(
    ("value", "message", "rule"),
    [
        ("$.none", {}, "mapping.absent"),
        ("message.none", {}, "mapping.absent"),
        ("message.none + 1", {}, "mapping.absent"),
        ("message.a + 1.0", {"a": 1}, "mapping.expression"),
        ("1 / message.a", {"a": 0}, "mapping.expression"),
        ("1.0 / message.a", {"a": 0.0}, "observation.value"),
        ("message.a", {"a": "much"}, "observation.value"),
        ("message.a", {"a": [1]}, "observation.value"),
        ("message.a", {"a": 10**400}, "observation.value"),
        ("message.a", {"a": "nan"}, "observation.value"),
    ],
)
def test_what_does_not_come_out_is_refused_by_its_rule(value: str, message: object, rule: str) -> None:
    said = mapping(observations=({"sensor": "s", "value": value},))

    assert [refusal.rule for refusal in rows(said, message).refused] == [rule]


@pytest.mark.parametrize(
    ("written", "number"),
    [(1, 1.0), (1.5, 1.5), ("2.5", 2.5), (" -3e2 ", -300.0), (True, 1.0), (False, 0.0), (None, None)],
)
def test_a_value_may_be_written_in_many_ways(written: object, number: float | None) -> None:
    assert told(rows(mapping(), {"id": "a", "value": written}))[0][2] == number


@pytest.mark.parametrize(
    ("at", "written", "micros"),
    [
        ({"of": "$.t"}, "2026-07-01T09:00:00+08:00", 1782867600_000_000),
        ({"of": "$.t", "zone": "Asia/Shanghai"}, "2026-07-01T09:00:00", 1782867600_000_000),
        ({"of": "$.t", "zone": "+08:00"}, "2026-07-01 09:00", 1782867600_000_000),
        ({"of": "$.t", "form": "epoch_s"}, 1782867600.25, 1782867600_250_000),
        ({"of": "$.t", "form": "epoch_ms"}, "1782867600000", 1782867600_000_000),
        ({"of": "$.t", "form": "pattern", "pattern": "%y%m%d%H%M", "zone": "-03:30"}, 2606302130, 1782867600_000_000),
        (
            {"of": "$.t", "form": "pattern", "pattern": "%d.%m.%Y %H:%M %z"},
            "01.07.2026 09:00 +0800",
            1782867600_000_000,
        ),
        (None, None, 5_000_000),
    ],
)
def test_a_moment_may_be_written_in_many_ways(at: object, written: object, micros: int) -> None:
    assert told(rows(mapping(at=at), {"id": "a", "value": 1, "t": written}))[0][1] == micros


@pytest.mark.parametrize("written", [None, True, "noon", 1e300, -1e300, [], "2026-07-01T09:00:00"])
@pytest.mark.parametrize("form", ["iso", "epoch_s", "epoch_ms"])
def test_what_is_no_moment_is_refused(written: object, form: str) -> None:
    found = rows(mapping(at={"of": "$.t", "form": form}), {"id": "a", "value": 1, "t": written})

    assert [refusal.rule for refusal in found.refused] == ["observation.at"]


def test_a_message_nested_too_deeply_or_with_too_many_items_is_refused_as_a_whole() -> None:
    deep: Any = 1
    for _ in range(12):
        deep = [deep]
    with pytest.raises(Unreadable, match=r"message\.depth"):
        rows(mapping(), {"id": "a", "value": deep})
    with pytest.raises(Unreadable, match=r"message\.rows"):
        rows(mapping(each="$.all[*]"), {"id": "a", "all": [0] * 101, "value": 1})
    with pytest.raises(Unreadable, match=r"message\.json"):
        rows(mapping(), b"[" * 50_000)


def test_a_unit_of_another_kind_is_told_before_any_message_comes() -> None:
    said = mapping(observations=({"sensor": "s", "value": "1.0", "unit": "m", "to": "s"},))

    with pytest.raises(Invalid, match="UCUM"):
        Adapter(said)


SCRAP: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "value", "t", "d"]), inner),
    max_leaves=8,
)


@settings(max_examples=200, deadline=None)
@given(SCRAP)
def test_any_json_is_mapped_or_refused(message: object) -> None:
    said = mapping(
        each="$.d[*]",
        where="item.value != 3",
        at={"of": "@.t"},
        observations=(
            {"sensor": "{@.id}-{topic[0]}", "value": "@.value", "quality": "item.t == 1", "when": "item.value > 0"},
            {"sensor": "s", "value": "double(item.value) * 2.0", "optional": True},
        ),
    )
    try:
        found = rows(said, message, "topic")
    except Unreadable:
        return
    assert len(found.sensor) == len(found.value)


@pytest.mark.parametrize(
    ("filter_", "topic", "fit"),
    [
        ("sport/tennis/player1/#", "sport/tennis/player1", True),
        ("sport/tennis/player1/#", "sport/tennis/player1/ranking", True),
        ("sport/#", "sport", True),
        ("#", "sport/tennis", True),
        ("sport/tennis/+", "sport/tennis/player1", True),
        ("sport/tennis/+", "sport/tennis/player1/ranking", False),
        ("sport/+", "sport", False),
        ("sport/+", "sport/", True),
        ("+/+", "/finance", True),
        ("/+", "/finance", True),
        ("+", "/finance", False),
        ("#", "$SYS/broker", False),
        ("+/broker", "$SYS/broker", False),
        ("$SYS/#", "$SYS/broker", True),
    ],
)
def test_topic_filters_fit_as_in_the_examples_of_the_standard(filter_: str, topic: str, fit: bool) -> None:
    """MQTT 5.0, 4.7.1.2, 4.7.1.3 and 4.7.2."""
    assert fits([filter_], topic) is fit
