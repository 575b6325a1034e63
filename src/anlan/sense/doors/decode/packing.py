"""Compressed bodies, undone within bounds: a small message must not become a large one."""

import zlib

import pyarrow as pa

from anlan.sense.doors.limits import Limits, Unreadable

ENCODINGS = ("identity", "gzip", "zstd")
_GZIP = 16 + zlib.MAX_WBITS  # zlib manual, inflateInit2: 16 more asks for the head and trailer of gzip


def unpacked(payload: bytes, encoding: str, limits: Limits) -> bytes:
    """Return a message without its compression.

    Raises
    ------
    Unreadable
        ``message.size`` if it is too large as it came or unpacked, ``message.encoding`` if nobody knows the encoding
        or the bytes are not of it.
    """
    if len(payload) > limits.message_bytes:
        raise Unreadable("message.size", len(payload))
    if encoding in {"", "identity"}:
        return payload
    if encoding == "gzip":
        whole = _gunzipped(payload, limits.unpacked_bytes)
    elif encoding == "zstd":
        whole = _unzstd(payload, limits.unpacked_bytes)
    else:
        raise Unreadable("message.encoding", encoding)
    if len(whole) > limits.unpacked_bytes:
        raise Unreadable("message.size", limits.unpacked_bytes)
    return whole


def _gunzipped(payload: bytes, most: int) -> bytes:
    unpacker = zlib.decompressobj(_GZIP)
    try:
        whole = unpacker.decompress(payload, most + 1)
    except zlib.error as error:
        raise Unreadable("message.encoding", "gzip") from error
    if len(whole) <= most and (not unpacker.eof or unpacker.unused_data):
        raise Unreadable("message.encoding", "gzip")
    return whole


def _unzstd(payload: bytes, most: int) -> bytes:
    try:
        with pa.CompressedInputStream(pa.BufferReader(payload), "zstd") as stream:
            return stream.read(most + 1)
    except (OSError, pa.ArrowException) as error:
        raise Unreadable("message.encoding", "zstd") from error
