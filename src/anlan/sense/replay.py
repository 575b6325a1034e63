"""Recorded observations, played again: files of (sensor, at, value), cut into batches by time.

A file is CSV with a head line or Parquet, with the columns ``sensor``, ``at`` (ISO 8601 with zone, or a timestamp with
zone) and ``value``. Nothing here writes: the caller ingests each batch when its time has come.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from anlan.kernel.errors import Invalid

_COLUMNS = {"sensor": pa.string(), "at": pa.timestamp("us", "UTC"), "value": pa.float64()}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Batch:
    """The observations of one step: those after its beginning, up to and with ``until``."""

    until: datetime
    rows: list[tuple[str, datetime, float | None]]


def read_recording(path: Path) -> pa.Table:
    """Read a recording in order of time, then of the file.

    Raises
    ------
    Invalid
        ``replay.unreadable`` if the file cannot be read or lacks a column.
    """
    try:
        table = pq.read_table(path) if path.suffix == ".parquet" else pacsv.read_csv(path)
        table = table.select(list(_COLUMNS))
        columns = [table[name].cast(form) for name, form in _COLUMNS.items()]
    except (OSError, KeyError, pa.ArrowException) as error:
        raise Invalid("replay.unreadable", value=str(path), params={"reason": str(error)}) from error
    ordered = pa.table(dict(zip(_COLUMNS, columns, strict=True)))
    # A stable order: Arrow's sort keeps equal keys apart only with a second key, the place in the file.
    keys = ordered.append_column("place", pa.array(range(ordered.num_rows)))
    return ordered.take(pc.sort_indices(keys, [("at", "ascending"), ("place", "ascending")]))


def batches(recording: pa.Table, step: timedelta) -> Iterator[Batch]:
    """Yield a recording step by step; a step without observations is left out.

    Steps end at whole multiples of ``step`` since 1970, so that the cuts do not depend on where the recording begins.
    """
    if recording.num_rows == 0:
        return
    length = step // timedelta(microseconds=1)
    micros = recording["at"].cast(pa.int64()).to_numpy()
    ends = -(-micros // length)
    cuts = [0, *(int(i) + 1 for i in (ends[1:] != ends[:-1]).nonzero()[0]), recording.num_rows]
    for start, stop in pairwise(cuts):
        part = recording.slice(start, stop - start)
        rows = list(zip(*(part[name].to_pylist() for name in _COLUMNS), strict=True))
        yield Batch(_EPOCH + timedelta(microseconds=int(ends[start]) * length), rows)
