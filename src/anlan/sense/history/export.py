"""The history handed out: as CSV, Parquet or an Arrow stream, piece by piece, so that its length does not matter."""

import io
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from anlan.sense.history.rows import Rows
from anlan.sense.history.view import View
from anlan.sense.stream.batch import QUALITIES, Int32s

Form = Literal["csv", "parquet", "arrow"]
Names = Callable[[Int32s], Sequence[str]]
"""Gives the names of sensors for their numbers."""

PIECE_ROWS = 65_536

_QUALITY = pa.array(QUALITIES)
_FIELDS: list["pa.Field[Any]"] = [
    pa.field("sensor", pa.string(), nullable=False),
    pa.field("at", pa.timestamp("us", "UTC"), nullable=False),
    pa.field("value", pa.float64()),
    pa.field("quality", pa.string(), nullable=False),
    pa.field("late", pa.bool_(), nullable=False),
]
SCHEMA = pa.schema(_FIELDS)


class _Writer(Protocol):
    def write_batch(self, batch: pa.RecordBatch) -> None: ...
    def close(self) -> None: ...


class _Pipe(io.RawIOBase):
    """Takes what a writer writes, until it is asked for."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, part: Any) -> int:
        self._parts.append(bytes(part))
        return len(self._parts[-1])

    def taken(self) -> bytes:
        parts, self._parts = self._parts, []
        return b"".join(parts)


def pieces(
    view: View, sensors: Int32s | None, first_us: int, last_us: int, names: Names, limit: int | None
) -> Iterator[pa.RecordBatch]:
    """Yield the rows of a span, both ends included, by day, shard, sensor and time, as people read them.

    Parameters
    ----------
    limit
        The rows after so many are left out; None: none are.
    """
    left = limit
    for rows in view.rows(sensors, first_us, last_us):
        for begin in range(0, len(rows), PIECE_ROWS):
            if left is not None and left <= 0:
                return
            piece = rows.where(slice(begin, begin + (PIECE_ROWS if left is None else min(PIECE_ROWS, left))))
            left = None if left is None else left - len(piece)
            yield _told(piece, names)


def _told(rows: Rows, names: Names) -> pa.RecordBatch:
    numbers, place = np.unique(rows.sensor, return_inverse=True)
    sensor = pa.array(names(numbers), pa.string()).take(pa.array(place, pa.int64()))
    table = rows.to_arrow().combine_chunks()
    quality = _QUALITY.take(pa.array(rows.quality, pa.uint8()))
    at, value, late = (table[name].chunk(0) for name in ("at", "value", "late"))
    return pa.record_batch([sensor, at, value, quality, late], schema=SCHEMA)


def encoded(batches: Iterator[pa.RecordBatch], form: Form) -> Iterator[bytes]:
    """Yield a file of one form, piece by piece."""
    pipe = _Pipe()
    writer = _writer(pa.PythonFile(pipe, "w"), form)
    for batch in batches:
        writer.write_batch(batch)
        if piece := pipe.taken():
            yield piece
    writer.close()
    yield pipe.taken()


def _writer(sink: pa.NativeFile, form: Form) -> _Writer:
    if form == "csv":
        return pacsv.CSVWriter(sink, SCHEMA)  # type: ignore[arg-type]
    if form == "arrow":
        return pa.ipc.new_stream(sink, SCHEMA)
    return pq.ParquetWriter(sink, SCHEMA, compression="zstd")
