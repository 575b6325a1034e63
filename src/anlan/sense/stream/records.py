"""One record of the observation log as bytes: a head, then source, note and the columns as they lie in memory.

All numbers are little-endian. A record is padded to a multiple of eight, and the columns stand widest first, so that
each can be used where it lies. Head and body have a CRC-32 each (ISO 3309, as in zlib: 3.9 GB/s here; a CRC-32C
would need one more library). The head of a damaged body can be trusted, and with it the place of the next record.

=========  ====  ===========================================================
bytes      type  what
=========  ====  ===========================================================
0:4        4s    ``AnLR``
4          u8    version of this form, 1
5          u8    kind
6:8        u16   bytes of the source's name
8:12       u32   bytes of the note
12:16      u32   rows
16:24      u64   position
24:32      i64   received, microseconds since 1970 UTC
32:40      u64   origin: number of a journal entry, 0 none
40:48      u64   positions below this one were durable when it was written
48:52      u32   bytes of the body
52:56      u32   CRC-32 of the body
56:60      u32   0
60:64      u32   CRC-32 of bytes 0:60
64:        …     source (UTF-8), note, padding; time i64, value f64, sensor i32, quality u8; padding
=========  ====  ===========================================================
"""

import struct
import zlib
from enum import IntEnum
from typing import NamedTuple

import numpy as np

from anlan.kernel.errors import Invalid
from anlan.sense.stream.batch import Batch

MAGIC = b"AnLR"
VERSION = 1
HEAD_BYTES = 64
ROW_BYTES = 21
LARGEST_BODY = 1 << 25
"""Bytes of the largest body: 1.6 million rows. A length beyond it is damage, not a record."""

LONGEST_SOURCE = 0xFFFF

_HEAD = struct.Struct("<4sBBHIIQqQQIIII")
_U32 = struct.Struct("<I")
_COLUMNS = (("time_us", "<i8"), ("value", "<f8"), ("sensor", "<i4"), ("quality", "u1"))


class Kind(IntEnum):
    """What a record is."""

    OBSERVED = 0
    BACKFILL = 1
    """Kept in the history and not evaluated by rules."""
    TICK = 2
    """The world's clock reached a whole multiple of the tick."""
    PLAN = 3
    """Rules or registry changed; the note is the digest of the new plan."""


class Record(NamedTuple):
    """One record of a log, told by its position."""

    position: int
    kind: Kind
    received_us: int
    source: str
    origin: int
    batch: Batch
    note: bytes


class Head(NamedTuple):
    """The head of a record, checked."""

    kind: int
    source_bytes: int
    note_bytes: int
    rows: int
    position: int
    received_us: int
    origin: int
    durable: int
    body_bytes: int
    body_crc: int

    @property
    def size(self) -> int:
        """Bytes of the whole record."""
        return HEAD_BYTES + self.body_bytes


class Draft(NamedTuple):
    """A record that has no position yet."""

    head: Head
    body: bytes

    def head_at(self, position: int, durable: int) -> bytes:
        """Return the bytes of its head at a position of a log that is durable below another."""
        kind, name, note, rows, _, received, origin, _, size, crc = self.head
        fields = (MAGIC, VERSION, kind, name, note, rows, position, received, origin, durable, size, crc, 0, 0)
        head = _HEAD.pack(*fields)[:-4]
        return head + _U32.pack(zlib.crc32(head))


def draft(kind: Kind, batch: Batch, *, received_us: int, source: str = "", origin: int = 0, note: bytes = b"") -> Draft:
    """Return a record without a position; the columns are copied into it.

    Raises
    ------
    Invalid
        If it would be larger than a record may be, or the source's name longer than 65 535 bytes.
    """
    name, rows = source.encode(), len(batch)
    size = _columns_at(len(name), len(note)) + _padded(ROW_BYTES * rows)
    if size > LARGEST_BODY or len(name) > LONGEST_SOURCE:
        raise Invalid("log.record_size", value=size, params={"most": LARGEST_BODY})
    parts: list[bytes | memoryview] = [name, note, bytes(-(len(name) + len(note)) % 8)]
    parts += [np.ascontiguousarray(getattr(batch, column), form).data for column, form in _COLUMNS]
    body = b"".join([*parts, bytes(-ROW_BYTES * rows % 8)])
    return Draft(Head(kind, len(name), len(note), rows, 0, received_us, origin, 0, size, zlib.crc32(body)), body)


def read_head(data: memoryview, offset: int) -> Head | None:
    """Return the head that stands at an offset, or None if what stands there is none."""
    if offset + HEAD_BYTES > len(data):
        return None
    magic, version, kind, name, note, rows, position, received, origin, durable, size, crc, _, check = (
        _HEAD.unpack_from(data, offset)
    )
    if magic != MAGIC or version != VERSION or check != zlib.crc32(data[offset : offset + HEAD_BYTES - 4]):
        return None
    if size > LARGEST_BODY or size != _columns_at(name, note) + _padded(ROW_BYTES * rows):
        return None
    return Head(kind, name, note, rows, position, received, origin, durable, size, crc)


def body_holds(data: memoryview, offset: int, head: Head) -> bool:
    """Tell whether the body of the record at an offset is there and undamaged."""
    end = offset + head.size
    return end <= len(data) and zlib.crc32(data[offset + HEAD_BYTES : end]) == head.body_crc


def read_body(data: memoryview, offset: int, head: Head, position: int | None = None) -> Record:
    """Return the record at an offset; its columns lie where the data lie, nothing is copied.

    Parameters
    ----------
    position
        What numbers the records of this log, if it is not what stands in the head.
    """
    begin = offset + HEAD_BYTES
    text = begin + head.source_bytes
    at = begin + _columns_at(head.source_bytes, head.note_bytes)
    time_us = np.frombuffer(data, "<i8", head.rows, at)
    value = np.frombuffer(data, "<f8", head.rows, at + 8 * head.rows)
    sensor = np.frombuffer(data, "<i4", head.rows, at + 16 * head.rows)
    quality = np.frombuffer(data, np.uint8, head.rows, at + 20 * head.rows)
    return Record(
        head.position if position is None else position,
        Kind(head.kind),
        head.received_us,
        str(data[begin:text], "utf-8"),
        head.origin,
        Batch(sensor, time_us, value, quality),
        bytes(data[text : text + head.note_bytes]),
    )


def pack(draft: Draft) -> bytes:
    """Return a whole record in one piece, for a log that numbers its records by itself."""
    return draft.head_at(0, 0) + draft.body


def unpack(data: bytes, position: int) -> Record | None:
    """Return the record that :func:`pack` wrote, or None if it is damaged."""
    view = memoryview(data)
    head = read_head(view, 0)
    if head is None or head.size != len(data) or not body_holds(view, 0, head):
        return None
    return read_body(view, 0, head, position)


def _padded(size: int) -> int:
    return size + -size % 8


def _columns_at(source_bytes: int, note_bytes: int) -> int:
    return _padded(source_bytes + note_bytes)
