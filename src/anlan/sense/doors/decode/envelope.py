"""The weight of an Arrow IPC stream before anything of it is unpacked.

Bodies may be compressed buffer by buffer; each compressed buffer begins with its unpacked length. The metadata are
FlatBuffers after ``format/Message.fbs`` of Apache Arrow (version 1.5 of the columnar format), of which only what
counts is read here: the kind of message, its rows, its buffers and whether they are compressed.
"""

import struct

import pyarrow as pa

from anlan.sense.doors.limits import Limits, Unreadable

_I64 = struct.Struct("<q")
_U32 = struct.Struct("<I")
_U16 = struct.Struct("<H")
_I32 = struct.Struct("<i")
_BUFFER = struct.Struct("<qq")

# Message.fbs: tables Message, RecordBatch and DictionaryBatch, places of their fields; union MessageHeader.
_HEADER_TYPE, _HEADER = 1, 2
_LENGTH, _BUFFERS, _COMPRESSION = 0, 2, 3
_DATA = 1
_DICTIONARY_BATCH, _RECORD_BATCH = 2, 3


def weigh(payload: bytes, limits: Limits) -> None:
    """Refuse a stream that holds more than it may.

    Raises
    ------
    Unreadable
        ``message.rows`` or ``message.size``.
    ArrowInvalid, OSError, struct.error
        If it is not an IPC stream.
    """
    rows = size = 0
    for message in pa.ipc.MessageReader.open_stream(pa.BufferReader(payload)):
        metadata = message.metadata.to_pybytes()
        table = _indirect(metadata, 0)
        kind_at = _field(metadata, table, _HEADER_TYPE)
        kind = metadata[kind_at] if kind_at else 0
        if kind not in {_RECORD_BATCH, _DICTIONARY_BATCH}:
            continue
        batch = _indirect(metadata, _needed(metadata, table, _HEADER))
        if kind == _DICTIONARY_BATCH:
            batch = _indirect(metadata, _needed(metadata, batch, _DATA))
        length_at = _field(metadata, batch, _LENGTH)
        rows += _I64.unpack_from(metadata, length_at)[0] if length_at else 0
        size += _unpacked_bytes(metadata, batch, message.body)
        if not 0 <= rows <= 2 * limits.rows:  # a dictionary has no more entries than there are rows
            raise Unreadable("message.rows", rows)
        if size > limits.unpacked_bytes:
            raise Unreadable("message.size", size)


def _unpacked_bytes(metadata: bytes, batch: int, body: pa.Buffer | None) -> int:
    if not _field(metadata, batch, _COMPRESSION) or body is None:
        return 0 if body is None else body.size
    vector = _indirect(metadata, _needed(metadata, batch, _BUFFERS))
    (count,) = _U32.unpack_from(metadata, vector)
    held, total = memoryview(body), 0
    for place in range(count):
        offset, length = _BUFFER.unpack_from(metadata, vector + _U32.size + place * _BUFFER.size)
        if length:
            if not 0 <= offset <= len(held) - _I64.size:
                raise struct.error("a buffer lies outside its message")
            total += max(_I64.unpack_from(held, offset)[0], length)
    return total


def _indirect(data: bytes, at: int) -> int:
    return at + int(_U32.unpack_from(data, at)[0])


def _needed(data: bytes, table: int, field: int) -> int:
    found = _field(data, table, field)
    if not found:
        raise struct.error("a field is missing")
    return found


def _field(data: bytes, table: int, field: int) -> int:
    """Return where a field of a table stands; 0 if it is not there."""
    vtable = table - int(_I32.unpack_from(data, table)[0])
    entry = 4 + 2 * field  # FlatBuffers internals: a vtable begins with two u16, its own size and the table's
    if vtable < 0 or entry + 2 > _U16.unpack_from(data, vtable)[0]:
        return 0
    offset = int(_U16.unpack_from(data, vtable + entry)[0])
    return table + offset if offset else 0
