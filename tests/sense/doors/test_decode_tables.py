"""CSV, Arrow, the compact form and compressed bodies: what they tell, what they refuse, what cannot swell."""

import gzip
import io
import struct
import zlib
from datetime import datetime, timedelta, timezone

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.sense.doors.decode import arrow, binary, csv_text
from anlan.sense.doors.decode.packing import unpacked
from anlan.sense.doors.limits import Limits, Unreadable
from anlan.sense.stream.batch import GOOD, MISSING, SUSPECT, Batch
from sense.doors.telling import LIMITS, outcome, told

NINE = datetime(2026, 7, 1, 9, tzinfo=timezone(timedelta(hours=8)))
NINE_US = 1782867600_000_000
FEW = Limits(message_bytes=10**6, unpacked_bytes=10**6, rows=10, depth=9)


def stream(table: pa.Table, compression: str | None = None) -> bytes:
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, table.schema, options=pa.ipc.IpcWriteOptions(compression=compression)) as writer:
        writer.write_table(table)
    return sink.getvalue()


def observed(**columns: object) -> pa.Table:
    usual = {"sensor": pa.array(["a", "b"]), "at": pa.array([NINE_US, NINE_US]), "value": pa.array([0.5, None])}
    return pa.table(usual | columns)


def test_a_csv_text_tells_its_rows_whatever_the_order_of_its_columns() -> None:
    lines = [f"0.5,{NINE.isoformat()},a,", f",{NINE_US // 1000},b,suspect\r", "\r", f"2,{NINE.isoformat()},c,suspect"]
    text = "\n".join(["value,at,sensor,quality", *lines])

    assert told(csv_text.decode(b"\xef\xbb\xbf" + text.encode(), LIMITS)) == [
        ("a", NINE_US, 0.5, GOOD),
        ("b", NINE_US, None, MISSING),
        ("c", NINE_US, 2.0, SUSPECT),
    ]


def test_a_faulty_line_is_refused_by_its_rule_and_place() -> None:
    lines = ["sensor,at,value", f"a,{NINE_US // 1000},1", "a,yesterday,1", "a,5", f"a,{NINE_US // 1000},much", ",5,1"]

    rows = csv_text.decode("\n".join(lines).encode(), LIMITS)

    assert [(refusal.row, refusal.rule) for refusal in rows.refused] == [
        (1, "observation.at"),
        (2, "observation.shape"),
        (3, "observation.value"),
        (4, "observation.name"),
    ]
    assert told(rows) == [("a", NINE_US, 1.0, GOOD)]


@pytest.mark.parametrize(
    ("payload", "rule"),
    [
        (b"", "message.columns"),
        (b"sensor,at\na,1", "message.columns"),
        (b"sensor,at,value,value\na,1,2,3", "message.columns"),
        (b"sensor,at,value,unit\na,1,2,m", "message.columns"),
        (b"sensor,at,value\n\xff,1,2", "message.csv"),
        (b'sensor,at,value\n"' + b"x" * 200_000 + b'",1,2', "message.csv"),
        (b"sensor,at,value\n" + b"a,1,2\n" * 11, "message.rows"),
    ],
)
def test_a_text_that_is_no_table_of_observations_is_refused_as_a_whole(payload: bytes, rule: str) -> None:
    with pytest.raises(Unreadable) as caught:
        csv_text.decode(payload, FEW)

    assert caught.value.refusal.rule == rule


WRITTEN = st.one_of(
    st.floats(allow_nan=True).map(repr),
    st.integers().map(str),
    st.sampled_from(
        ["", "1.", ".5", "+1", "1e5", "1E+5", " 1", "1 ", "0x10", "nan", "inf", "-inf", "1_0", "١", "1e999"]
    ),
)
MOMENTS = st.sampled_from([NINE.isoformat(), "5", "-5", "05", "+5", "1.5", "", "9" * 19, "2026-07-01T01:00:00Z", "now"])
FIELD = st.text(alphabet=st.characters(exclude_characters='",\r\n', exclude_categories=["Cs"]), max_size=4)
QUALITY = st.sampled_from(["good", "suspect", "", "bad"])


@settings(max_examples=250, deadline=None)
@given(st.lists(st.tuples(FIELD, MOMENTS, WRITTEN, QUALITY), max_size=4), st.sampled_from(["\n", "\r\n"]))
def test_the_fast_reading_of_csv_is_the_slow_one(rows: list[tuple[str, ...]], newline: str) -> None:
    payload = newline.join(["sensor,at,value,quality", *(",".join(row) for row in rows)]).encode()

    assert outcome(csv_text.decode(payload, LIMITS)) == outcome(csv_text._slow(payload))


@pytest.mark.parametrize("compression", [None, "lz4", "zstd"])
@pytest.mark.parametrize(
    "columns",
    [
        {},
        {"sensor": pa.array(["a", "b"]).dictionary_encode()},
        {"sensor": pa.array(["a", "b"], pa.large_string())},
        {"at": pa.array([NINE, NINE], pa.timestamp("ms", "Asia/Shanghai"))},
        {"at": pa.array([NINE, NINE], pa.timestamp("ns", "UTC"))},
        {"at": pa.array([NINE, NINE], pa.timestamp("s", "+08:00"))},
        {"value": pa.array([0.5, None], pa.float32())},
        {"quality": pa.array([0, 0], pa.uint8())},
        {"quality": pa.array(["good", None])},
        {"quality": pa.array(["good", None]).dictionary_encode()},
    ],
)
def test_an_arrow_stream_tells_its_rows_in_any_of_its_types(columns: dict[str, object], compression: str) -> None:
    rows = arrow.decode(stream(observed(**columns), compression), LIMITS)

    assert told(rows) == [("a", NINE_US, 0.5, GOOD), ("b", NINE_US, None, MISSING)]


def test_arrow_numbers_of_sensors_stay_numbers() -> None:
    rows = arrow.decode(stream(observed(sensor=pa.array([7, 8], pa.int32()))), LIMITS)

    assert isinstance(rows.sensor, np.ndarray)
    assert rows.sensor.tolist() == [7, 8]


def test_faulty_items_of_an_arrow_stream_are_refused_one_by_one() -> None:
    table = pa.table(
        {
            "sensor": pa.array(["a", None, "", "d", "e", "f", "g"]).dictionary_encode(),
            "at": pa.array([NINE_US, NINE_US, NINE_US, None, 2**62, NINE_US, NINE_US]),
            "value": pa.array([1, 1, 1, 1, 1, float("inf"), 1.0]),
            "quality": pa.array(["good", "good", "good", "good", "good", "good", "bad"]),
        }
    )

    rows = arrow.decode(stream(table), LIMITS)

    assert told(rows) == [("a", NINE_US, 1.0, GOOD)]
    assert [(refusal.row, refusal.rule) for refusal in rows.refused] == [
        (1, "observation.name"),
        (2, "observation.name"),
        (3, "observation.at"),
        (4, "observation.at"),
        (5, "observation.value"),
        (6, "observation.quality"),
    ]


@pytest.mark.parametrize(
    "columns",
    [
        {"at": pa.array([NINE.replace(tzinfo=None)] * 2)},
        {"value": pa.array(["1", "2"])},
        {"sensor": pa.array([1.0, 2.0])},
        {"unit": pa.array(["m", "m"])},
        {"quality": pa.array([[1], [2]])},
    ],
)
def test_an_arrow_stream_with_other_columns_is_refused_as_a_whole(columns: dict[str, object]) -> None:
    with pytest.raises(Unreadable, match=r"message\.columns"):
        arrow.decode(stream(observed(**columns)), LIMITS)


def test_a_small_arrow_stream_that_would_swell_is_refused_before_it_does() -> None:
    rows = 500
    table = pa.table({"sensor": ["x" * 10_000] * rows, "at": [NINE_US] * rows, "value": [0.0] * rows})
    swelling = stream(table, "zstd")

    assert len(swelling) < 20_000
    with pytest.raises(Unreadable, match=r"message\.size"):
        arrow.decode(swelling, LIMITS)
    with pytest.raises(Unreadable, match=r"message\.rows"):
        arrow.decode(stream(table.select(["at", "value"]).append_column("sensor", pa.array(["x"] * rows))), FEW)


@settings(max_examples=300, deadline=None)
@given(st.data(), st.sampled_from([None, "zstd"]))
def test_a_damaged_arrow_stream_is_read_or_refused(data: st.DataObject, compression: str | None) -> None:
    payload = bytearray(stream(observed(sensor=pa.array(["a", "b"]).dictionary_encode()), compression))
    for _ in range(data.draw(st.integers(1, 4))):
        payload[data.draw(st.integers(0, len(payload) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(1, len(payload)))

    try:
        rows = arrow.decode(bytes(payload[:cut]), LIMITS)
    except Unreadable:
        return
    assert len(rows.sensor) == len(rows.value)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(-1, 2**31 - 1),
            st.integers(0, 2**50),
            st.none() | st.floats(allow_nan=False, allow_infinity=False),
            st.sampled_from([GOOD, SUSPECT]),
        ),
        max_size=20,
    )
)
def test_the_compact_form_gives_back_what_it_was_made_of(rows: list[tuple[int, int, float | None, int]]) -> None:
    sensor, at, value, quality = ([row[place] for row in rows] for place in range(4))
    batch = Batch.of(sensor, at, np.array(value, np.float64), quality)

    read = binary.decode(binary.encode(batch), LIMITS)

    expected = [(s, t, v, MISSING if v is None else q) for s, t, v, q in rows]
    assert told(read) == expected


def test_the_compact_form_is_laid_out_as_its_table_says() -> None:
    payload = b"ANO1\x01\0\0\0" + struct.pack("<II", 1, 0) + struct.pack("<qdiB", NINE_US, 0.5, 7, 1)

    assert told(binary.decode(payload, LIMITS)) == [(7, NINE_US, 0.5, SUSPECT)]


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"ANO1",
        b"ANO2" + bytes(12),
        b"ANO1" + bytes(13),
        b"ANO1\x02" + bytes(11),
        b"ANO1" + b"\0" * 4 + b"\xff" * 8,
    ],
)
def test_what_is_not_the_compact_form_is_refused_as_a_whole(payload: bytes) -> None:
    with pytest.raises(Unreadable, match=r"message\.binary"):
        binary.decode(payload, LIMITS)


@pytest.mark.parametrize("encoding", ["gzip", "zstd", "identity", ""])
def test_a_compressed_body_is_unpacked(encoding: str) -> None:
    text = b"sensor,at,value\n" * 50
    packed = {"gzip": gzip.compress(text), "zstd": pa.compress(text, "zstd", asbytes=True)}.get(encoding, text)

    assert unpacked(packed, encoding, LIMITS) == text


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
def test_a_body_that_swells_beyond_the_limit_is_refused(encoding: str) -> None:
    bomb = bytes(50_000_000)
    packed = gzip.compress(bomb, 9) if encoding == "gzip" else bytes(pa.compress(bomb, "zstd", asbytes=True))

    assert len(packed) < 60_000
    with pytest.raises(Unreadable, match=r"message\.size"):
        unpacked(packed, encoding, LIMITS)


@pytest.mark.parametrize(
    ("payload", "encoding"),
    [
        (b"plain", "gzip"),
        (b"plain", "zstd"),
        (b"plain", "br"),
        (gzip.compress(b"x")[:-3], "gzip"),
        (gzip.compress(b"x") + b"more", "gzip"),
        (zlib.compress(b"x"), "gzip"),
    ],
)
def test_a_body_that_is_not_what_it_says_is_refused(payload: bytes, encoding: str) -> None:
    with pytest.raises(Unreadable, match=r"message\.encoding"):
        unpacked(payload, encoding, LIMITS)
