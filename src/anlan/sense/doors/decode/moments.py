"""Moments as microseconds since 1970 UTC.

A moment is text after ISO 8601 with a zone (``2026-07-01T09:00:00+08:00``, ``…Z``), down to the hour and up to nine
digits of a second, of which six count; or a whole number of milliseconds since 1970 UTC. The years are 1 to 9999.
A text is read by Arrow all at once where it can be, or by :func:`micros` one at a time; both read the same.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa

from anlan.sense.stream.batch import Int64s

UTC_MICROS = pa.timestamp("us", "UTC")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_US = timedelta(microseconds=1)
FIRST_US = (datetime(1, 1, 1, tzinfo=UTC) - _EPOCH) // _US
LAST_US = (datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC) - _EPOCH) // _US
_MS = 1000

_ISO = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2})(?::([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,9}))?)?)?"
    r"(Z|[+-][0-9]{2}(?::?[0-9]{2})?)",
)


def micros(at: object) -> int | None:
    """Return one moment, or None if it is none."""
    if isinstance(at, str):
        return _of_text(at)
    if isinstance(at, int) and not isinstance(at, bool) and FIRST_US <= at * _MS <= LAST_US:
        return at * _MS
    return None


def _of_text(text: str) -> int | None:
    found = _ISO.fullmatch(text)
    if found is None:
        return None
    day, hour, minute, second, part, zone = found.groups()
    try:
        local = datetime.fromisoformat(f"{day}T{hour}:{minute or '00'}:{second or '00'}")
        offset = _offset(zone)
    except ValueError:
        return None
    fraction = int((part or "0").ljust(6, "0")[:6])
    at_us = (local.replace(tzinfo=UTC) - _EPOCH) // _US + fraction - offset
    return at_us if FIRST_US <= at_us <= LAST_US else None


def _offset(zone: str) -> int:
    """Return how far a zone is ahead of UTC, µs."""
    if zone == "Z":
        return 0
    digits = zone[1:].replace(":", "").ljust(4, "0")
    hours, minutes = int(digits[:2]), int(digits[2:])
    if hours > 23 or minutes > 59:
        raise ValueError(zone)
    ahead = timedelta(hours=hours, minutes=minutes) // _US
    return ahead if zone[0] == "+" else -ahead


def of_texts(texts: Sequence[str]) -> Int64s | None:
    """Return many moments given as text, or None if one of them is none (or has more than six digits of a second)."""
    return of_array(pa.array(texts, pa.string()))


def of_array(texts: "pa.Array[pa.StringScalar] | pa.ChunkedArray[pa.StringScalar]") -> Int64s | None:
    """Return many moments that Arrow holds as text, or None as in :func:`of_texts`."""
    try:
        at_us = np.asarray(texts.cast(UTC_MICROS).cast(pa.int64()))
    except pa.ArrowInvalid:
        return None
    return _bounded(at_us.astype(np.int64, copy=False))


def of_millis(millis: Sequence[int]) -> Int64s | None:
    """Return many moments given in milliseconds, or None if one of them is out of bounds."""
    try:
        at_ms = np.array(millis, dtype=np.int64)
    except OverflowError:
        return None
    if len(at_ms) and not (at_ms.min() >= FIRST_US // _MS and at_ms.max() <= LAST_US // _MS):
        return None
    return at_ms * _MS


def of_column(at: Sequence[object]) -> Int64s | None:
    """Return many moments of one kind, text or milliseconds, or None if they are not all of one and all good."""
    kinds = set(map(type, at))
    if kinds <= {str}:
        return of_texts(at)  # type: ignore[arg-type]  # all are text
    return of_millis(at) if kinds == {int} else None  # type: ignore[arg-type]  # all are numbers


def _bounded(at_us: Int64s) -> Int64s | None:
    if len(at_us) and not (at_us.min() >= FIRST_US and at_us.max() <= LAST_US):
        return None
    return at_us
