"""Arrow IPC streams, and the record batches of files.

Columns: ``sensor`` (text, text by dictionary, or int32 numbers of the registry), ``at`` (a timestamp with a zone, or
int64 microseconds since 1970 UTC), ``value`` (any number; null or NaN: none) and, if it is there, ``quality`` (text or
uint8 codes). Names must not repeat, and no other columns are known.
"""

import struct
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from anlan.sense.doors.decode import items
from anlan.sense.doors.decode.columns import SENT, Bools, sifted
from anlan.sense.doors.decode.envelope import weigh
from anlan.sense.doors.decode.moments import UTC_MICROS
from anlan.sense.doors.limits import Limits, Unreadable
from anlan.sense.doors.names import Names
from anlan.sense.stream.batch import Bytes, Floats, Int32s, Int64s, Rows

_UNKNOWN_QUALITY = 255
_BROKEN = (pa.ArrowException, OSError, struct.error, ValueError, OverflowError)


def decode(payload: bytes, limits: Limits) -> Rows:
    """Return the observations of an Arrow IPC stream.

    Raises
    ------
    Unreadable
        ``message.arrow`` if it is not one, ``message.columns`` if its columns are others, ``message.rows`` or
        ``message.size`` if it holds too much.
    """
    try:
        weigh(payload, limits)
        with pa.ipc.open_stream(pa.BufferReader(payload)) as stream:
            check_columns(stream.schema)
            table = stream.read_all()
        table.validate(full=True)
        return rows_of(table.combine_chunks().to_batches()[0] if table.num_rows else _none(table.schema))
    except _BROKEN as error:
        raise Unreadable("message.arrow", str(error)) from error


def check_columns(schema: pa.Schema) -> None:
    """Refuse columns that are not those of observations.

    Raises
    ------
    Unreadable
        ``message.columns``.
    """
    names = schema.names
    known = len(set(names)) == len(names) and set(items.KEYS[:3]) <= set(names) <= set(items.KEYS)
    if not known or not all(_fits(field.name, field.type) for field in schema):
        raise Unreadable("message.columns", ", ".join(f"{field.name} {field.type}" for field in schema))


def _fits(name: str, kind: pa.DataType) -> bool:
    if name == "sensor":
        return _is_text(kind) or pa.types.is_int32(kind)
    if name == "at":
        return pa.types.is_int64(kind) or (pa.types.is_timestamp(kind) and kind.tz is not None)
    if name == "value":
        return pa.types.is_floating(kind) or pa.types.is_integer(kind)
    return _is_text(kind) or pa.types.is_uint8(kind)


def _is_text(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        return pa.types.is_string(kind.value_type) or pa.types.is_large_string(kind.value_type)
    return pa.types.is_string(kind) or pa.types.is_large_string(kind)


def _none(schema: pa.Schema) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays([pa.array([], field.type) for field in schema], schema=schema)


def rows_of(batch: pa.RecordBatch) -> Rows:
    """Return the observations of one record batch whose columns were checked."""
    sensor, nameless = _sensors(batch.column("sensor"))
    time_us, timeless = _times(batch.column("at"))
    value = _values(batch.column("value"))
    quality = _qualities(batch.column("quality")) if "quality" in batch.schema.names else None
    return sifted(sensor, time_us, value, quality, {"observation.name": nameless, "observation.at": timeless})


def _sensors(column: "pa.Array[Any]") -> tuple[Sequence[str] | Int32s, Bools]:
    nameless = _nulls(column)
    if pa.types.is_int32(column.type):
        return np.asarray(column.fill_null(-1)).astype(np.int32, copy=False), nameless
    texts: pa.Array[Any] = column.dictionary_decode() if isinstance(column, pa.DictionaryArray) else column
    if not pa.types.is_string(texts.type):
        texts = texts.cast(pa.string())
    names = Names(texts.fill_null("") if texts.null_count else texts)
    return names, nameless | names.empty


def _times(column: "pa.Array[Any]") -> tuple[Int64s, Bools]:
    if pa.types.is_timestamp(column.type):
        column = column.cast(UTC_MICROS, safe=column.type.unit != "ns").cast(pa.int64())
    return np.asarray(column.fill_null(0)).astype(np.int64, copy=False), _nulls(column)


def _values(column: "pa.Array[Any]") -> Floats:
    if not pa.types.is_float64(column.type):
        column = column.cast(pa.float64(), safe=False)
    return np.asarray(column.fill_null(np.nan)).astype(np.float64, copy=False)


def _qualities(column: "pa.Array[Any]") -> Bytes:
    """Return codes; 255 for what nobody knows. Nothing said is good."""
    if pa.types.is_uint8(column.type):
        return np.asarray(column.fill_null(SENT["good"])).astype(np.uint8, copy=False)
    text = column.cast(pa.string()) if not isinstance(column, pa.DictionaryArray) else column.dictionary_decode()
    place = pc.index_in(text.fill_null("good"), pa.array(list(SENT), text.type))
    return np.asarray(place.fill_null(_UNKNOWN_QUALITY)).astype(np.uint8)


def _nulls(column: "pa.Array[Any]") -> Bools:
    if column.null_count == 0:
        return np.zeros(len(column), np.bool_)
    return np.asarray(column.is_null().to_numpy(zero_copy_only=False))
