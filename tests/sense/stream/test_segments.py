"""Records as bytes: what is written comes back, and no damage passes for a record."""

import hashlib
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.kernel.errors import Invalid
from anlan.sense.stream import records
from anlan.sense.stream.batch import Batch
from anlan.sense.stream.log import Kind, SegmentLog
from anlan.sense.stream.records import draft, pack, unpack
from sense.stream.logs import SMALL, add, assert_same_batch, batch

INT64 = st.integers(-(2**63), 2**63 - 1)


@given(
    st.sampled_from(Kind),
    st.lists(st.tuples(st.integers(-1, 2**31 - 1), INT64, st.floats(), st.integers(0, 255))),
    INT64,
    st.text(max_size=40),
    st.integers(0, 2**64 - 1),
    st.binary(max_size=100),
    st.integers(1, 2**63),
)
def test_what_is_written_comes_back(
    kind: Kind,
    rows: list[tuple[int, int, float, int]],
    received_us: int,
    source: str,
    origin: int,
    note: bytes,
    position: int,
) -> None:
    given_batch = Batch.of(*([row[i] for row in rows] for i in range(4)))
    data = pack(draft(kind, given_batch, received_us=received_us, source=source, origin=origin, note=note))

    record = unpack(data, position)

    assert record is not None
    assert record[:5] == (position, kind, received_us, source, origin)
    assert record.note == note
    assert len(data) % 8 == 0
    assert_same_batch(record.batch, given_batch)
    assert record.batch.time_us.flags.aligned
    assert record.batch.sensor.flags.aligned


def test_every_flipped_bit_and_every_cut_of_a_record_is_noticed() -> None:
    data = pack(draft(Kind.OBSERVED, batch(2), received_us=5, source="gauge", note=b"x"))
    for place in range(len(data)):
        for bit in range(8):
            hurt = bytearray(data)
            hurt[place] ^= 1 << bit
            assert unpack(bytes(hurt), 1) is None
        assert unpack(data[:place], 1) is None
    assert unpack(data + bytes(8), 1) is None


def test_the_form_on_disk_is_the_one_that_is_described() -> None:
    """Read with nothing but the table in the module's docstring."""
    rows = Batch.of([7, 8], [10, 20], [1.5, np.nan], [0, 2])
    data = pack(draft(Kind.BACKFILL, rows, received_us=99, source="ab", origin=3, note=b"xyz"))

    head = struct.unpack("<4sBBHIIQqQQIIII", data[:64])

    assert head[:6] == (b"AnLR", 1, 1, 2, 3, 2)
    assert head[6:11] == (0, 99, 3, 0, len(data) - 64)
    assert head[11] == zlib.crc32(data[64:])
    assert head[13] == zlib.crc32(data[:60])
    assert data[64:72] == b"abxyz\0\0\0"
    assert struct.unpack("<2q2d2i2B", data[72 : 72 + 42])[:3] == (10, 20, 1.5)
    assert struct.unpack("<2i2B", data[104 : 104 + 10]) == (7, 8, 0, 2)


def test_a_record_has_a_largest_size() -> None:
    rows = records.LARGEST_BODY // records.ROW_BYTES + 1
    with pytest.raises(Invalid) as caught:
        draft(Kind.OBSERVED, Batch.of(np.zeros(rows), np.zeros(rows), np.zeros(rows)), received_us=0)

    assert caught.value.code == "log.record_size"
    with pytest.raises(Invalid):
        draft(Kind.OBSERVED, Batch.empty(), received_us=0, source="x" * 70_000)


def test_closed_segments_tell_their_runs_and_digests(tmp_path: Path) -> None:
    log = SegmentLog(tmp_path, segment_bytes=SMALL)
    for number in range(1, 101):
        log.sync(add(log, number))

    closed = list(log.closed_segments())

    assert len(closed) >= 3
    assert closed[0].first == 1
    assert [segment.first for segment in closed[1:]] == [segment.next for segment in closed[:-1]]
    for segment in closed:
        data = (tmp_path / segment.name).read_bytes()
        assert segment.sha256 == hashlib.sha256(data).hexdigest()
        assert segment.size == len(data) <= SMALL
    assert [s.first for s in log.closed_segments(after=closed[1].first)] == [s.first for s in closed[2:]]
    assert closed[-1].next <= log.end
    log.close()
