"""JSON: a list of rows, a list of objects, one object, or an object of columns.

::

    [["a", "2026-07-01T09:00:00+08:00", 0.18], ["b", 1782867600000, null, "suspect"]]
    [{"sensor": "a", "at": "2026-07-01T01:00:00Z", "value": 0.18}]
    {"sensor": "a", "at": 1782867600000, "value": 0.18, "quality": "good"}
    {"sensor": ["a", "b"], "at": [1782867600000, 1782867600000], "value": [0.18, null]}

Messages of one form throughout are decoded by msgspec straight into typed values; if it finds a fault anywhere, the
message is read again item by item, and only the faulty items are refused.
"""

import re
from collections.abc import Sequence
from typing import Literal

import msgspec
import numpy as np

from anlan.sense.doors.decode import items
from anlan.sense.doors.decode.columns import SENT
from anlan.sense.doors.decode.moments import of_column
from anlan.sense.doors.limits import Limits, Unreadable
from anlan.sense.stream.batch import MISSING, Bytes, Floats, Rows

Quality = Literal["good", "suspect"]
At = str | int


class _Row(msgspec.Struct, array_like=True, gc=False, forbid_unknown_fields=True):
    sensor: str
    at: At
    value: float | None
    quality: Quality = "good"


class _Item(msgspec.Struct, gc=False, forbid_unknown_fields=True):
    sensor: str
    at: At
    value: float | None
    quality: Quality = "good"


class _Columns(msgspec.Struct, forbid_unknown_fields=True):
    sensor: list[str]
    at: list[At]
    value: list[float | None]
    quality: list[Quality] | None = None


_ROWS = msgspec.json.Decoder(list[_Row])
_ITEMS = msgspec.json.Decoder(list[_Item])
_ITEM = msgspec.json.Decoder(_Item)
_COLUMNS = msgspec.json.Decoder(_Columns)
_RAW_LIST = msgspec.json.Decoder(list[msgspec.Raw])
_ANY = msgspec.json.Decoder()
_BEGINS = re.compile(rb"[ \t\r\n]*(.?)[ \t\r\n]*(.?)", re.DOTALL)
_BROKEN = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


def decode(payload: bytes, limits: Limits) -> Rows:
    """Return the observations of a JSON message.

    Raises
    ------
    Unreadable
        ``message.json`` if it is not JSON, ``message.shape`` if it is neither list nor object, ``message.columns`` if
        columns are missing or differ in length, ``message.rows`` if there are too many.
    """
    # Each row has one closing bracket. This bounds the work before it is done; the exact count follows.
    if payload.count(b"]") + payload.count(b"}") > 4 * (limits.rows + 4):
        raise Unreadable("message.rows", limits.rows)
    first, second = _begins(payload)
    if first == b"{":
        rows = _fast_one(payload)
        rows = _slow_object(payload) if rows is None else rows
    else:
        rows = _fast_list(payload, second)
        rows = _slow_list(payload) if rows is None else rows
    if len(rows) + len(rows.refused) > limits.rows:
        raise Unreadable("message.rows", len(rows) + len(rows.refused))
    return rows


def _begins(payload: bytes) -> tuple[bytes, bytes]:
    """Return the first two characters that are not space; empty where there are none."""
    found = _BEGINS.match(payload)
    return (found[1], found[2]) if found else (b"", b"")


def _fast_list(payload: bytes, second: bytes) -> Rows | None:
    decoder: msgspec.json.Decoder[list[_Row]] | msgspec.json.Decoder[list[_Item]]
    decoder = _ITEMS if second == b"{" else _ROWS
    try:
        found: Sequence[_Row | _Item] = decoder.decode(payload)
    except _BROKEN:
        return None
    return _of_columns(
        [row.sensor for row in found],
        [row.at for row in found],
        [row.value for row in found],
        [row.quality for row in found],
    )


def _fast_one(payload: bytes) -> Rows | None:
    try:
        one = _ITEM.decode(payload)
    except _BROKEN:
        pass
    else:
        return _of_columns([one.sensor], [one.at], [one.value], [one.quality])
    try:
        found = _COLUMNS.decode(payload)
    except _BROKEN:
        return None
    counts = {len(found.sensor), len(found.at), len(found.value)}
    counts.update(() if found.quality is None else (len(found.quality),))
    if len(counts) > 1:
        return None
    return _of_columns(found.sensor, found.at, found.value, found.quality)


def singles(payloads: Sequence[bytes]) -> Rows | None:
    """Return many messages of one observation each, or None if one of them is anything else."""
    try:
        found = [_ITEM.decode(payload) for payload in payloads]
    except _BROKEN:
        return None
    return _of_columns(
        [row.sensor for row in found],
        [row.at for row in found],
        [row.value for row in found],
        [row.quality for row in found],
    )


def _of_columns(
    sensor: list[str], at: Sequence[At], value: Sequence[float | None], quality: Sequence[Quality] | None
) -> Rows | None:
    time_us = of_column(at)
    if time_us is None or not all(sensor):
        return None
    values = np.array(value, np.float64)
    return Rows(sensor, time_us, values, _codes(values, quality))


def _codes(values: Floats, quality: Sequence[Quality] | None) -> Bytes:
    if quality is None or set(quality) <= {"good"}:
        codes = np.zeros(len(values), np.uint8)
    else:
        codes = np.array([SENT[one] for one in quality], np.uint8)
    missing = np.isnan(values)
    if missing.any():
        codes[missing] = MISSING
    return codes


def _slow_list(payload: bytes) -> Rows:
    try:
        raws = _RAW_LIST.decode(payload)
    except msgspec.ValidationError as error:
        raise Unreadable("message.shape", payload) from error
    except _BROKEN as error:
        raise Unreadable("message.json", str(error)) from error
    return items.rows_of(_read(raw) for raw in raws)


def _read(raw: msgspec.Raw) -> object:
    """Return what stands in one item; the error, if it cannot be read."""
    try:
        return _ANY.decode(raw)
    except _BROKEN as error:
        return error


def _slow_object(payload: bytes) -> Rows:
    try:
        found = _ANY.decode(payload)
    except msgspec.ValidationError as error:  # sound JSON with a number out of every range
        raise Unreadable("message.number", str(error)) from error
    except _BROKEN as error:
        raise Unreadable("message.json", str(error)) from error
    if not isinstance(found.get("sensor"), list):
        return items.rows_of([found])
    columns = [found.get(key) for key in items.KEYS[:3]]
    columns.append(found.get("quality", ["good"] * len(found["sensor"])))
    known = all(key in items.KEYS for key in found)
    if not known or not all(isinstance(column, list) and len(column) == len(columns[0]) for column in columns):
        raise Unreadable("message.columns", list(found))
    return items.rows_of(zip(*columns, strict=True))
