"""The compact form: numbers of the registry, microseconds and values as columns, as they lie in memory.

All numbers are little-endian. The sender asks for the numbers of its sensors once; they never change.

=============  ====  ==================================================
bytes          type  what
=============  ====  ==================================================
0:4            4s    ``ANO1``
4              u8    1 if a column of qualities stands at the end, else 0
5:8            3x    0
8:12           u32   rows, n
12:16          4x    0
16:            i64   n times: microseconds since 1970 UTC
…              f64   n times: value, NaN for none
…              i32   n times: number of the sensor
…              u8    n times, if told above: 0 good, 1 suspect
=============  ====  ==================================================
"""

import struct

import numpy as np

from anlan.sense.doors.decode.columns import sifted
from anlan.sense.doors.limits import Limits, Unreadable
from anlan.sense.stream.batch import Batch, Rows

MAGIC = b"ANO1"
_HEAD = struct.Struct("<4sB3xI4x")
_BARE, _QUALITY = 20, 1


def decode(payload: bytes, limits: Limits) -> Rows:
    """Return the observations of a message in the compact form.

    Raises
    ------
    Unreadable
        ``message.binary`` if head or length do not fit, ``message.rows`` if there are too many rows.
    """
    if len(payload) < _HEAD.size:
        raise Unreadable("message.binary", payload[: _HEAD.size].hex())
    magic, qualities, count = _HEAD.unpack_from(payload)
    size = _HEAD.size + count * (_BARE + qualities * _QUALITY)
    if magic != MAGIC or qualities not in {0, 1} or len(payload) != size:
        raise Unreadable("message.binary", payload[: _HEAD.size].hex())
    if count > limits.rows:
        raise Unreadable("message.rows", count)
    at = _HEAD.size
    time_us = np.frombuffer(payload, "<i8", count, at)
    value = np.frombuffer(payload, "<f8", count, at + 8 * count)
    sensor = np.frombuffer(payload, "<i4", count, at + 16 * count)
    quality = np.frombuffer(payload, np.uint8, count, at + 20 * count) if qualities else None
    return sifted(sensor, time_us, value, quality)


def encode(batch: Batch) -> bytes:
    """Return a batch in the compact form, qualities left out where all are good."""
    qualities = bool(batch.quality.any())
    parts = [_HEAD.pack(MAGIC, qualities, len(batch)), batch.time_us.astype("<i8").tobytes()]
    parts += [batch.value.astype("<f8").tobytes(), batch.sensor.astype("<i4").tobytes()]
    return b"".join([*parts, batch.quality.tobytes()] if qualities else parts)
