"""CSV in UTF-8 with a head line that names the columns ``sensor``, ``at``, ``value`` and, if it is there, ``quality``.

The columns may stand in any order. A moment is ISO 8601 with a zone or milliseconds since 1970; an empty value is a
missing one. Spaces count. Rows are told apart by line feeds, carriage returns or both; empty lines are left out.
Arrow reads the whole text at once where all of it is sound and nothing is quoted; otherwise it is read row by row.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from anlan.sense.doors.decode import items
from anlan.sense.doors.decode.columns import SENT
from anlan.sense.doors.decode.moments import of_array, of_millis
from anlan.sense.doors.limits import Limits, Unreadable
from anlan.sense.doors.names import Names
from anlan.sense.stream.batch import MISSING, Bytes, Floats, Int64s, Rows

_BOM = b"\xef\xbb\xbf"
_NEEDED = set(items.KEYS[:3])
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_MILLIS = re.compile(r"-?[0-9]{1,18}")
_EMPTY = pa.scalar("")
_STRINGS = {name: pa.string() for name in items.KEYS}


def decode(payload: bytes, limits: Limits) -> Rows:
    """Return the observations of a CSV message.

    Raises
    ------
    Unreadable
        ``message.csv`` if it is not UTF-8 or not CSV, ``message.columns`` if columns are missing or unknown,
        ``message.rows`` if there are too many rows.
    """
    payload = payload.removeprefix(_BOM)
    if payload.count(b"\n") + payload.count(b"\r") > 2 * limits.rows + 2:
        raise Unreadable("message.rows", limits.rows)
    rows = None if b'"' in payload else _fast(payload)
    if rows is None:
        rows = _slow(payload)
    if len(rows) + len(rows.refused) > limits.rows:
        raise Unreadable("message.rows", len(rows) + len(rows.refused))
    return rows


def _fast(payload: bytes) -> Rows | None:
    try:
        table = pacsv.read_csv(
            pa.BufferReader(payload),  # type: ignore[arg-type]  # any file of Arrow will do
            pacsv.ReadOptions(use_threads=False, block_size=max(1024, len(payload) + 1)),
            pacsv.ParseOptions(quote_char=False),
            pacsv.ConvertOptions(column_types=_STRINGS, strings_can_be_null=False),
        )
        if not _names_columns(table.column_names):
            return None
        value = _floats(table["value"])
        chunks = table["sensor"].chunks
        names = Names(pa.concat_arrays(chunks) if chunks else pa.array([], pa.string()))
    except (pa.ArrowException, UnicodeDecodeError):
        return None
    time_us = _moments(table["at"])
    quality = _codes(table["quality"], value) if "quality" in table.column_names else _all_good(value)
    if value is None or time_us is None or quality is None or names.empty.any():
        return None
    return Rows(names, time_us, value, quality)


def _floats(column: "pa.ChunkedArray[pa.StringScalar]") -> Floats | None:
    """Return the values, NaN where the text is empty; None if one of them is not a finite number."""
    empty = pc.equal(column, _EMPTY)
    value = np.asarray(pc.if_else(empty, pa.scalar(None, pa.string()), column).cast(pa.float64()))
    sound = np.isfinite(value) | np.asarray(empty)
    return value.astype(np.float64, copy=False) if sound.all() else None


def _moments(column: "pa.ChunkedArray[pa.StringScalar]") -> Int64s | None:
    found = of_array(column)
    if found is not None:
        return found
    texts = column.to_pylist()
    if not all(text is not None and _MILLIS.fullmatch(text) for text in texts):
        return None
    return of_millis([int(text) for text in texts if text is not None])


def _all_good(value: Floats | None) -> Bytes | None:
    return None if value is None else np.where(np.isnan(value), np.uint8(MISSING), np.uint8(SENT["good"]))


def _codes(column: "pa.ChunkedArray[pa.StringScalar]", value: Floats | None) -> Bytes | None:
    codes = [SENT.get(text or "good") for text in column.to_pylist()]
    if value is None or None in codes:
        return None
    return np.where(np.isnan(value), np.uint8(MISSING), np.array(codes, np.uint8))


def _slow(payload: bytes) -> Rows:
    try:
        text = payload.decode()
        lines = csv.reader(io.StringIO(text, newline=""))
        head = next((line for line in lines if line), [])
        if not _names_columns(head):
            raise Unreadable("message.columns", ", ".join(head))
        return items.rows_of(_fields(line, head) for line in lines if line)
    except (UnicodeDecodeError, csv.Error) as error:
        raise Unreadable("message.csv", str(error)) from error


def _names_columns(head: Sequence[str]) -> bool:
    return len(set(head)) == len(head) and set(head) >= _NEEDED and set(head) <= set(items.KEYS)


def _fields(line: Sequence[str], head: Sequence[str]) -> object:
    """Return one line as a door finds items: numbers as numbers; the line itself if it has too many or few fields."""
    if len(line) != len(head):
        return ",".join(line)
    fields: Mapping[str, str] = dict(zip(head, line, strict=True))
    return dict(_typed(fields))


def _typed(fields: Mapping[str, str]) -> Iterator[tuple[str, object]]:
    for key, text in fields.items():
        if key == "at":
            yield key, int(text) if _MILLIS.fullmatch(text) else text
        elif key == "value":
            yield key, float(text) if _NUMBER.fullmatch(text) else (text or None)
        else:
            yield key, text or "good" if key == "quality" else text
